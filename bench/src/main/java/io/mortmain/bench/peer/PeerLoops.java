package io.mortmain.bench.peer;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;

/** What else a Java program could use, and the least that any lock costs. */
final class PeerLoops {
    private PeerLoops() {}

    /** glibc's own functions, called from Java. */
    static final class Downcall implements PairLoop {
        private static final MethodHandle LOCK = Libc.takingPointer("pthread_mutex_lock");
        private static final MethodHandle UNLOCK = Libc.takingPointer("pthread_mutex_unlock");

        private final long mutex;

        Downcall(long mutex) {
            this.mutex = mutex;
        }

        @Override
        public void run(int pairs) throws Exception {
            try {
                for (int i = 0; i < pairs; i++) {
                    requireSuccess((int) LOCK.invokeExact(mutex) | (int) UNLOCK.invokeExact(mutex));
                }
            } catch (Throwable failed) {
                throw new IllegalStateException(failed);
            }
        }
    }

    /** The same as critical functions, which cost less but stop the garbage collector while they wait: for comparison only. */
    static final class CriticalDowncall implements PairLoop {
        private static final MethodHandle LOCK =
                Libc.takingPointer("pthread_mutex_lock", Linker.Option.critical(false));
        private static final MethodHandle UNLOCK =
                Libc.takingPointer("pthread_mutex_unlock", Linker.Option.critical(false));

        private final long mutex;

        CriticalDowncall(long mutex) {
            this.mutex = mutex;
        }

        @Override
        public void run(int pairs) throws Exception {
            try {
                for (int i = 0; i < pairs; i++) {
                    requireSuccess((int) LOCK.invokeExact(mutex) | (int) UNLOCK.invokeExact(mutex));
                }
            } catch (Throwable failed) {
                throw new IllegalStateException(failed);
            }
        }
    }

    private static void requireSuccess(int errors) {
        if (errors != 0) {
            throw new IllegalStateException("pthread_mutex_lock or pthread_mutex_unlock failed, error bits " + errors);
        }
    }

    /** One compare-and-set and one exchange: what no lock in shared memory can go below. */
    static final class Floor implements PairLoop {
        private static final VarHandle WORD = ValueLayout.JAVA_INT.varHandle();
        private static final MemorySegment MEMORY = Arena.global().allocate(64, 64);

        @Override
        public void run(int pairs) {
            for (int i = 0; i < pairs; i++) {
                if (!WORD.compareAndSet(MEMORY, 0L, 0, 1) || (int) WORD.getAndSet(MEMORY, 0L, 0) != 1) {
                    throw new IllegalStateException("the word was changed by somebody else");
                }
            }
        }
    }

    /** A lock of the whole file: what Java offered between processes until now. */
    static final class FileLocks implements PairLoop {
        private final FileChannel channel;

        FileLocks(FileChannel channel) {
            this.channel = channel;
        }

        @Override
        public void run(int pairs) throws IOException {
            for (int i = 0; i < pairs; i++) {
                try (FileLock lock = channel.lock()) {
                    // empty
                }
            }
        }
    }
}
