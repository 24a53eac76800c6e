package io.mortmain.explore.search;

import io.mortmain.explore.machine.Choice;
import io.mortmain.explore.machine.Exploration;
import io.mortmain.explore.machine.Violation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Supplier;

/**
 * Goes ways at random, from the beginning to the end, through machines that have too many states to visit all. The same seed goes the
 * same ways.
 */
public final class Wanderer {
    /** One choice in so many is a death, where one is possible: with more, all would be dead before anything happens. */
    private static final int ONE_DEATH_IN = 40;

    /** An exploration keeps where threads have stood; so a new one from time to time, or the heap would fill. */
    private static final int WAYS_OF_ONE = 1_000;

    private Wanderer() {}

    /**
     * Goes so many ways, or fewer if a rule is broken.
     *
     * @param explorations a new one of the same machine at each call
     */
    public static Result wander(Supplier<Exploration> explorations, long seed, long ways) {
        long start = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        Tally tally = new Tally();
        Optional<Trace> trace = Optional.empty();
        Exploration exploration = explorations.get();
        for (long way = 0; way < ways && trace.isEmpty(); way++) {
            if (way > 0 && way % WAYS_OF_ONE == 0) {
                exploration = explorations.get();
            }
            trace = go(exploration, random.split(), tally);
        }
        return new Result(
                tally.seen.size(),
                tally.steps,
                tally.kills,
                0,
                0,
                false,
                System.nanoTime() - start,
                trace,
                Optional.empty());
    }

    private static final class Tally {
        private final LongSet seen = new LongSet();
        private long steps;
        private long kills;
    }

    private static Optional<Trace> go(Exploration exploration, SplittableRandom random, Tally tally) {
        List<Integer> way = new ArrayList<>();
        Exploration.State state = exploration.initial();
        for (int[] possible = exploration.choices(state); possible.length > 0; possible = exploration.choices(state)) {
            int choice = choose(possible, random);
            way.add(choice);
            tally.steps++;
            tally.kills += Choice.isKill(choice) ? 1 : 0;
            try {
                state = exploration.after(state, choice);
            } catch (Violation violation) {
                return Optional.of(new Trace(way, exploration.tell(way), violation));
            }
            boolean unusedNew = tally.seen.add(state.fingerprint());
        }
        return exploration.violationAtEnd(state).map(violation -> new Trace(way, exploration.tell(way), violation));
    }

    private static int choose(int[] possible, SplittableRandom random) {
        int first = random.nextInt(possible.length);
        for (int i = 0; i < possible.length; i++) {
            int choice = possible[(first + i) % possible.length];
            if (!Choice.isKill(choice) || random.nextInt(ONE_DEATH_IN) == 0) {
                return choice;
            }
        }
        return possible[first];
    }
}
