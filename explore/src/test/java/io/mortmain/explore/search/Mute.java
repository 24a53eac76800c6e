package io.mortmain.explore.search;

import io.mortmain.explore.mutant.Mutant;
import io.mortmain.internal.words.Kernel;

/** A library that wakes nobody. */
final class Mute extends Mutant {
    @Override
    public Kernel kernel(Kernel kernel, long head) {
        return new WithoutWake(kernel);
    }

    private static final class WithoutWake extends Kernel {
        private final Kernel kernel;

        WithoutWake(Kernel kernel) {
            this.kernel = kernel;
        }

        @Override
        public void wake(long address, int count) {
            // that is the defect
        }

        @Override
        public void await(long address, int expected, long nanos, long scratch) {
            kernel.await(address, expected, nanos, scratch);
        }

        @Override
        public boolean tryReadLong(long address, long scratch) {
            return kernel.tryReadLong(address, scratch);
        }

        @Override
        public long transferred(long scratch) {
            return kernel.transferred(scratch);
        }

        @Override
        public boolean tryWriteLong(long address, long value, long scratch) {
            return kernel.tryWriteLong(address, value, scratch);
        }

        @Override
        public boolean threadExists(int threadId) {
            return kernel.threadExists(threadId);
        }

        @Override
        public int spins() {
            return kernel.spins();
        }

        @Override
        public long nanoTime() {
            return kernel.nanoTime();
        }
    }
}
