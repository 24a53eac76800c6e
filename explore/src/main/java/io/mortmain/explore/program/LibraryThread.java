package io.mortmain.explore.program;

import static io.mortmain.internal.layout.GlibcMutexLayout.KIND_ERROR_CHECKING;
import static io.mortmain.internal.layout.GlibcMutexLayout.KIND_PROCESS_SHARED;
import static io.mortmain.internal.layout.GlibcMutexLayout.KIND_ROBUST;

import io.mortmain.explore.machine.MemoryMap;
import io.mortmain.explore.machine.Player;
import io.mortmain.explore.machine.Refusal;
import io.mortmain.explore.machine.Script;
import io.mortmain.explore.machine.SeamOf;
import io.mortmain.internal.lock.Gate;
import io.mortmain.internal.lock.LockThread;
import io.mortmain.internal.lock.Outcome;
import io.mortmain.internal.lock.RobustProtocol;
import io.mortmain.internal.lock.SlowPaths;
import io.mortmain.internal.owner.Witness;
import java.util.List;
import java.util.function.Supplier;

/**
 * A thread that uses the library's protocol, as {@code RobustMutex} and {@code Hold} do, with a defect that is planted anew in each run.
 *
 * <p>Its landmarks: after an operation it holds nothing, and a {@link LockThread} that holds nothing is as a new one; with one mutex held,
 * it remembers that node, and of the predecessor what no release looks at.
 */
