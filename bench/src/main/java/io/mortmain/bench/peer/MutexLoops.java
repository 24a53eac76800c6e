package io.mortmain.bench.peer;

import io.mortmain.Hold;
import io.mortmain.RobustMutex;
import java.util.concurrent.locks.Lock;

/** The robust mutex, in the shapes in which callers use it. */
final class MutexLoops {
    private MutexLoops() {}

    /** A mutex in a field that is not static final. */
    static final class Field implements PairLoop {
        @SuppressWarnings("FieldCanBeFinal")
        private RobustMutex mutex;

        Field(RobustMutex mutex) {
            this.mutex = mutex;
        }

        @Override
        public void run(int pairs) {
            for (int i = 0; i < pairs; i++) {
                try (Hold hold = mutex.lock()) {
                    // an empty section: the lock alone is measured
                }
            }
        }
    }

    /** Two mutexes, one inside the other: two pairs at a time. */
    static final class Nested implements PairLoop {
        private final RobustMutex outer;
        private final RobustMutex inner;

        Nested(RobustMutex outer, RobustMutex inner) {
            this.outer = outer;
            this.inner = inner;
        }

        @Override
        public void run(int pairs) {
            for (int i = 0; i < pairs; i += 2) {
                try (Hold hold = outer.lock();
                        Hold second = inner.lock()) {
                    // empty
                }
            }
        }
    }

    /** A caller that is not inlined: the harness forbids it for {@link #pair}. */
    static final class NotInlined implements PairLoop {
        private final RobustMutex mutex;

        NotInlined(RobustMutex mutex) {
            this.mutex = mutex;
        }

        @Override
        public void run(int pairs) {
            for (int i = 0; i < pairs; i++) {
                pair();
            }
        }

        void pair() {
            try (Hold hold = mutex.lock()) {
                // empty
            }
        }
    }

    /** A hold that leaves the method that locked, to one that the JIT inlines, or is forbidden to. */
    static final class PassedOn implements PairLoop {
        private final RobustMutex mutex;

        PassedOn(RobustMutex mutex) {
            this.mutex = mutex;
        }

        @Override
        public void run(int pairs) {
            for (int i = 0; i < pairs; i++) {
                release(acquire());
            }
        }

        Hold acquire() {
            return mutex.lock();
        }

        void release(Hold hold) {
            hold.close();
        }
    }

    /** The mutex as a {@code java.util.concurrent.locks.Lock}, and whatever else is one. */
    static final class AsLock implements PairLoop {
        private final Lock lock;

        AsLock(Lock lock) {
            this.lock = lock;
        }

        @Override
        public void run(int pairs) {
            for (int i = 0; i < pairs; i++) {
                lock.lock();
                try {
                    // empty
                } finally {
                    lock.unlock();
                }
            }
        }
    }
}
