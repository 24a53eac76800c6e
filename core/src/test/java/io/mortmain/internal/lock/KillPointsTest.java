package io.mortmain.internal.lock;

import static io.mortmain.internal.layout.GlibcMutexLayout.LOCK;
import static io.mortmain.internal.layout.GlibcMutexLayout.OWNER;
import static io.mortmain.internal.layout.GlibcMutexLayout.OWNER_DIED;
import static io.mortmain.internal.layout.GlibcMutexLayout.OWNER_INCONSISTENT;
import static io.mortmain.internal.layout.GlibcMutexLayout.TID_MASK;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mortmain.testing.Seed;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** B3, B4: a thread is killed at every store of every operation. */
class KillPointsTest {
    @Test
    void shouldTellOrBeFreeWhereverAThreadIsKilled() {
        int points = 0;
        for (Map.Entry<String, KillPoints.Scenario> scenario : KillPoints.SCENARIOS.entrySet()) {
            int here = KillPoints.killEverywhere(scenario.getValue(), scenario.getKey(), HeapWords::new);
            System.out.printf("kill points of %-40s %3d%n", scenario.getKey(), here);
            points += here;
        }
        System.out.println("kill points: " + points);
        assertThat(points).isGreaterThan(200);
    }

    @Test
    void shouldWakeASleeperWhereverTheReleasingThreadIsKilled() {
        for (String name : List.of("unlock with waiters", "unlock the middle one with waiters")) {
            KillPoints.Scenario scenario = KillPoints.SCENARIOS.get(name);
            int points = KillPoints.killEverywhere(scenario, name, HeapWords::new);
            for (int killAt = 0; killAt <= points; killAt++) {
                SimulatedWorld world = new SimulatedWorld(new HeapWords());
                scenario.before().accept(world);
                world.words.killAt(killAt);
                try {
                    scenario.operation().accept(world);
                } catch (HeapWords.Killed expected) {
                    assertThat(killAt).isLessThan(points);
                }
                world.words.killAt(HeapWords.NEVER);
                world.kernel.exit(world.me.head, SimulatedWorld.MINE);
                assertThat(world.kernel.wakes(world.mutex(0) + LOCK))
                        .as("killed at " + killAt)
                        .isPositive();
            }
        }
    }

    @Test
    void shouldKeepTheListExactWhenRandomSequencesAreKilled() {
        long seed = Seed.of("random sequences");
        Random random = new Random(seed);
        int kills = 0;
        for (int sequence = 0; sequence < 4_000; sequence++) {
            SimulatedWorld world = new SimulatedWorld(new HeapWords());
            int killAt = random.nextInt(120);
            world.words.killAt(killAt);
            try {
                for (int operation = 0; operation < 30; operation++) {
                    randomOperation(world, random);
                    KillPoints.checkLists(world);
                }
            } catch (HeapWords.Killed expected) {
                kills++;
            } catch (AssertionError broken) {
                throw new AssertionError("seed " + seed + ", sequence " + sequence, broken);
            }
            world.words.killAt(HeapWords.NEVER);
            KillPoints.checkDeath(world, false);
        }
        assertThat(kills).isGreaterThan(1_000);
    }

    private static void randomOperation(SimulatedWorld world, Random random) {
        int index = random.nextInt(4);
        long mutex = world.mutex(index);
        boolean held = (world.words.load(mutex + LOCK) & TID_MASK) == SimulatedWorld.MINE;
        switch (random.nextInt(6)) {
            case 0, 1 -> {
                if (!held) {
                    world.lock(world.me, mutex);
                }
            }
            case 2, 3 -> {
                if (held) {
                    if (world.words.load(mutex + OWNER) == OWNER_INCONSISTENT) {
                        world.slowPaths.markConsistent(world.me, mutex);
                    }
                    world.unlock(world.me, mutex);
                }
            }
            case 4 -> {
                if (world.words.load(world.c(index) + LOCK) == SimulatedWorld.MINE) {
                    world.cUnlock(index);
                } else {
                    world.cLock(index);
                }
            }
            default -> {
                if (!held && world.words.load(mutex + LOCK) == 0) {
                    deadWord(world, mutex);
                }
            }
        }
    }

    /** Left by a holder of another process. */
    private static void deadWord(SimulatedWorld world, long mutex) {
        world.words.poke(mutex + LOCK, OWNER_DIED);
    }

    @Test
    void shouldSeeAStoreOutsideTheMemoryAsACrash() {
        assertThatThrownBy(() -> new HeapWords().putLongRelease(HeapWords.BASE + HeapWords.SIZE, 1))
                .isInstanceOf(AssertionError.class);
    }
}
