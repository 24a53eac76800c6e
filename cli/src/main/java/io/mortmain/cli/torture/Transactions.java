package io.mortmain.cli.torture;

import static io.mortmain.cli.torture.Side.C;
import static io.mortmain.cli.torture.Side.JAVA;

import io.mortmain.cli.process.NotTried;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;

/**
 * Fault B8: killed in a transaction, at its commit, when undoing it, when undoing what one left who was killed undoing it. The transaction is
 * long, so that somebody who looks at its words from outside, and kills, hits what he sees; what he hit is said by the memory afterwards, and
 * where it was something else it is tried again.
 */
final class Transactions {
    private static final String ALL_OR_NOTHING = "all or nothing";
    /** Takes tens of milliseconds in a new JVM. */
    private static final int WORDS = 1 << 16;
    /** A C program pauses on the way. */
    private static final int WORDS_OF_C = 1 << 10;

    private static final int MOST_KILLS = 64;
    private static final int MOST_ATTEMPTS = 6;

    private Transactions() {}

    static List<Trial> trials() {
        return List.of(
                trial("Java killed in it, Java next", JAVA, JAVA, Moment.IN_IT),
                trial("Java killed in it, C next", JAVA, C, Moment.IN_IT),
                trial("C killed in it, Java next", C, JAVA, Moment.IN_IT),
                trial("Java killed at the commit, Java next", JAVA, JAVA, Moment.AT_COMMIT),
                trial("C killed at the commit, Java next", C, JAVA, Moment.AT_COMMIT),
                undoing("Java killed undoing it, Java next", 1, JAVA),
                undoing("Java killed undoing it, C next", 1, C),
                undoing("Java killed undoing what one left who was killed undoing it, Java next", 2, JAVA));
    }

    private static Trial trial(String name, Side victim, Side next, Moment moment) {
        return new OneCell(name, ALL_OR_NOTHING, site -> killed(site, victim, next, moment));
    }

    private static Trial undoing(String name, int killed, Side next) {
        return new OneCell(name, ALL_OR_NOTHING, site -> killedUndoing(site, killed, next));
    }

    /** Of a transaction, as it is seen from outside. */
    private enum Moment {
        IN_IT("in it") {
            @Override
            boolean isSeen(GuardedSpot spot, long number) {
                return spot.word(spot.words() / 8) == number;
            }

            @Override
            boolean wasHit(GuardedSpot spot, long number) {
                int changed = spot.count(number);
                return spot.used() != 0 && changed > 0 && changed < spot.words();
            }
        },
        AT_COMMIT("with all words written") {
            @Override
            boolean isSeen(GuardedSpot spot, long number) {
                return spot.word(spot.words() - 1) == number;
            }

            @Override
            boolean wasHit(GuardedSpot spot, long number) {
                return spot.isHeld() && spot.count(number) == spot.words();
            }
        };

        final String text;

        Moment(String text) {
            this.text = text;
        }

        abstract boolean isSeen(GuardedSpot spot, long number);

        abstract boolean wasHit(GuardedSpot spot, long number);
    }

    private static String killed(Site site, Side victim, Side next, Moment moment) throws Exception {
        GuardedSpot spot = site.guarded(victim == JAVA ? WORDS : WORDS_OF_C);
        for (int kills = 1; kills <= MOST_KILLS; kills++) {
            long before = number(site, spot, next);
            long after = before + 1;
            kill(site, victim, "guarded-fill", spot, () -> moment.isSeen(spot, after));
            boolean hit = moment.wasHit(spot, after);
            int used = spot.used();
            int changed = spot.count(after);
            long expected = used == 0 && changed == spot.words() ? after : before;
            String seen = look(site, spot, next);
            if (!seen.equals(Long.toString(expected))) {
                return seen + " instead of " + expected + " after a death with " + changed + " of " + spot.words()
                        + " words written and " + used + " to be undone";
            }
            if (hit) {
                return ALL_OR_NOTHING + " | " + changed + " of " + spot.words() + " words written, " + used
                        + " to be undone; " + kills + (kills == 1 ? " kill" : " kills");
            }
        }
        throw new NotTried("none of " + MOST_KILLS + " kills hit the transaction " + moment.text);
    }

    private static String killedUndoing(Site site, int recoverers, Side next) throws Exception {
        for (int attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
            GuardedSpot spot = site.guarded(WORDS);
            List<Integer> left = killedInRow(site, spot, recoverers);
            String expected = spot.used() == 0 && spot.count(1) == spot.words() ? "1" : "0";
            String seen = look(site, spot, next);
            if (!seen.equals(expected) || spot.used() != 0) {
                return seen + " instead of " + expected + ", words changed when they died: " + left;
            }
            if (left.size() > recoverers) {
                return ALL_OR_NOTHING + " | of " + spot.words() + " words changed when they died: " + left;
            }
        }
        throw new NotTried("none of " + MOST_ATTEMPTS + " kills hit one who undid a transaction");
    }

    /** For each who died in the transaction, or undoing it: how many words were changed then. */
    private static List<Integer> killedInRow(Site site, GuardedSpot spot, int recoverers) throws Exception {
        List<Integer> left = new ArrayList<>();
        kill(site, JAVA, "guarded-fill", spot, () -> spot.word(spot.words() / 4) == 1);
        left.add(spot.count(1));
        while (spot.used() != 0 && left.getLast() > 1 && left.size() <= recoverers) {
            int newest = left.getLast() - 1;
            kill(site, JAVA, "guarded-look", spot, () -> spot.word(newest) == 0);
            left.add(spot.count(1));
        }
        boolean undone = spot.used() == 0 || left.getLast() == 0;
        return undone ? left.subList(0, left.size() - 1) : left;
    }

    /** Kills a process that does it, when the moment is seen or it is done. */
    private static void kill(Site site, Side side, String deed, GuardedSpot spot, BooleanSupplier moment)
            throws Exception {
        try (Hand victim = side.start(site)) {
            CompletableFuture<Answer> done = victim.tell("1", order(side, deed, spot));
            long guard = System.nanoTime() + Hand.GUARD_SECONDS * 1_000_000_000;
            while (!moment.getAsBoolean() && !done.isDone() && System.nanoTime() - guard < 0) {
                Thread.onSpinWait();
            }
            victim.kill();
            victim.awaitEnd();
        }
    }

    private static String order(Side side, String deed, GuardedSpot spot) {
        return side == JAVA ? spot.deed(deed) : deed + " " + spot.file();
    }

    private static long number(Site site, GuardedSpot spot, Side next) throws Exception {
        return Long.parseLong(look(site, spot, next));
    }

    /** The number that all words are, as the next acquirer sees it. */
    private static String look(Site site, GuardedSpot spot, Side next) throws Exception {
        if (next == JAVA) {
            return site.acquirer()
                    .must(site.unique(), spot.deed("guarded-look"))
                    .text()
                    .strip();
        }
        try (Hand hand = site.c()) {
            return hand.must("1", "guarded-look " + spot.file()).text().strip();
        }
    }
}
