package io.mortmain.explore.program;

import static io.mortmain.internal.layout.GlibcMutexLayout.COUNT;
import static io.mortmain.internal.layout.GlibcMutexLayout.LOCK;
import static io.mortmain.internal.layout.GlibcMutexLayout.NODE;
import static io.mortmain.internal.layout.GlibcMutexLayout.NODE_TO_PREVIOUS;
import static io.mortmain.internal.layout.GlibcMutexLayout.OWNER;
import static io.mortmain.internal.layout.GlibcMutexLayout.OWNER_DIED;
import static io.mortmain.internal.layout.GlibcMutexLayout.OWNER_INCONSISTENT;
import static io.mortmain.internal.layout.GlibcMutexLayout.OWNER_NOT_RECOVERABLE;
import static io.mortmain.internal.layout.GlibcMutexLayout.TID_MASK;
import static io.mortmain.internal.layout.GlibcMutexLayout.USERS;
import static io.mortmain.internal.layout.GlibcMutexLayout.WAITERS;
import static io.mortmain.internal.layout.RobustListLayout.FIRST;
import static io.mortmain.internal.layout.RobustListLayout.PENDING;

import io.mortmain.explore.machine.MemoryMap;
import io.mortmain.explore.machine.Player;
import io.mortmain.explore.machine.Refusal;
import io.mortmain.explore.machine.Script;
import io.mortmain.explore.machine.SeamOf;
import io.mortmain.internal.words.Kernel;
import io.mortmain.internal.words.Words;
import java.util.List;

/**
 * A thread of a C program: what glibc does with a robust mutex, store by store (nptl/pthread_mutex_lock.c, pthread_mutex_trylock.c,
 * pthread_mutex_unlock.c, descr.h), as a correct program calls it.
 *
 * <p>Its trylock refuses a mutex that is not recoverable and leaves its number in the word, on no list: it looks at the old word, which
 * was 0, where it means to look whether the word is its own. Nobody is told of such a number, and nobody else gets the mutex, until a reset
 * finds that the thread is gone; and a plain C thread that locks sleeps for ever. Those are glibc's, and the rules excuse them while
 * the number is there, and nothing else ({@link Refusal#NOT_RECOVERABLE_LEFT_OVER}).
 *
 * <p>Left out: a trylock that comes to a marked word at its compare-and-set, not before, on a mutex that is not recoverable. glibc then
 * stores to the count of a mutex that it does not hold.
 */
public record LibcThread(List<Operation> operations) implements Script {
    /** For each operation: its end, and having the mutex. */
    private static final int LANDMARKS = 2;

    public LibcThread {
        operations = List.copyOf(operations);
    }

    @Override
    public String nameOf(int question, int chosen) {
        return Question.nameOf(question, chosen);
    }

    @Override
    public void run(Player player) {
        Run run = new Run(player);
        for (Operation given : operations) {
            run.perform(given == Operation.C_ANY ? Question.OF_C.answer(Question.OF_C.ask(player)) : given);
            player.landmark(++run.done * LANDMARKS);
        }
    }

    private static final class Run {
        private static final long MUTEX = MemoryMap.mutex(0);
        private static final int HELD = -1;
        private static final int OWN = -2;

        private final Player player;
        private final Words words;
        private final Kernel kernel;
        private final long head;
        private final int threadId;
        private int done;

        Run(Player player) {
            SeamOf seam = new SeamOf(player);
            this.player = player;
            this.words = seam.words();
            this.kernel = seam.kernel();
            this.head = MemoryMap.head(player.thread());
            this.threadId = player.threadId();
        }

        void perform(Operation operation) {
            words.putLongRelease(head + PENDING, MUTEX + NODE);
            boolean tries = operation == Operation.C_TRY || operation == Operation.C_TRY_ANYHOW;
            int taken = take(tries);
            if (taken == HELD || taken == OWN) {
                words.putLongRelease(head + PENDING, 0);
                player.refused(MUTEX, taken == HELD ? Refusal.BUSY : Refusal.WOULD_DEADLOCK);
                return;
            }
            boolean died = (taken & OWNER_DIED) != 0;
            if (died) {
                words.putIntRelease(MUTEX + COUNT, 1);
                words.putIntRelease(MUTEX + OWNER, OWNER_INCONSISTENT);
                enqueue();
                words.putLongRelease(head + PENDING, 0);
            } else if (words.getIntOpaque(MUTEX + OWNER) == OWNER_NOT_RECOVERABLE) {
                if (tries) {
                    refuseTry();
                } else {
                    refuse();
                }
                return;
            } else {
                words.putIntRelease(MUTEX + COUNT, 1);
                enqueue();
                words.putLongRelease(head + PENDING, 0);
                words.putIntRelease(MUTEX + OWNER, threadId);
                words.putIntRelease(MUTEX + USERS, words.getIntPlain(MUTEX + USERS) + 1);
            }
            inside(died, operation);
            unlock();
        }

