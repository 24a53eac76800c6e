package io.mortmain.cli.torture;

import static io.mortmain.cli.torture.Side.C;
import static io.mortmain.cli.torture.Side.JAVA;

import io.mortmain.cli.process.NotTried;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Faults B3 and B4: killed at every store of lock or unlock. C is killed after each number of machine instructions; a JVM, whose many
 * starts would take minutes (--every-instruction has them), at random moments until it was hit in each phase.
 */
final class EveryStep {
    private static final int FEWEST_KILLS = 4;
    private static final int MOST_KILLS = 16;

    /** What a kill hit, as the word has it afterwards, and how the victim spends its time so that a kill hits it probably. */
    private enum Phase {
        FREE("free", 1, "0 20000"),
        HELD("held", 1, "20000 0"),
        CONTENDED("held while others waited", 4, "0 0");

        final String text;
        final int threads;
        /** Nanoseconds with the mutex, and without. */
        final String pauses;

        Phase(String text, int threads, String pauses) {
            this.text = text;
            this.threads = threads;
            this.pauses = pauses;
        }

        static Phase of(Spot spot) {
            return spot.word() == 0 ? FREE : spot.hasSleepers() ? CONTENDED : HELD;
        }
    }

    private EveryStep() {}

    static Row row(String id, String operation) {
        return new Row(
                id,
                "killed at every store of " + operation,
                List.of(
                        new OneCell(
                                "glibc alone, at every instruction", "free or told", site -> steps(site, operation)),
                        new OneCell(
                                "C killed at every instruction, Java next",
                                "free or told",
                                site -> stepsThenJava(site, operation)),
                        new OneCell(
                                "Java killed at random moments, C next", "free or told", EveryStep::killedLooping)));
    }

    private static String steps(Site site, String operation) throws Exception {
        Spot spot = site.plain();
        try (Hand tool = site.c()) {
            tool.must("m", C.map("0", spot));
            Answer answer = tool.must("m", "steps 0 " + operation);
            String[] counts = answer.text().split(" ", -1);
            return (counts[2].equals("0") ? "free or told" : counts[2] + " times lost") + " | " + answer.nanos()
                    + " instructions: " + counts[0] + " free, " + counts[1] + " told";
        }
    }

    private static String stepsThenJava(Site site, String operation) throws Exception {
        Spot spot = site.region();
        Hand acquirer = site.acquirer();
        String place = site.unique();
        acquirer.must(place, JAVA.map(place, spot));
        int[] counts = new int[2];
        int step = 0;
        try (Hand tool = site.c()) {
            tool.must("m", C.map("0", spot));
            for (boolean through = false; !through; step++) {
                through = !tool.ask("m", "step 0 " + operation + " " + step).isDone();
                Answer answer = acquirer.ask(place, "timed " + place + " 2000");
                if (!answer.isDone() && !answer.isTold()) {
                    return answer.outcome() + " after instruction " + step;
                }
                counts[answer.isTold() ? 1 : 0]++;
                if (answer.isTold()) {
                    acquirer.must(place, "consistent " + place);
                }
                acquirer.must(place, "unlock " + place);
            }
        }
        return "free or told | " + step + " instructions: " + counts[0] + " free, " + counts[1] + " told";
    }

    private static String killedLooping(Site site) throws Exception {
        Spot spot = site.region();
        Map<Phase, Integer> hits = new EnumMap<>(Phase.class);
        int kills = 0;
        for (; kills < FEWEST_KILLS || (hits.size() < Phase.values().length && kills < MOST_KILLS); kills++) {
            Phase hit = kill(site, spot, wanted(hits, kills));
            hits.merge(hit, 1, Integer::sum);
            String outcome = next(site, spot);
            if (!outcome.equals(hit == Phase.FREE ? "clean" : "told")) {
                return outcome + " after a kill that hit it " + hit.text;
            }
        }
        for (Phase phase : Phase.values()) {
            if (!hits.containsKey(phase)) {
                throw new NotTried("none of " + kills + " kills hit the mutex " + phase.text);
            }
        }
        return "free or told | " + kills + " kills hit it: "
                + hits.entrySet().stream()
                        .map(hit -> hit.getValue() + " " + hit.getKey().text)
                        .collect(Collectors.joining(", "));
    }

    /** One that was not hit yet; all in turn when there is none. */
    private static Phase wanted(Map<Phase, Integer> hits, int kills) {
        for (Phase phase : Phase.values()) {
            if (!hits.containsKey(phase)) {
                return phase;
            }
        }
        return Phase.values()[kills % Phase.values().length];
    }

    private static Phase kill(Site site, Spot spot, Phase wanted) throws Exception {
        try (Hand victim = site.java()) {
            victim.must("1", JAVA.map("0", spot));
            for (int thread = 0; thread < wanted.threads; thread++) {
                victim.send("loop" + thread, "loop 0 " + wanted.pauses);
            }
            Moments.until(() -> spot.word() != 0);
            Thread.sleep(Moments.life());
            victim.kill();
            victim.awaitEnd();
            return Phase.of(spot);
        }
    }

    /** What a C program gets next; the mutex is free and sound afterwards. */
    private static String next(Site site, Spot spot) throws Exception {
        try (Hand next = site.c()) {
            next.must("1", C.map("0", spot));
            Answer answer = next.ask("1", "timed 0 2000");
            if (answer.isTold()) {
                next.must("1", "consistent 0");
            }
            if (answer.isTold() || answer.isDone()) {
                next.must("1", "unlock 0");
            }
            return answer.outcome().toLowerCase(Locale.ROOT);
        }
    }
}
