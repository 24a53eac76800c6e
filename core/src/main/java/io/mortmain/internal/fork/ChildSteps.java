package io.mortmain.internal.fork;

import io.mortmain.internal.linux.Platform;
import io.mortmain.internal.words.MappedWords;
import io.mortmain.internal.words.Words;
import java.util.BitSet;

/**
 * The system calls that a child makes, before fork(2) returns in it: a child has a copy of the table as it was when it was forked, so that each
 * step is there whole or not at all. A step that is taken back becomes a call that does nothing.
 *
 * <p>What a step is about must be there for as long as the step is: a descriptor is closed after its step was taken back, or a child would close
 * whatever has its number by then.
 */
public final class ChildSteps {
    private static final long END = -1;
    private static final Words WORDS = MappedWords.INSTANCE;

    private final long table;
    private final int capacity;
    private final Calls calls;
    private final BitSet used = new BitSet();

    /** Numbers of system calls. */
    private record Calls(long nothing, long close) {
        static Calls of(Platform platform) {
            return switch (platform) {
                case X86_64 -> new Calls(39, 3);
                case AARCH64 -> new Calls(172, 57);
            };
        }
    }

    /** The table is pages of zeroes. */
    ChildSteps(long table, long size, Platform platform) {
        this.table = table;
        this.capacity = (int) (size / ForkPages.STEP_SIZE) - 1;
        this.calls = Calls.of(platform);
        endAt(0);
    }

    private void endAt(int index) {
        WORDS.putLongRelease(at(index), END);
    }

    /** A step that can be taken back. */
    public final class Step implements AutoCloseable {
        private final int index;
        private boolean isTaken = true;

        private Step(int index) {
            this.index = index;
        }

        @Override
        public void close() {
            synchronized (ChildSteps.this) {
                if (isTaken) {
                    isTaken = false; // the place may be another step's when it is closed again
                    WORDS.putLongRelease(at(index), calls.nothing);
                    used.clear(index);
                }
            }
        }
    }

    /** close(2). */
    public Step close(int descriptor) {
        return add(calls.close, descriptor, 0, 0, 0);
    }

    private synchronized Step add(long call, long... arguments) {
        int index = used.nextClearBit(0);
        if (index >= capacity) {
            throw new IllegalStateException("a child can make " + capacity + " steps, and has them");
        }
        boolean isLast = index == used.length();
        if (isLast) {
            endAt(index + 1);
        }
        for (int i = 0; i < arguments.length; i++) {
            WORDS.putLongRelease(at(index) + ForkPages.STEP_ARGUMENTS + (long) i * Long.BYTES, arguments[i]);
        }
        WORDS.putLongRelease(at(index), call); // last: a child that is forked before has the step not at all
        used.set(index);
        return new Step(index);
    }

    private long at(int index) {
        return table + (long) index * ForkPages.STEP_SIZE;
    }
}