public record LibraryThread(List<Operation> operations, boolean watched, Supplier<? extends Mutant> mutant)
        implements Script {
    /** Longer than the two first sleeps of a waiter. */
    static final long TIMED_NANOS = 60_000_000;

    static final int KIND = KIND_ERROR_CHECKING | KIND_ROBUST | KIND_PROCESS_SHARED;

    public LibraryThread {
        operations = List.copyOf(operations);
    }

    @Override
    public void run(Player player) {
        new Run(player, watched, mutant.get()).perform(operations);
    }

    private static final class Run {
        private static final long MUTEX = MemoryMap.mutex(0);
        private static final long SECOND = MemoryMap.mutex(1);
        /** For each operation: its end, and the mutexes it gets. */
        private static final int LANDMARKS = 8;

        private final Player player;
        private final RobustProtocol protocol;
        private final SlowPaths slowPaths;
        private final LockThread me;
        private final Gate gate = new Gate();
        private int done;
        private int first;

        Run(Player player, boolean watched, Mutant mutant) {
            SeamOf seam = new SeamOf(player);
            long head = MemoryMap.head(player.thread());
            Witness witness = mutant.witness(seam.witness());
            this.player = player;
            this.protocol = new RobustProtocol(
                    mutant.words(seam.words(), head),
                    mutant.kernel(seam.kernel(), head),
                    watched ? WatcherThread.witness(witness, player) : witness,
                    mutant.turn(seam.turn()));
            this.slowPaths = protocol.slowPaths();
            this.me = new LockThread(Thread.currentThread(), player.threadId(), Slots.of(player.threadId()), head);
        }

        void perform(List<Operation> operations) {
            for (Operation operation : operations) {
                if (operation == Operation.TWO) {
                    two();
                } else if (operation.isOfDirectory()) {
                    directory(operation);
                } else {
                    one(operation);
                }
                me.checkInvariants();
                player.landmark(++done * LANDMARKS);
            }
        }

        private void one(Operation operation) {
            Outcome outcome = switch (operation) {
                case TRY -> lock(MUTEX, 0, false);
                case TIMED -> lock(MUTEX, TIMED_NANOS, false);
                case INTERRUPTIBLE -> lock(MUTEX, SlowPaths.FOREVER, true);
                case RESET -> slowPaths.lockForReset(me, MUTEX, KIND, gate);
                default -> lock(MUTEX, SlowPaths.FOREVER, false);
            };
            boolean held = entered(MUTEX, outcome);
            if (held) {
                release(operation, outcome == Outcome.ACQUIRED_AFTER_DEATH);
            }
        }

        private void directory(Operation operation) {
            DirectoryUser user = new DirectoryUser(player, slowPaths, me, gate, done * LANDMARKS);
            switch (operation) {
                case INSERT -> user.insert("all");
                case INSERT_OWN -> user.insert("of thread " + player.thread());
                default -> user.find();
            }
        }

        private void two() {
            Outcome outcome = lock(MUTEX, SlowPaths.FOREVER, false);
            boolean held = entered(MUTEX, outcome);
            first = outcome == Outcome.ACQUIRED_AFTER_DEATH ? 2 : held ? 1 : 0;
            boolean second = entered(SECOND, lock(SECOND, SlowPaths.FOREVER, false));
            if (held) {
                release(MUTEX);
            }
            if (second) {
                release(SECOND);
            }
        }

        /** As {@code RobustMutex.lock}. */
        private Outcome lock(long mutex, long nanos, boolean interruptible) {
            return protocol.lockUncontended(me, mutex, KIND, gate)
                    ? Outcome.ACQUIRED
                    : slowPaths.lock(me, mutex, KIND, gate, nanos, interruptible);
        }

        private boolean entered(long mutex, Outcome outcome) {
            switch (outcome) {
                case ACQUIRED -> player.enter(mutex, false, inside(mutex));
                case ACQUIRED_AFTER_DEATH -> player.enter(mutex, true, inside(mutex));
                case BUSY -> player.refused(mutex, Refusal.BUSY);
                case INTERRUPTED -> {
                    boolean unusedCleared = Thread.interrupted();
                    player.refused(mutex, Refusal.INTERRUPTED);
                }
                case NOT_RECOVERABLE -> player.refused(mutex, Refusal.NOT_RECOVERABLE);
                case NOTHING_TO_RESET -> player.refused(mutex, Refusal.NOTHING_TO_RESET);
                default -> throw new AssertionError("an acquisition ended with " + outcome);
            }
            boolean held = outcome == Outcome.ACQUIRED || outcome == Outcome.ACQUIRED_AFTER_DEATH;
            if (outcome == Outcome.ACQUIRED_AFTER_DEATH && mutex == SECOND) {
                require(
                        slowPaths.markConsistent(me, mutex) == Outcome.ACQUIRED,
                        "the holder may declare it consistent");
            }
            return held;
        }

        /** The landmark of having it; for the second, of whether and how it has the first, too. */
        private int inside(long mutex) {
            return done * LANDMARKS + (mutex == MUTEX ? 1 : 2 + first);
        }

        private void release(Operation operation, boolean told) {
            boolean declares = told && operation != Operation.LEAVE_INCONSISTENT && operation != Operation.HAND_ON;
            if (declares && operation != Operation.GIVE_UP) {
                require(
                        slowPaths.markConsistent(me, MUTEX) == Outcome.ACQUIRED,
                        "the holder may declare it consistent");
            }
            player.leave(MUTEX);
            Outcome outcome;
            if (operation == Operation.GIVE_UP) {
                outcome = slowPaths.giveUp(me, MUTEX, gate);
            } else if (told && operation == Operation.HAND_ON) {
                outcome = slowPaths.handOnDeath(me, MUTEX, gate);
            } else {
                outcome = unlock(MUTEX);
            }
            require(outcome == Outcome.RELEASED, "the holder may release");
        }

        private void release(long mutex) {
            if (mutex == MUTEX) {
                Outcome unusedToo = slowPaths.markConsistent(me, MUTEX); // does nothing when nobody died
            }
            player.leave(mutex);
            require(unlock(mutex) == Outcome.RELEASED, "the holder may release");
        }

        /** As {@code Hold.close}. */
        private Outcome unlock(long mutex) {
            return protocol.unlockUncontended(me, mutex, gate)
                    ? Outcome.RELEASED
                    : slowPaths.unlock(me, mutex, KIND, gate);
        }

        private static void require(boolean holds, String rule) {
            if (!holds) {
                throw new AssertionError("not so: " + rule);
            }
        }
    }
}
