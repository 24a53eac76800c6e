package io.mortmain.internal.lock;

import static io.mortmain.internal.layout.GlibcMutexLayout.KIND;
import static io.mortmain.internal.layout.GlibcMutexLayout.LOCK;
import static io.mortmain.internal.layout.GlibcMutexLayout.OWNER;
import static io.mortmain.internal.layout.GlibcMutexLayout.OWNER_DIED;
import static io.mortmain.internal.layout.GlibcMutexLayout.OWNER_NOT_RECOVERABLE;
import static io.mortmain.internal.layout.GlibcMutexLayout.TID_MASK;
import static io.mortmain.internal.layout.GlibcMutexLayout.WAITERS;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Each operation of the protocol, killed at each of its stores over the simulated memory and kernel, and what must be true then. */
final class KillPoints {
    /** What is done before, and what is killed; {@code neverClean}: the next acquirer of mutex 0 must not get it as if nothing was. */
    record Scenario(Consumer<SimulatedWorld> before, Consumer<SimulatedWorld> operation, boolean neverClean) {}

    static final Map<String, Scenario> SCENARIOS = scenarios();

    private static Map<String, Scenario> scenarios() {
        Map<String, Scenario> all = new LinkedHashMap<>();
        locks(all);
        deaths(all);
        unlocks(all);
        withForeignNodes(all);
        refusals(all);
        waits(all);
        return all;
    }

    private static void add(
            Map<String, Scenario> all,
            String name,
            Consumer<SimulatedWorld> before,
            Consumer<SimulatedWorld> operation) {
        all.put(name, new Scenario(before, operation, false));
    }

    private static void locks(Map<String, Scenario> all) {
        add(all, "lock", _ -> {}, world -> world.lock(world.me, world.mutex(0)));
        add(all, "lock above others", world -> lockMine(world, 2, 3), world -> world.lock(world.me, world.mutex(0)));
        add(
                all,
                "lock of a full array",
                world -> lockMine(world, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15),
                world -> world.lock(world.me, world.mutex(0)));
        add(all, "recursion", KillPoints::recursiveHeld, world -> {
            world.lock(world.me, world.mutex(0));
            world.unlock(world.me, world.mutex(0));
            world.unlock(world.me, world.mutex(0));
        });
    }

    private static void deaths(Map<String, Scenario> all) {
        all.put(
                "told lock",
                new Scenario(
                        world -> {
                            lockMine(world, 2);
                            world.diedElsewhere(world.mutex(0));
                        },
                        world -> world.lock(world.me, world.mutex(0)),
                        true));
        add(all, "declare consistent and unlock", KillPoints::told, world -> {
            world.slowPaths.markConsistent(world.me, world.mutex(0));
            world.unlock(world.me, world.mutex(0));
        });
        all.put("give up", new Scenario(KillPoints::told, world -> world.unlock(world.me, world.mutex(0)), true));
        all.put(
                "hand on",
                new Scenario(
                        KillPoints::told,
                        world -> world.slowPaths.handOnDeath(world.me, world.mutex(0), world.gate),
                        true));
        all.put(
                "reset",
                new Scenario(
                        KillPoints::gaveUp,
                        world -> world.slowPaths.lockForReset(
                                world.me, world.mutex(0), SimulatedWorld.ERROR_CHECKING, world.gate),
                        true));
        all.put(
                "lock of one that is not recoverable",
                new Scenario(KillPoints::gaveUp, world -> world.lock(world.me, world.mutex(0)), true));
    }

    private static void unlocks(Map<String, Scenario> all) {
        add(all, "unlock", world -> lockMine(world, 0), world -> world.unlock(world.me, world.mutex(0)));
        add(
                all,
                "unlock above others",
                world -> lockMine(world, 2, 3, 0),
                world -> world.unlock(world.me, world.mutex(0)));
        add(
                all,
                "unlock the middle one",
                world -> lockMine(world, 2, 0, 3),
                world -> world.unlock(world.me, world.mutex(0)));
        add(
                all,
                "unlock the oldest",
                world -> lockMine(world, 0, 2, 3),
                world -> world.unlock(world.me, world.mutex(0)));
        add(
                all,
                "unlock with waiters",
                world -> {
                    lockMine(world, 2, 0);
                    world.words.poke(world.mutex(0) + LOCK, SimulatedWorld.MINE | WAITERS);
                },
                world -> world.unlock(world.me, world.mutex(0)));
        add(
                all,
                "unlock the middle one with waiters",
                world -> {
                    lockMine(world, 2, 0, 3);
                    world.words.poke(world.mutex(0) + LOCK, SimulatedWorld.MINE | WAITERS);
                },
                world -> world.unlock(world.me, world.mutex(0)));
    }

