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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Real processes that die while they change an array. */
class GuardedArrayDeathTest {
    private static final int KILLS = Boolean.getBoolean("mortmain.soak") ? 100 : 6;
    private static final List<Entry> OLD = Collections.nCopies(ArrayVictims.LENGTH, new Entry(0, 0));
    private static final List<Entry> MOVED =
            List.of(new Entry(-1, 1), new Entry(1, 1), new Entry(0, 0), new Entry(0, 0));
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
        try (TestProcess survivor = mover(stripes, 0)) {
            survivor.expect("moving");
            long moves = 0;
            for (int kill = 1; kill <= KILLS; kill++) {
                try (TestProcess victim = mover(stripes, kill)) {
                    victim.expect("moving");
                    victim.kill();
                }
                List<Account> all = accounts.getAll();
                assertThat(all.stream().mapToLong(Account::balance).sum()).isEqualTo(ArrayMover.SUM);
                long moved = all.stream().mapToLong(Account::moves).sum();
                assertThat(moved).isGreaterThan(moves).isEven();
                moves = moved;
            }
        }
    }

    private TestProcess mover(int stripes, long seed) {
        return TestProcess.peer(ArrayMover.class, name.name(), Integer.toString(stripes), Long.toString(seed));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void shouldBeWholeAfterADeathAtEveryStore(int stripes) {
        List<GuardedArray<Entry>> arrays = arrays(stripes);
        killAt(Deed.MOVE, stripes, ArrayVictims.THREADS);
        for (GuardedArray<Entry> array : arrays) { // somebody has a transaction on others first
            array.set(2, new Entry(9, 9));
            array.set(2, new Entry(0, 0));
        }
        assertOldThenNew(arrays.stream().map(GuardedArrayDeathTest::contents).toList(), MOVED);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void shouldBeWholeAfterADeathAtEveryStoreOfTheRollBack(int stripes) {
        List<GuardedArray<Entry>> arrays = arrays(stripes);
        killAt(Deed.MOVE, stripes, ArrayVictims.THREADS);
        killAt(Deed.LOOK, stripes, 5); // five moves are rolled back, and five stores do it
        assertOldThenNew(arrays.stream().map(GuardedArrayDeathTest::contents).toList(), MOVED);
    }

    @Test
    void shouldNeverShowAFillThatWasLeftHalfDone() {
        List<GuardedArray<Entry>> arrays = arrays(3);
        killAt(Deed.FILL, 3, ArrayVictims.THREADS);
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

    private static void assertOldThenNew(List<List<Entry>> contents, List<Entry> changed) {
        int commit = contents.indexOf(changed);
        assertThat(commit).as("stores until the commit").isEqualTo(14); // 4 entries of 2 words, used, 4 words, used
        for (int victim = 0; victim < contents.size(); victim++) {
            assertThat(contents.get(victim))
                    .as("killed at store %s", victim)
                    .isEqualTo(victim < commit ? OLD : changed);
        }
    }
}
