package io.mortmain.explore.mutant;

import static io.mortmain.internal.layout.GlibcMutexLayout.NODE;
import static io.mortmain.internal.layout.GlibcMutexLayout.OWNER;
import static io.mortmain.internal.layout.GlibcMutexLayout.OWNER_DIED;
import static io.mortmain.internal.layout.GlibcMutexLayout.PREVIOUS;
import static io.mortmain.internal.layout.GlibcMutexLayout.TID_MASK;
import static io.mortmain.internal.layout.RobustListLayout.FIRST;
import static io.mortmain.internal.layout.RobustListLayout.PENDING;

import io.mortmain.explore.machine.MemoryMap;
import io.mortmain.explore.program.Mutant;
import io.mortmain.internal.layout.GlibcMutexLayout;
import io.mortmain.internal.owner.MarkerTurn;
import io.mortmain.internal.owner.Witness;
import io.mortmain.internal.words.Kernel;
import io.mortmain.internal.words.Words;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A mutant that passes everything on, access by access, and knows what the thread is about. Its subclasses do one step otherwise.
 *
 * <p>What it remembers is the same whatever way the thread came to a landmark: which mutexes it holds follows from the place in the program, and
 * the rest begins anew with each lock and unlock. Its subclasses keep to that, or make what they remember visible.
 */
class Meddler extends Mutant {
    private @Nullable Words words;
    private @Nullable Kernel kernel;
    private @Nullable Witness witness;
    private @Nullable MarkerTurn turn;
    private long head;
    /** The mutexes in whose words this thread has put its number. */
    private final Set<Long> held = new HashSet<>();
    /** The mutex of the lock or unlock that goes on, or of the last one. */
    private long mutex;

    private boolean inTurn;

    @Override
    public final Words words(Words honest, long listHead) {
        words = honest;
        head = listHead;
        return new MeddledWords(honest);
    }

    @Override
    public final Kernel kernel(Kernel honest, long listHead) {
        kernel = honest;
        return new MeddledKernel(honest);
    }

    @Override
    public final Witness witness(Witness honest) {
        witness = honest;
        return new MeddledWitness();
    }

    @Override
    public final MarkerTurn turn(MarkerTurn honest) {
        turn = honest;
        return new MeddledTurn();
    }

    // What a subclass does otherwise; as it stands here, nothing.

    /** A lock or an unlock begins: the mutex is pending. */
    void begins() {}

    /** What the protocol is told of 4 bytes that were read. */
    int loaded(long address, int value) {
        return value;
    }

    /** Whether 4 or 8 bytes are stored at all. */
    boolean isStored(long address, long value) {
        return true;
    }

    void store(long address, int value) {
        honest().putIntRelease(address, value);
    }

    void storeLong(long address, long value) {
        honest().putLongRelease(address, value);
    }

    /** Compare-and-set of a futex word. */
    boolean exchange(long address, int expected, int value) {
        return honest().compareAndSetInt(address, expected, value);
    }

    /** Unconditional exchange of a futex word. */
    int swap(long address, int value) {
        return honest().getAndSetInt(address, value);
    }

    /** This thread's number has left the word, which had {@code old}. */
    void afterFreeing(int old) {}

    void await(long address, int expected, long nanos) {
        Objects.requireNonNull(kernel).await(address, expected, nanos, 0);
    }

    void wake(long address, int count) {
        Objects.requireNonNull(kernel).wake(address, count);
    }

    boolean exists(int threadId) {
        return Objects.requireNonNull(kernel).threadExists(threadId);
    }

    boolean isGone(int threadId) {
        return Objects.requireNonNull(witness).isGone(threadId);
    }

    boolean holds(long address) {
        return Objects.requireNonNull(witness).holds(address);
    }

    boolean take(long address, BooleanSupplier step) {
        return Objects.requireNonNull(turn).take(address, step);
    }

    // What a subclass may ask.

    /** The memory as it is. */
    final Words honest() {
        return Objects.requireNonNull(words);
    }

    /** Nanoseconds that this thread has slept through. */
    final long clock() {
        return Objects.requireNonNull(kernel).nanoTime();
    }

    final long head() {
        return head;
    }

    final long mutex() {
        return mutex;
    }

    final long node() {
        return mutex + NODE;
    }

    /** Whether this thread's number is in the word of the mutex that is pending. */
    final boolean isHeld() {
        return held.contains(mutex);
    }

    /** Whether a mark goes on, proof and all. */
    final boolean isInTurn() {
        return inTurn;
    }

    final boolean isPending(long address) {
        return address == head + PENDING;
    }

