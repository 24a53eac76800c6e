package io.mortmain.cli.stepper;

import io.mortmain.cli.torture.Verdict;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What came of all deaths of one holder.
 *
 * @param instructions of lock, two stores and unlock, as the first victim executed them
 * @param range the kill points lay from 1 to this
 * @param points kill points that were tried
 * @param told whose next acquirers were told
 * @param tornAndTold among these, where the words differed
 * @param free whose next acquirers found the mutex free and the words equal
 * @param torn whose next acquirers found the mutex free and the words differing
 * @param hangs whose next acquirers did not get the mutex
 * @param refused whose next acquirers were refused
 * @param different where the next in Java and the next in C did not find the same
 * @param through victims whose section ended before the instruction after which they were to be killed
 * @param anew victims that were replaced since they did not stay in the second compiler's code
 * @param acquirers of which languages
 * @param seed where the samples began
 * @param failures the first of those that were not as they must be, in words
 * @param reason why it failed or was not tried; empty if it is ok
 */
public record HolderResult(
        Holder holder,
        Verdict verdict,
        String reason,
        int instructions,
        int range,
        int points,
        int told,
        int tornAndTold,
        int free,
        int torn,
        int hangs,
        int refused,
        int different,
        int through,
        int anew,
        String acquirers,
        long seed,
        List<String> failures) {

    static HolderResult notTried(Holder holder, String why) {
        return new HolderResult(holder, Verdict.NOT_TRIED, why, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, "", 0, List.of());
    }

    static HolderResult of(
            Holder holder, int instructions, int range, Tally tally, String acquirers, long seed, String notTried) {
        String gap = tally.gap();
        Verdict verdict = tally.failed() > 0 || !gap.isEmpty()
                ? Verdict.FAILED
                : tally.points() == 0 || !notTried.isEmpty() ? Verdict.NOT_TRIED : Verdict.OK;
        String wrong = tally.failed() + " kill points were not as they must be";
        String reason = switch (verdict) {
            case OK -> "";
            case FAILED -> tally.failed() == 0 ? gap : wrong + (gap.isEmpty() ? "" : "; " + gap);
            case NOT_TRIED -> notTried.isEmpty() ? "the time was over" : notTried;
        };
        return new HolderResult(
                holder,
                verdict,
                reason,
                instructions,
                range,
                tally.points(),
                tally.count(Finding.Kind.TOLD),
                tally.tornAndTold(),
                tally.count(Finding.Kind.FREE),
                tally.count(Finding.Kind.TORN),
                tally.count(Finding.Kind.HANGS),
                tally.count(Finding.Kind.REFUSED),
                tally.different(),
                tally.through(),
                tally.anew(),
                acquirers,
                seed,
                tally.failures());
    }

    /** Whether victims were killed after every number of instructions. */
    public boolean isComplete() {
        return points > 0 && points == range;
    }

    /** For programs. */
    public Map<String, Object> toJson() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("holder", holder.text());
        json.put("verdict", verdict.text());
        json.put("reason", reason);
        json.put("instructions", instructions);
        json.put("range", range);
        json.put("points", points);
        json.put("complete", isComplete());
        json.put("told", told);
        json.put("tornAndTold", tornAndTold);
        json.put("free", free);
        json.put("tornWithoutBeingTold", torn);
        json.put("hangs", hangs);
        json.put("refused", refused);
        json.put("different", different);
        json.put("endedBefore", through);
        json.put("replaced", anew);
        json.put("acquirers", acquirers);
        json.put("seed", seed);
        json.put("failures", failures);
        return json;
    }
}
