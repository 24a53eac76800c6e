package io.mortmain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mortmain.ArrayMover.Account;
import io.mortmain.ArrayVictims.Deed;
import io.mortmain.ArrayVictims.Entry;
import io.mortmain.errors.DataLostException;
import io.mortmain.testing.TestProcess;
import io.mortmain.testing.TestRegion;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Real processes that die while they change an array. */
class GuardedArrayDeathTest {
    private static final int KILLS = Boolean.getBoolean("mortmain.soak") ? 100 : 6;
    /** As long as none of them has hit a transaction. */
    private static final int MOST_KILLS = 10 * KILLS;

    private static final List<Entry> OLD = Collections.nCopies(ArrayVictims.LENGTH, new Entry(0, 0));
    private static final List<Entry> MOVED =
            List.of(new Entry(-1, 1), new Entry(1, 1), new Entry(0, 0), new Entry(0, 0));
    private static final List<Entry> SET = List.of(new Entry(0, 0), new Entry(7, 7), new Entry(0, 0), new Entry(0, 0));
    /** Stores until the commit of the move: 4 entries of 2 words, used, 4 words, used; and of one element. */
    private static final int MOVE_STORES = 14;

    private static final int STORES_OF_ONE = 8;
    private static final List<Entry> FILLED = Collections.nCopies(ArrayVictims.LENGTH, new Entry(5, 5));

    private final TestRegion name = new TestRegion();
    private final Region region = Region.create(name.name(), 1 << 20);