    final boolean isFirst(long address) {
        return address == head + FIRST;
    }

    static boolean isOwner(long address) {
        return MemoryMap.isInMutex(address) && MemoryMap.fieldAt(address) == OWNER;
    }

    /** Whether the word before a list head, or a mutex's, leads back there. */
    final boolean isBackLink(long address) {
        return address == head + GlibcMutexLayout.NODE_TO_PREVIOUS
                || (MemoryMap.isInMutex(address) && MemoryMap.fieldAt(address) == PREVIOUS);
    }

    static boolean isFree(int word) {
        return (word & TID_MASK) == 0;
    }

    static boolean takes(int expected, int value) {
        return isFree(expected) && !isFree(value);
    }

    static boolean frees(int expected, int value) {
        return !isFree(expected) && isFree(value);
    }

    /** As the kernel does for the dead. */
    static boolean marks(int expected, int value) {
        return frees(expected, value) && (value & OWNER_DIED) != 0;
    }

    private boolean exchanged(long address, int expected, int value) {
        boolean done = exchange(address, expected, value);
        if (done && takes(expected, value)) {
            held.add(address);
        } else if (done && frees(expected, value) && held.remove(address)) {
            afterFreeing(expected);
        }
        return done;
    }

    private final class MeddledWords extends Words {
        private final Words honest;

        MeddledWords(Words honest) {
            this.honest = honest;
        }

        @Override
        public int getIntPlain(long address) {
            return loaded(address, honest.getIntPlain(address));
        }

        @Override
        public int getIntOpaque(long address) {
            return loaded(address, honest.getIntOpaque(address));
        }

        @Override
        public int getIntVolatile(long address) {
            return loaded(address, honest.getIntVolatile(address));
        }

        @Override
        public void putIntRelease(long address, int value) {
            if (isStored(address, value)) {
                store(address, value);
            }
        }

        @Override
        public boolean compareAndSetInt(long address, int expected, int value) {
            return exchanged(address, expected, value);
        }

        @Override
        public int getAndSetInt(long address, int value) {
            int old = swap(address, value);
            if (held.remove(address)) {
                afterFreeing(old);
            }
            return old;
        }

        @Override
        public long getLongPlain(long address) {
            return loadedLong(address, honest.getLongPlain(address));
        }

        @Override
        public long getLongOpaque(long address) {
            return loadedLong(address, honest.getLongOpaque(address));
        }

        @Override
        public long getLongVolatile(long address) {
            return loadedLong(address, honest.getLongVolatile(address));
        }

        /** Owner and users are read together. */
        private long loadedLong(long address, long value) {
            return isOwner(address)
                    ? (value & ~0xffff_ffffL) | Integer.toUnsignedLong(loaded(address, (int) value))
                    : value;
        }

        @Override
        public void putLongRelease(long address, long value) {
            if (isPending(address) && value != 0) {
                mutex = value - NODE;
                begins();
            }
            if (isStored(address, value)) {
                storeLong(address, value);
            }
        }
    }

    private final class MeddledKernel extends Kernel {
        private final Kernel honest;

        MeddledKernel(Kernel honest) {
            this.honest = honest;
        }

        @Override
        public void await(long address, int expected, long nanos, long scratch) {
            Meddler.this.await(address, expected, nanos);
        }

        @Override
        public void wake(long address, int count) {
            Meddler.this.wake(address, count);
        }

        @Override
        public boolean tryReadLong(long address, long scratch) {
            return honest.tryReadLong(address, scratch);
        }

        @Override
        public long transferred(long scratch) {
            return honest.transferred(scratch);
        }

        @Override
        public boolean tryWriteLong(long address, long value, long scratch) {
            return !isStored(address, value) || honest.tryWriteLong(address, value, scratch);
        }

        @Override
        public boolean threadExists(int threadId) {
            return exists(threadId);
        }

        @Override
        public long nanoTime() {
            return honest.nanoTime();
        }
    }

    private final class MeddledWitness extends Witness {
        @Override
        public @Nullable Watch watch(long address, int threadId) {
            return Objects.requireNonNull(witness).watch(address, threadId);
        }

        @Override
        public boolean isGone(int threadId) {
            return Meddler.this.isGone(threadId);
        }

        @Override
        public boolean holds(long address) {
            return Meddler.this.holds(address);
        }
    }

    private final class MeddledTurn extends MarkerTurn {
        @Override
        public boolean take(long address, BooleanSupplier step) {
            return Meddler.this.take(address, () -> {
                inTurn = true;
                boolean done = step.getAsBoolean();
                inTurn = false;
                return done;
            });
        }
    }
}
