package io.mortmain.cli.claims;

import io.mortmain.cli.experiment.Experiment;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What came of a claim here.
 *
 * @param found the verdict that follows from what was seen; null where it was not tried
 * @param seen of the evidence, then of what Mortmain does instead, as far as there is something
 * @param reason why it was not confirmed or not tried; empty if it was confirmed
 */
public record ClaimResult(
        Claim claim, Outcome outcome, @Nullable Verdict found, List<Seen> seen, String reason) {

    /** A piece of evidence and what was seen of it; empty where nothing was. */
    public record Seen(Evidence evidence, String value) {
        boolean isExpected() {
            return value.equals(evidence.expected());
        }

        Map<String, Object> toJson() {
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("observation", evidence.observation());
            json.put("experiment", evidence.experiment().program());
            json.put("mortmain", evidence.experiment().isInJava());
            json.put("said", evidence.said());
            json.put("expected", evidence.expected());
            json.put("seen", value);
            return json;
        }
    }

    /** Compares what the experiments saw with what was declared. */
    static ClaimResult judge(Claim claim, Findings findings) {
        List<Seen> seen = new ArrayList<>();
        List<String> wrong = new ArrayList<>();
        int cases = 0;
        int asSaid = 0;
        for (Evidence evidence : claim.evidence()) {
            Seen one = new Seen(evidence, findings.of(evidence));
            seen.add(one);
            cases += evidence.isOfTheSentence() ? 1 : 0;
            asSaid += evidence.isOfTheSentence() && evidence.isAsSaid(one.value()) ? 1 : 0;
        }
        Verdict found = Verdict.of(asSaid, cases, claim.ground());
        for (Evidence evidence : claim.shown()) {
            seen.add(new Seen(evidence, findings.of(evidence)));
        }
        seen.stream()
                .filter(one -> !one.isExpected())
                .forEach(one -> wrong.add(one.evidence().observation() + ": expected "
                        + one.evidence().expected() + ", saw " + (one.value().isEmpty() ? "nothing" : one.value())));
        if (found != claim.verdict()) {
            wrong.add("what was seen makes it " + found.text());
        }
        Outcome outcome = wrong.isEmpty() ? Outcome.CONFIRMED : Outcome.NOT_CONFIRMED;
        return new ClaimResult(claim, outcome, found, seen, String.join("; ", wrong));
    }

    static ClaimResult notTried(Claim claim, String why) {
        return new ClaimResult(claim, Outcome.NOT_TRIED, null, List.of(), why);
    }

    /** Of its claim. */
    public String id() {
        return claim.id();
    }

    /** For programs. */
    public Map<String, Object> toJson() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("id", claim.id());
        json.put("sentence", claim.sentence());
        json.put("made", claim.made());
        json.put("verdict", claim.verdict().text());
        json.put("outcome", outcome.text());
        json.put("found", found == null ? null : found.text());
        json.put("seen", seen.stream().map(Seen::toJson).toList());
        json.put("restsOn", claim.clause());
        json.put("remark", claim.remark());
        json.put("mortmain", claim.instead());
        json.put("reason", reason);
        return json;
    }

    /** The experiments that a claim needs. */
    static Stream<Experiment> experiments(Claim claim) {
        return Stream.concat(claim.evidence().stream(), claim.shown().stream())
                .map(Evidence::experiment)
                .distinct();
    }
}