    @AfterEach
    void delete() {
        region.close();
        name.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void shouldKeepTheSumWhoeverIsKilled(int stripes) {
        GuardedArray<Account> accounts = ArrayMover.accounts(region, stripes);
        JournalWatch journal = new JournalWatch(name, ArrayMover.NAME);
        TestProcess survivor = mover(stripes, 0);
        try {
            survivor.expect("moving");
            long moves = 0;
            int inside = 0;
            for (int kill = 1; kill <= KILLS || (inside == 0 && kill <= MOST_KILLS); kill++) {
                try (TestProcess victim = mover(stripes, kill)) {
                    victim.expect("moving");
                    if (kill < KILLS) {
                        victim.kill();
                    } else { // with nobody left to undo what they were doing
                        inside += journal.isLeftInUseBy(List.of(victim, survivor)) ? 1 : 0;
                        survivor.close();
                        survivor = mover(stripes, -kill);
                    }
                }
                moves = requireMoved(accounts.getAll(), moves);
            }
            System.out.printf("kills of movers in %d stripes: %d times both died in a transaction%n", stripes, inside);
            assertThat(inside).as("deaths of both that left a transaction").isPositive();
        } finally {
            survivor.close();
        }
    }

    /** How many moves there were; more than before. */
    private static long requireMoved(List<Account> all, long before) {
        assertThat(all).allMatch(Account::isWhole);
        assertThat(all.stream().mapToLong(Account::balance).sum()).isEqualTo(ArrayMover.SUM);
        long moved = all.stream().mapToLong(Account::moves).sum();
        assertThat(moved).isGreaterThan(before).isEven();
        return moved;
    }

    private TestProcess mover(int stripes, long seed) {
        return TestProcess.peer(ArrayMover.class, name.name(), Integer.toString(stripes), Long.toString(seed));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void shouldBeWholeAfterADeathAtEveryStore(int stripes) {
        List<GuardedArray<Entry>> arrays = arrays(stripes);
        killAt(Deed.MOVE, stripes, ArrayVictims.THREADS);
        changeOthers(arrays);
        assertOldThenNew(contents(arrays), OLD, MOVED, MOVE_STORES);
    }

    /** Somebody has a transaction on elements of other stripes first. */
    private static void changeOthers(List<GuardedArray<Entry>> arrays) {
        for (GuardedArray<Entry> array : arrays) {
            array.set(2, new Entry(9, 9));
            array.set(2, new Entry(0, 0));
        }
    }

    @ParameterizedTest
    @CsvSource({"SET,1", "SET,3", "UPDATE,1", "UPDATE,3"})
    void shouldBeWholeAfterADeathAtEveryStoreToOneElement(Deed deed, int stripes) {
        List<GuardedArray<Entry>> arrays = arrays(stripes);
        killAt(deed, stripes, ArrayVictims.THREADS);
        changeOthers(arrays);
        assertOldThenNew(contents(arrays), OLD, SET, STORES_OF_ONE);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void shouldBeWholeAfterADeathAtEveryStoreOfAFillInOneTransaction(int stripes) {
        List<GuardedArray<Entry>> arrays = arrays(stripes);
        arrays.forEach(array -> array.set(1, new Entry(7, 7)));
        killAt(Deed.FILL_ONE, stripes, ArrayVictims.THREADS);
        assertOldThenNew(contents(arrays), SET, OLD, STORES_OF_ONE);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void shouldGoOnAfterADeathOfOneWhoIsAboutToWait(int stripes) {
        List<GuardedArray<Entry>> arrays = arrays(stripes);
        killAt(Deed.AWAIT, stripes, 3);
        assertThat(contents(arrays)).containsOnly(OLD);
        arrays.forEach(array -> array.set(1, new Entry(7, 7)));
        assertThat(contents(arrays)).containsOnly(SET);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void shouldBeWholeAfterADeathAtEveryStoreOfTheRollBack(int stripes) {
        List<GuardedArray<Entry>> arrays = arrays(stripes);
        killAt(Deed.MOVE, stripes, ArrayVictims.THREADS);
        killAt(Deed.LOOK, stripes, 5); // five moves are rolled back, and five stores do it
        assertOldThenNew(contents(arrays), OLD, MOVED, MOVE_STORES);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void shouldNeverShowAFillThatWasLeftHalfDone(int stripes) {
        List<GuardedArray<Entry>> arrays = arrays(stripes);
        killAt(Deed.FILL, stripes, ArrayVictims.THREADS);
        int lost = 0;
        for (GuardedArray<Entry> array : arrays) {
            try {
                assertThat(contents(array)).isIn(OLD, FILLED);
            } catch (DataLostException expected) {
                lost++;
                assertThatThrownBy(() -> array.set(2, new Entry(1, 1))).isInstanceOf(DataLostException.class);
                array.fill(new Entry(5, 5));
                assertThat(contents(array)).isEqualTo(FILLED);
            }
        }
        assertThat(lost).as("killed between the flag and its end").isEqualTo(10); // eight words, journal, flag
        assertThat(contents(arrays.getFirst())).isEqualTo(OLD);
        assertThat(contents(arrays.getLast())).isEqualTo(FILLED);
    }

    private List<GuardedArray<Entry>> arrays(int stripes) {
        return IntStream.range(0, ArrayVictims.THREADS)
                .mapToObj(victim -> region.guardedArray(
                        ArrayVictims.array(victim),
                        ArrayVictims.LENGTH,
                        new Entry(0, 0),
                        ArrayVictims.options(stripes)))
                .toList();
    }

    /** @param turn before how many stores they die in turn */
    private void killAt(Deed deed, int stripes, int turn) {
        try (TestProcess victims = TestProcess.peer(
                ArrayVictims.class, name.path(), Integer.toString(stripes), deed.name(), Integer.toString(turn))) {
            victims.expect("all are");
            victims.exitCode();
        }
    }

    /** One element first, as the next to come would. */
    private static List<Entry> contents(GuardedArray<Entry> array) {
        Entry first = array.get(0);
        List<Entry> all = array.getAll();
        assertThat(all.getFirst()).isEqualTo(first);
        return all;
    }

    private static List<List<Entry>> contents(List<GuardedArray<Entry>> arrays) {
        return arrays.stream().map(GuardedArrayDeathTest::contents).toList();
    }

    private static void assertOldThenNew(List<List<Entry>> contents, List<Entry> old, List<Entry> changed, int stores) {
        int commit = contents.indexOf(changed);
        assertThat(commit).as("stores until the commit").isEqualTo(stores);
        for (int victim = 0; victim < contents.size(); victim++) {
            assertThat(contents.get(victim))
                    .as("killed at store %s", victim)
                    .isEqualTo(victim < commit ? old : changed);
        }
    }
}