    private static void withForeignNodes(Map<String, Scenario> all) {
        add(
                all,
                "lock above C's",
                world -> {
                    lockMine(world, 2);
                    world.cLock(0);
                },
                world -> world.lock(world.me, world.mutex(0)));
        add(
                all,
                "unlock between C's",
                world -> {
                    world.cLock(0);
                    lockMine(world, 0);
                    world.cLock(1);
                    lockMine(world, 2);
                    world.cLock(2);
                },
                world -> world.unlock(world.me, world.mutex(0)));
        add(
                all,
                "unlock after C's below went",
                world -> {
                    world.cLock(0);
                    world.cLock(1);
                    lockMine(world, 0);
                    world.cUnlock(1);
                },
                world -> world.unlock(world.me, world.mutex(0)));
    }

    private static void refusals(Map<String, Scenario> all) {
        add(all, "the gate closes between", world -> lockMine(world, 2), world -> {
            world.words.watch(address -> {
                if (address == world.mutex(0) + LOCK) {
                    world.gate.close();
                }
            });
            world.lock(world.me, world.mutex(0));
            world.words.watch(_ -> {});
        });
        add(all, "the kind is wiped between", world -> lockMine(world, 2), world -> {
            world.words.watch(address -> {
                if (address == world.mutex(0) + LOCK) {
                    world.words.poke(world.mutex(0) + KIND, 0);
                }
            });
            world.lock(world.me, world.mutex(0));
            world.words.watch(_ -> {});
        });
        add(
                all,
                "try a held one",
                world -> {
                    lockMine(world, 2);
                    world.lock(world.other, world.mutex(0));
                },
                world -> world.lock(world.me, world.mutex(0)));
    }

    private static void waits(Map<String, Scenario> all) {
        add(
                all,
                "wait and get",
                world -> {
                    lockMine(world, 2);
                    world.lock(world.other, world.mutex(0));
                    world.kernel.whileAsleep(() -> releasedByOther(world));
                },
                world -> world.lock(world.me, world.mutex(0), SlowPaths.FOREVER));
        add(
                all,
                "wait and be told",
                world -> {
                    lockMine(world, 2);
                    world.lock(world.other, world.mutex(0));
                    world.kernel.whileAsleep(() -> {
                        world.kernel.exit(world.other.head, SimulatedWorld.OTHERS);
                        world.forget(world.other);
                    });
                },
                world -> world.lock(world.me, world.mutex(0), SlowPaths.FOREVER));
        add(
                all,
                "wait in vain",
                world -> {
                    lockMine(world, 2);
                    world.lock(world.other, world.mutex(0));
                },
                world -> world.lock(world.me, world.mutex(0), 120_000_000));
    }

    private static void releasedByOther(SimulatedWorld world) {
        world.words.poke(world.mutex(0) + LOCK, 0);
        world.forget(world.other);
    }

    private static void lockMine(SimulatedWorld world, int... mutexes) {
        for (int index : mutexes) {
            assertThat(world.lock(world.me, world.mutex(index))).isEqualTo(Outcome.ACQUIRED);
        }
    }

    private static void recursiveHeld(SimulatedWorld world) {
        lockMine(world, 2);
        world.words.poke(world.mutex(0) + KIND, SimulatedWorld.RECURSIVE);
        lockMine(world, 0);
    }

    private static void told(SimulatedWorld world) {
        lockMine(world, 2);
        world.diedElsewhere(world.mutex(0));
        assertThat(world.lock(world.me, world.mutex(0))).isEqualTo(Outcome.ACQUIRED_AFTER_DEATH);
    }

