package io.mortmain.internal.journal;

import io.mortmain.errors.RegionException;
import io.mortmain.internal.journal.Change.Addition;
import io.mortmain.internal.journal.LateBytes.Killed;
import io.mortmain.internal.journal.LateBytes.Left;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Kills a holder before each step of its transactions; then, for everything that may be left, its successor before each step of roll-back
 * and next transaction; then the successor's successor. Whatever is left, whoever comes and lives finds exactly what the last commit made, and
 * nothing else has changed.
 */
final class Deaths {
    /** Holders in a row that die. */
    private static final int GENERATIONS = 3;

    private static final long[] BORN = Block.born();
    private static final long SAMPLES_SEED = 20_260_101;

    private final Supplier<? extends Holder> holders;
    /** Chooses the sets where they are too many. */
    private final Random random = new Random(SAMPLES_SEED);

    private int killPoints;
    private int memories;

    /** Deaths of such holders. */
    Deaths(Supplier<? extends Holder> holders) {
        this.holders = holders;
    }

    /** Steps before which a holder was killed. */
    int killPoints() {
        return killPoints;
    }

    /** Contents of memory that were found by a next holder, who recovered from them. */
    int memories() {
        return memories;
    }

    /** What the next holder may find, and must not. */
    enum Sign {
        /** Neither exactly what the last commit made, nor undone to it. */
        WRONG_DATA,
        STORED_OUTSIDE,
        JOURNAL_NOT_EMPTY,
        REFUSED
    }

    /** A next holder found one of the signs. */
    static final class Broken extends AssertionError {
        private static final long serialVersionUID = 1L;

        private final Sign sign;

        Broken(Sign sign, String what, State state) {
            super(sign + ": " + what + "; after " + state.story());
            this.sign = sign;
        }

        Sign sign() {
            return sign;
        }
    }

    /** A memory after a death, what its data must become, and how it came about. */
    private record State(
            long[] words,
            long[] expected,
            List<Change> changes,
            int killedBefore,
            @Nullable State from) {
        String story() {
            String last = changes.isEmpty()
                    ? ""
                    : changes
                            + (killedBefore == LateBytes.NEVER
                                    ? " to the end"
                                    : ", killed before step " + killedBefore);
            return from == null ? last : from.story() + "\n  " + last;
        }

        /** Equal for those that are the same to whoever follows the rules. */
        List<Object> meaning() {
            List<Object> meaning = new ArrayList<>();
            for (long word : Block.meaning(words)) {
                meaning.add(word);
            }
            for (long word : expected) {
                meaning.add(word);
            }
            return meaning;
        }
    }

    /** One hold with these transactions, one after the other, and all deaths from there; throws {@link Broken}. */
    void everywhere(List<Change> changes) {
        State born = new State(BORN, Block.data(BORN), List.of(), LateBytes.NEVER, null);
        Collection<State> dying = List.of(born);
        Change next = new Change(changes.getFirst().style(), List.of(new Addition(0, 70_000), new Addition(3, 80_000)));
        for (int dead = 0; dead < GENERATIONS; dead++) {
            Map<List<Object>, State> different = new HashMap<>();
            for (State state : dying) {
                for (State left : killed(state, dead, dead == 0 ? changes : List.of(next))) {
                    recover(left, dead, true);
                    recover(left, dead, false);
                    different.putIfAbsent(left.meaning(), left);
                }
            }
            dying = different.values();
        }
    }

    /** All that may be left when a holder that finds the state is killed, or lives. */
    private List<State> killed(State state, int dead, List<Change> changes) {
        List<State> all = new ArrayList<>();
        Holder living = holder(state, LateBytes.NEVER);
        live(living, state, dead, changes);
        int steps = living.memory.steps();
        addLeft(all, living, state, changes, steps);
        Left whole = living.memory.whole();
        all.add(new State(whole.words(), after(state, changes, changes.size()), changes, LateBytes.NEVER, state));
        for (int killAt = 1; killAt < steps; killAt++) {
            Holder victim = holder(state, killAt);
            try {
                live(victim, state, dead, changes);
                throw new AssertionError("not killed before step " + killAt + " of " + steps);
            } catch (Killed expected) {
                killPoints++;
            }
            addLeft(all, victim, state, changes, killAt);
        }
        return all;
    }

    private void addLeft(List<State> all, Holder victim, State state, List<Change> changes, int killedBefore) {
        for (Left left : victim.memory.left(random)) {
            all.add(new State(left.words(), after(state, changes, left.committed()), changes, killedBefore, state));
        }
    }

    private Holder holder(State state, int killAt) {
        Holder holder = holders.get();
        holder.memory = new LateBytes(state.words, Block.USED, killAt);
        return holder;
    }

    private static void live(Holder holder, State state, int dead, List<Change> changes) {
        Journal journal = Block.journal(holder);
        try {
            holder.undoing = true;
            holder.acquired(journal, dead > 0, dead - 1);
            holder.undoing = false;
            for (int i = 0; i < changes.size(); i++) {
                holder.memory.begin(i + 1);
                changes.get(i).write(holder, journal);
            }
        } catch (RegionException refused) {
            throw new Broken(Sign.REFUSED, refused.getMessage(), state);
        }
    }

    private static long[] after(State state, List<Change> changes, int committed) {
        long[] data = state.expected;
        for (Change change : changes.subList(0, committed)) {
            data = change.of(data);
        }
        return data;
    }

    /** The next holder lives, and finds what it must. */
    private void recover(State state, int dead, boolean told) {
        memories++;
        Holder heir = holder(state, LateBytes.NEVER);
        Journal journal = Block.journal(heir);
        try {
            journal.checkInvariants();
            heir.undoing = true;
            heir.acquired(journal, told, dead);
            journal.checkInvariants();
        } catch (RegionException refused) {
            throw new Broken(Sign.REFUSED, refused.getMessage(), state);
        }
        long[] found = heir.memory.whole().words();
        if (!Arrays.equals(Block.data(found), state.expected)) {
            String was = "data are " + Arrays.toString(Block.data(found)) + " and must be "
                    + Arrays.toString(state.expected);
            throw new Broken(Sign.WRONG_DATA, was, state);
        }
        if (!Arrays.equals(Block.rest(found), Block.rest(BORN))) {
            throw new Broken(Sign.STORED_OUTSIDE, "something beside journal and data has changed", state);
        }
        if (Block.used(found) != 0 || !journal.isEmpty()) {
            throw new Broken(
                    Sign.JOURNAL_NOT_EMPTY, Block.used(found) + " entries are left after the roll-back", state);
        }
    }
}