        private void inside(boolean died, Operation given) {
            player.enter(MUTEX, died, done * LANDMARKS + 1);
            Operation operation = choose(died, given);
            if (died && operation == Operation.C_LEAVE_INCONSISTENT) {
                player.leaveForEver(MUTEX, true);
                return;
            }
            DataUser user = new DataUser(player, Mutant.NONE.get());
            if (operation == Operation.C_UPDATE) {
                user.recover();
            }
            if (died) {
                words.putIntRelease(MUTEX + OWNER, threadId); // pthread_mutex_consistent
            }
            if (operation == Operation.C_UPDATE) {
                user.writeInPlace();
            }
            player.leave(MUTEX);
        }

        private Operation choose(boolean died, Operation given) {
            if (given == Operation.C_UPDATE_ANYHOW) {
                Question question = died ? Question.OF_C_WITH_DATA_AFTER_DEATH : Question.OF_C_WITH_DATA;
                return question.answer(question.ask(player));
            }
            return died && given.isAnyhow()
                    ? Question.RELEASE_OF_C_AFTER_DEATH.answer(Question.RELEASE_OF_C_AFTER_DEATH.ask(player))
                    : given;
        }

        /** The word that was found and taken; {@link #HELD} when a trylock found it held, {@link #OWN} when it has this thread's number. */
        private int take(boolean tries) {
            int assumed = 0;
            for (; ; ) {
                int word = words.getIntVolatile(MUTEX + LOCK);
                if (word == 0) {
                    if (words.compareAndSetInt(MUTEX + LOCK, 0, threadId | assumed)) {
                        return 0;
                    }
                } else if ((word & OWNER_DIED) != 0) {
                    if (words.compareAndSetInt(MUTEX + LOCK, word, threadId | (word & WAITERS) | assumed)) {
                        return word & ~WAITERS;
                    }
                } else if ((word & TID_MASK) == threadId) {
                    return OWN;
                } else if (tries) {
                    return HELD;
                } else if ((word & WAITERS) != 0 || words.compareAndSetInt(MUTEX + LOCK, word, word | WAITERS)) {
                    assumed = WAITERS;
                    kernel.await(MUTEX + LOCK, word | WAITERS, Long.MAX_VALUE, 0);
                }
            }
        }

        /** Said first: once nothing is pending, nothing leads to the number that stays in the word. */
        private void refuseTry() {
            words.putIntRelease(MUTEX + COUNT, 0);
            player.refused(MUTEX, Refusal.NOT_RECOVERABLE_LEFT_OVER);
            words.putLongRelease(head + PENDING, 0);
        }

        /** glibc's lll_unlock there wakes for a positive old value only, so not when WAITERS is set. */
        private void refuse() {
            words.putIntRelease(MUTEX + COUNT, 0);
            int old = words.getAndSetInt(MUTEX + LOCK, 0);
            if (old > 1) {
                kernel.wake(MUTEX + LOCK, 1);
            }
            words.putLongRelease(head + PENDING, 0);
            player.refused(MUTEX, old < 0 ? Refusal.NOT_RECOVERABLE_UNWOKEN : Refusal.NOT_RECOVERABLE);
        }

        private void enqueue() {
            long first = words.getLongPlain(head + FIRST);
            words.putLongRelease(first + NODE_TO_PREVIOUS, MUTEX + NODE);
            words.putLongRelease(MUTEX + NODE, first);
            words.putLongRelease(MUTEX + NODE + NODE_TO_PREVIOUS, head);
            words.putLongRelease(head + FIRST, MUTEX + NODE);
        }

        private void unlock() {
            int newOwner = words.getIntOpaque(MUTEX + OWNER) == OWNER_INCONSISTENT ? OWNER_NOT_RECOVERABLE : 0;
            words.putLongRelease(head + PENDING, MUTEX + NODE);
            long next = words.getLongPlain(MUTEX + NODE);
            long previous = words.getLongPlain(MUTEX + NODE + NODE_TO_PREVIOUS);
            words.putLongRelease(next + NODE_TO_PREVIOUS, previous);
            words.putLongRelease(previous, next);
            words.putLongRelease(MUTEX + NODE + NODE_TO_PREVIOUS, 0);
            words.putLongRelease(MUTEX + NODE, 0);
            words.putIntRelease(MUTEX + OWNER, newOwner);
            words.putIntRelease(MUTEX + USERS, words.getIntPlain(MUTEX + USERS) - 1);
            if ((words.getAndSetInt(MUTEX + LOCK, 0) & WAITERS) != 0) {
                kernel.wake(MUTEX + LOCK, 1);
            }
            words.putLongRelease(head + PENDING, 0);
        }
    }
}