    private static void gaveUp(SimulatedWorld world) {
        told(world);
        world.unlock(world.me, world.mutex(0));
        assertThat(world.words.load(world.mutex(0) + OWNER)).isEqualTo(OWNER_NOT_RECOVERABLE);
    }

    private KillPoints() {}

    /** Runs the operation once for each of its steps and kills it there, and once to its end; the number of kills. */
    static int killEverywhere(Scenario scenario, String name, Supplier<HeapWords> memory) {
        for (int killAt = 0; ; killAt++) {
            SimulatedWorld world = new SimulatedWorld(memory.get());
            scenario.before().accept(world);
            world.words.killAt(killAt);
            try {
                scenario.operation().accept(world);
            } catch (HeapWords.Killed expected) {
                assertThat(world.words.isDead()).isTrue();
            }
            boolean reachedTheEnd = !world.words.isDead();
            world.words.killAt(HeapWords.NEVER);
            world.words.watch(_ -> {});
            try {
                if (reachedTheEnd) {
                    checkLists(world);
                }
                checkDeath(world, scenario.neverClean());
            } catch (AssertionError broken) {
                throw new AssertionError(name + ", killed at step " + killAt + ": " + broken.getMessage(), broken);
            }
            if (reachedTheEnd) {
                return killAt;
            }
        }
    }

    static void checkLists(SimulatedWorld world) {
        assertThat(new HashSet<>(world.listed(world.me))).as("listed").isEqualTo(new HashSet<>(world.mine()));
        world.me.checkInvariants();
        world.other.checkInvariants();
    }

    /** The thread ends; whatever had its number is told, nothing else is touched, and who sleeps on what is free was woken. */
    static void checkDeath(SimulatedWorld world, boolean neverClean) {
        List<Long> held = world.mine();
        List<Integer> before = words(world);
        world.kernel.exit(world.me.head, SimulatedWorld.MINE);
        for (int i = 0; i < 16; i++) {
            long mutex = world.mutex(i);
            int now = world.words.load(mutex + LOCK);
            if (held.contains(mutex)) {
                SimulatedWorld.require((now & (OWNER_DIED | TID_MASK)) == OWNER_DIED, "mutex " + i + " is marked");
            } else {
                SimulatedWorld.require(now == before.get(i), "mutex " + i + " is not touched");
            }
        }
        boolean hadWaiters = (before.get(0) & WAITERS) != 0;
        if (hadWaiters && held.contains(world.mutex(0))) {
            SimulatedWorld.require(world.kernel.wakes(world.mutex(0) + LOCK) > 0, "a sleeper is woken at the death");
        }
        world.forget(world.me);
        nextAcquirer(world, held, neverClean);
    }

    private static void nextAcquirer(SimulatedWorld world, List<Long> held, boolean neverClean) {
        if (!world.gate.isOpen() || world.kind(world.mutex(0)) == 0) {
            return;
        }
        boolean othersOwn = (world.words.load(world.mutex(0) + LOCK) & TID_MASK) == SimulatedWorld.OTHERS;
        if (othersOwn) {
            return;
        }
        boolean isGivenUp = world.words.load(world.mutex(0) + OWNER) == OWNER_NOT_RECOVERABLE;
        Outcome outcome = world.lock(world.other, world.mutex(0));
        if (isGivenUp) {
            assertThat(outcome).isEqualTo(Outcome.NOT_RECOVERABLE);
        } else if (held.contains(world.mutex(0)) || neverClean) {
            assertThat(outcome).isEqualTo(Outcome.ACQUIRED_AFTER_DEATH);
        }
        if (outcome == Outcome.ACQUIRED || outcome == Outcome.ACQUIRED_AFTER_DEATH) {
            assertThat(world.unlock(world.other, world.mutex(0))).isEqualTo(Outcome.RELEASED);
        }
        assertThat(world.listed(world.other)).isEmpty();
        world.other.checkInvariants();
    }

    private static List<Integer> words(SimulatedWorld world) {
        List<Integer> words = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            words.add(world.words.load(world.mutex(i) + LOCK));
        }
        return words;
    }
}
