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
import io.mortmain.internal.words.FileCalls;
import java.util.List;
import java.util.function.Supplier;

/**
 * A thread that uses the library's protocol, as {@code RobustMutex} and {@code Hold} do, with a defect that is planted anew in each run.
 *
 * <p>Its landmarks: after an operation it holds nothing, and a {@link LockThread} that holds nothing is as a new one; with a mutex held,
 * or two ({@link Operation#TWO}, {@link Operation#NESTED}), it remembers their nodes, and of the predecessors what no release looks at.
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
    public String nameOf(int question, int chosen) {
        return Question.nameOf(question, chosen);
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

        /** A look at a held word before the sleep keeps nothing; a look at one that is free by then is as a first look. */
        private static final int NO_SPINS = 0;

        private static final int ONLY = 1;
        private static final int SECOND_AFTER_FIRST = 2;
        private static final int SECOND_AFTER_FIRST_TOLD = 3;
        private static final int SECOND_ALONE = 4;
        private static final int FIRST_OF_TWO = 5;

        private final Player player;
        private final Mutant mutant;
        private final RobustProtocol protocol;
        private final SlowPaths slowPaths;
        private final LockThread me;
        private final FileCalls<Integer> files;
        private final Gate gate = new Gate();
        private int done;

        Run(Player player, boolean watched, Mutant mutant) {
            SeamOf seam = new SeamOf(player);
            long head = MemoryMap.head(player.thread());
            Witness witness = mutant.witness(seam.witness());
            this.player = player;
            this.mutant = mutant;
            this.protocol = RobustProtocol.over(
                    mutant.words(seam.words(), head),
                    mutant.kernel(seam.kernel(), head),
                    watched ? WatcherThread.witness(witness, player) : witness,
                    mutant.turn(seam.turn()),
                    NO_SPINS);
            this.files = mutant.files(seam.files());
            this.slowPaths = protocol.slowPaths();
            this.me = new LockThread(Thread.currentThread(), player.threadId(), Slots.of(player.threadId()), head);
        }

        void perform(List<Operation> operations) {
            for (Operation given : operations) {
                Operation operation =
                        given == Operation.ANY ? Question.OF_LIBRARY.answer(Question.OF_LIBRARY.ask(player)) : given;
                switch (operation) {
                    case TWO, NESTED, TWO_ANYHOW -> two(operation);
                    case INSERT, INSERT_OWN, FIND -> directory(operation);
                    case CREATE, OPEN, OPEN_OR_CREATE, REMOVE -> new RegionUser(player, files).perform(operation);
                    case UPDATE, BREAK_OFF, UPDATE_ANYHOW -> withData(operation);
                    case RESET_DATA -> resetData();
                    case CLOSE -> new HandOver(player).close();
                    default -> one(operation);
                }
                boolean unusedCleared = Thread.interrupted(); // by one that came to an operation that does not ask
                me.checkInvariants();
                player.landmark(++done * LANDMARKS);
            }
        }

        private void one(Operation operation) {
            Outcome outcome = switch (operation) {
                case TRY, TRY_ANYHOW -> lock(MUTEX, 0, false);
                case TIMED, TIMED_ANYHOW -> lock(MUTEX, TIMED_NANOS, false);
                case INTERRUPTIBLE, INTERRUPTIBLE_ANYHOW -> lock(MUTEX, SlowPaths.FOREVER, true);
                case RESET, RESET_ANYHOW -> lockForReset();
                default -> lock(MUTEX, SlowPaths.FOREVER, false);
            };
            boolean held = entered(MUTEX, outcome, ONLY);
            if (held && operation == Operation.HAND_OVER) {
                new HandOver(player).awaitClose();
            }
            if (held) {
                boolean told = outcome == Outcome.ACQUIRED_AFTER_DEATH;
                release(operation.isAnyhow() ? chooseRelease(told) : operation, told);
            }
        }

        private Operation chooseRelease(boolean told) {
            Question question = told ? Question.RELEASE_AFTER_DEATH : Question.RELEASE;
            return question.answer(question.ask(player));
        }

        /** As {@code GuardedLock} and {@code Guarded.update}. */
        private void withData(Operation given) {
            Outcome outcome = lock(MUTEX, SlowPaths.FOREVER, false);
            if (!entered(MUTEX, outcome, ONLY)) {
                return;
            }
            boolean told = outcome == Outcome.ACQUIRED_AFTER_DEATH;
            Operation operation = given == Operation.UPDATE_ANYHOW ? chooseWithData(told) : given;
            if (operation == Operation.UPDATE || operation == Operation.BREAK_OFF) {
                update(operation, told);
            } else {
                release(operation, told);
            }
        }

        private Operation chooseWithData(boolean told) {
            Question question = told ? Question.WITH_DATA_AFTER_DEATH : Question.WITH_DATA;
            return question.answer(question.ask(player));
        }

        private void update(Operation operation, boolean told) {
            DataUser user = new DataUser(player, mutant);
            if (told) {
                user.repair();
                declareConsistent(MUTEX);
            }
            user.recover();
            if (operation == Operation.BREAK_OFF) {
                user.breakOff();
            } else {
                user.update();
            }
            player.leave(MUTEX);
            require(unlock(MUTEX) == Outcome.RELEASED, "the holder may release");
        }

        /** As {@code GuardedLock.reset}. */
        private void resetData() {
            if (!entered(MUTEX, lockForReset(), ONLY)) {
                return;
            }
            new DataUser(player, mutant).reset();
            declareConsistent(MUTEX);
            player.leave(MUTEX);
            require(unlock(MUTEX) == Outcome.RELEASED, "the holder may release");
        }

        private void directory(Operation operation) {
            DirectoryUser user = new DirectoryUser(player, slowPaths, me, gate, done * LANDMARKS);
            switch (operation) {
                case INSERT -> user.insert("all");
                case INSERT_OWN -> user.insert("of thread " + player.thread());
                default -> user.find();
            }
        }

        private void two(Operation operation) {
            Outcome outcome = lock(SECOND, SlowPaths.FOREVER, false);
            boolean hasOuter = entered(SECOND, outcome, FIRST_OF_TWO);
            int landmark = !hasOuter
                    ? SECOND_ALONE
                    : outcome == Outcome.ACQUIRED_AFTER_DEATH ? SECOND_AFTER_FIRST_TOLD : SECOND_AFTER_FIRST;
            boolean hasInner = entered(MUTEX, lock(MUTEX, SlowPaths.FOREVER, false), landmark);
            Operation order = operation.isAnyhow() && hasOuter && hasInner
                    ? Question.ORDER.answer(Question.ORDER.ask(player))
                    : operation;
            boolean nested = order == Operation.NESTED;
            if (hasInner && nested) {
                release(MUTEX);
            }
            if (hasOuter) {
                release(SECOND);
            }
            if (hasInner && !nested) {
                release(MUTEX);
            }
        }

        /** As {@code RobustMutex.lock}. */
        private Outcome lock(long mutex, long nanos, boolean interruptible) {
            return protocol.lockUncontended(me, mutex, KIND, gate)
                    ? Outcome.ACQUIRED
                    : slowPaths.lock(me, mutex, KIND, gate, nanos, interruptible);
        }

        private Outcome lockForReset() {
            player.resets(true);
            Outcome outcome = slowPaths.lockForReset(me, MUTEX, KIND, gate);
            player.resets(false);
            return outcome;
        }

        /** @param landmark of having it: which of how many */
        private boolean entered(long mutex, Outcome outcome, int landmark) {
            switch (outcome) {
                case ACQUIRED -> player.enter(mutex, false, done * LANDMARKS + landmark);
                case ACQUIRED_AFTER_DEATH -> player.enter(mutex, true, done * LANDMARKS + landmark);
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
                declareConsistent(mutex);
            }
            return held;
        }

        private void release(Operation operation, boolean told) {
            boolean declares = told && operation != Operation.LEAVE_INCONSISTENT && operation != Operation.HAND_ON;
            if (declares && operation != Operation.GIVE_UP) {
                declareConsistent(MUTEX);
            }
            if (operation == Operation.GIVE_UP || (told && operation == Operation.LEAVE_INCONSISTENT)) {
                player.leaveForEver(MUTEX, false);
            } else {
                player.leave(MUTEX);
            }
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

        private void declareConsistent(long mutex) {
            require(slowPaths.markConsistent(me, mutex) == Outcome.ACQUIRED, "the holder may declare it consistent");
        }

        private static void require(boolean holds, String rule) {
            if (!holds) {
                throw new AssertionError("not so: " + rule);
            }
        }
    }
}
