package io.mortmain.explore.machine;

import io.mortmain.explore.machine.Access.Kind;
import io.mortmain.internal.owner.MarkerTurn;
import io.mortmain.internal.owner.Witness;
import io.mortmain.internal.words.FileCalls;
import io.mortmain.internal.words.Kernel;
import io.mortmain.internal.words.MappedWords;
import io.mortmain.internal.words.SharedBytes;
import io.mortmain.internal.words.Words;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The library's seam over the simulated machine: each access becomes a question of the player. What is not mapped in the simulation is
 * the private slot of a thread, which is real memory.
 */
public final class SeamOf {
    private final Player player;

    public SeamOf(Player player) {
        this.player = player;
    }

    public Words words() {
        return new PlayedWords();
    }

    public Kernel kernel() {
        return new PlayedKernel();
    }

    public Witness witness() {
        return new PlayedWitness();
    }

    public MarkerTurn turn() {
        return new PlayedTurn();
    }

    /** Bytes of a region that begin at the address. */
    public SharedBytes bytes(long address) {
        return new PlayedBytes(address);
    }

    public FileCalls<Integer> files() {
        return new PlayedFileCalls(player);
    }

    /** Whether a living thread of this number holds the mutex, as its robust list says at one moment. */
    public boolean isHeldBy(long mutex, int threadId) {
        return player.ask(Kind.HELD_BY, mutex, threadId, 0) != 0;
    }

    private final class PlayedWords extends Words {
        @Override
        public int getIntPlain(long address) {
            return MemoryMap.isSimulated(address)
                    ? (int) player.ask(Kind.LOAD, address, 0, 0)
                    : MappedWords.INSTANCE.getIntPlain(address);
        }

        @Override
        public int getIntOpaque(long address) {
            return (int) player.ask(Kind.LOAD, address, 0, 0);
        }

        @Override
        public int getIntVolatile(long address) {
            return (int) player.ask(Kind.LOAD, address, 0, 0);
        }

        @Override
        public void putIntRelease(long address, int value) {
            player.ask(Kind.STORE, address, value, 0);
        }

        @Override
        public boolean compareAndSetInt(long address, int expected, int value) {
            return player.ask(Kind.COMPARE_AND_SET, address, expected, value) != 0;
        }

        @Override
        public int getAndSetInt(long address, int value) {
            return (int) player.ask(Kind.SWAP, address, value, 0);
        }

        @Override
        public long getLongPlain(long address) {
            return player.ask(Kind.LOAD_LONG, address, 0, 0);
        }

        @Override
        public long getLongOpaque(long address) {
            return player.ask(Kind.LOAD_LONG, address, 0, 0);
        }

        @Override
        public long getLongVolatile(long address) {
            return player.ask(Kind.LOAD_LONG, address, 0, 0);
        }

        @Override
        public void putLongRelease(long address, long value) {
            player.ask(Kind.STORE_LONG, address, value, 0);
        }
    }

    private final class PlayedBytes extends SharedBytes {
        private final long begin;

        PlayedBytes(long begin) {
            this.begin = begin;
        }

        @Override
        public int getIntAcquire(long offset) {
            return (int) player.ask(Kind.LOAD, begin + offset, 0, 0);
        }

        @Override
        public void putIntRelease(long offset, int value) {
            player.ask(Kind.STORE, begin + offset, value, 0);
        }

        @Override
        public long getLong(long offset) {
            return player.ask(Kind.LOAD_LONG, begin + offset, 0, 0);
        }

        @Override
        public void putLong(long offset, long value) {
            player.ask(Kind.STORE_LONG, begin + offset, value, 0);
        }

        /** Nothing, not even a step: in this memory each store is visible before the thread's next step, so stores are in order anyway. */
        @Override
        public void storeStoreFence() {}
    }

    private final class PlayedKernel extends Kernel {
        private long transferred;

        @Override
        public void await(long address, int expected, long nanos, long scratch) {
            player.await(address, expected, nanos);
        }

        @Override
        public void wake(long address, int count) {
            player.ask(Kind.WAKE, address, count, 0);
        }

        @Override
        public boolean tryReadLong(long address, long scratch) {
            boolean mapped = player.isMapped(address, Long.BYTES);
            if (mapped) {
                transferred = player.ask(Kind.LOAD_LONG, address, 0, 0);
            }
            return mapped;
        }

        @Override
        public long transferred(long scratch) {
            return transferred;
        }

        @Override
        public boolean tryWriteLong(long address, long value, long scratch) {
            boolean mapped = player.isMapped(address, Long.BYTES);
            if (mapped) {
                player.ask(Kind.STORE_LONG, address, value, 0);
            }
            return mapped;
        }

        @Override
        public boolean threadExists(int threadId) {
            return player.ask(Kind.EXISTS, 0, threadId, 0) != 0;
        }

        @Override
        public long nanoTime() {
            return player.clock();
        }
    }

    /** Nobody watches: who waits looks for itself, as the library does where it cannot start its watching thread. */
    private final class PlayedWitness extends Witness {
        @Override
        public @Nullable Watch watch(long mutex, int threadId) {
            return null;
        }

        @Override
        public boolean isGone(int threadId) {
            return player.ask(Kind.EXISTS, 0, threadId, 0) == 0;
        }

        @Override
        public boolean holds(long mutex) {
            return player.ask(Kind.LISTED, mutex, 0, 0) != 0;
        }
    }

    private final class PlayedTurn extends MarkerTurn {
        @Override
        public boolean take(long mutex, BooleanSupplier step) {
            if (player.ask(Kind.TAKE_TURN, mutex, 0, 0) == 0) {
                return false;
            }
            boolean done = step.getAsBoolean();
            player.ask(Kind.END_TURN, mutex, 0, 0);
            return done;
        }
    }
}
