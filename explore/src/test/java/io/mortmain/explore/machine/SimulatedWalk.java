package io.mortmain.explore.machine;

import io.mortmain.explore.machine.FutexWord.Numbers;
import io.mortmain.explore.machine.KernelCase.Outcome;
import io.mortmain.internal.layout.RobustListLayout;
import io.mortmain.internal.words.Kernel;
import io.mortmain.internal.words.Words;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** {@link RobustWalk} over the bytes of a list, mapped as they are said to be. */
final class SimulatedWalk {
    private final KernelCase list;
    private final ListImage image;
    private final String protections;
    private final ByteBuffer bytes;
    private final int[] woken;

    private SimulatedWalk(KernelCase list, Numbers numbers) {
        this.list = list;
        this.image = new ListImage(list);
        this.protections = image.protections();
        this.bytes = ByteBuffer.wrap(image.bytes(numbers)).order(ByteOrder.nativeOrder());
        this.woken = new int[list.nodes().size()];
    }

    static Outcome run(KernelCase list, Numbers numbers) {
        SimulatedWalk walk = new SimulatedWalk(list, numbers);
        if (list.death.hasWalk()) {
            int walker = list.death.walker(numbers);
            new RobustWalk(walk.new HeapWords(), walk.new HeapKernel(), ListImage.BASE, walker, RobustListLayout.LIMIT)
                    .run();
        }
        return walk.outcome();
    }

    private Outcome outcome() {
        List<String> words = new ArrayList<>();
        List<Integer> wakes = new ArrayList<>();
        for (int i = 0; i < woken.length; i++) {
            words.add(KernelCase.text(bytes.getInt((int) image.word(i))));
            wakes.add(woken[i]);
        }
        return new Outcome(words, wakes);
    }

    /** Where it stands among the bytes; fails for what is not mapped, as a real access would. */
    private int at(long address, int size) {
        if (!isMapped(address, size)) {
            throw new AssertionError("access to " + Long.toHexString(address) + ", which is not mapped");
        }
        return (int) (address - ListImage.BASE);
    }

    private boolean isMapped(long address, int size) {
        return isMapped(address) && isMapped(address + size - 1);
    }

    private boolean isMapped(long address) {
        long page = Math.floorDiv(address - ListImage.BASE, ListImage.PAGE);
        return page >= 0 && page < protections.length() && protections.charAt((int) page) != '-';
    }

    private final class HeapWords extends Words {
        @Override
        public long getLongPlain(long address) {
            return bytes.getLong(at(address, Long.BYTES));
        }

        @Override
        public boolean compareAndSetInt(long address, int expected, int value) {
            int at = at(address, Integer.BYTES);
            boolean equal = bytes.getInt(at) == expected;
            if (equal) {
                bytes.putInt(at, value);
            }
            return equal;
        }

        @Override
        public int getIntPlain(long address) {
            throw new UnsupportedOperationException();
        }

        @Override
        public int getIntOpaque(long address) {
            throw new UnsupportedOperationException();
        }

        @Override
        public int getIntVolatile(long address) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void putIntRelease(long address, int value) {
            throw new UnsupportedOperationException();
        }

        @Override
        public int getAndSetInt(long address, int value) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long getLongOpaque(long address) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long getLongVolatile(long address) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void putLongRelease(long address, long value) {
            throw new UnsupportedOperationException();
        }
    }

    private final class HeapKernel extends Kernel {
        private long transferred;

        @Override
        public void wake(long address, int count) {
            for (int i = 0; i < woken.length; i++) {
                if (ListImage.BASE + image.word(i) == address) {
                    woken[i] = Math.min(woken[i] + count, list.nodes().get(i).sleepers());
                }
            }
        }

        @Override
        public boolean tryReadLong(long address, long scratch) {
            boolean mapped = isMapped(address, Long.BYTES);
            if (mapped) {
                transferred = bytes.getLong(at(address, Long.BYTES));
            }
            return mapped;
        }

        @Override
        public long transferred(long scratch) {
            return transferred;
        }

        @Override
        public void await(long address, int expected, long nanos, long scratch) {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean tryWriteLong(long address, long value, long scratch) {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean threadExists(int threadId) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long nanoTime() {
            throw new UnsupportedOperationException();
        }
    }
}
