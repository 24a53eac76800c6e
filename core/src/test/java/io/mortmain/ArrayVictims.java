package io.mortmain;

import io.mortmain.GuardedArray.Options;
import io.mortmain.internal.record.Codec;
import io.mortmain.internal.region.OpenRegion;
import io.mortmain.internal.region.RegionFile;
import io.mortmain.internal.words.MappedBytes;
import io.mortmain.internal.words.SharedBytes;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * A process of which many threads work on an array each, and stop for ever before a store of theirs, each before another one. When all have come
 * there, or to the end, the process ends, so that each array is left as by a death at that store.
 */
final class ArrayVictims {
    /** More than the stores of any of the deeds. */
    static final int THREADS = 24;

    static final int LENGTH = 4;

    /** What a victim does. */
    enum Deed {
        MOVE(array -> array.update(new int[] {0, 1}, several -> {
            several.set(0, new Entry(several.get(0).amount() - 1, 1));
            several.set(1, new Entry(several.get(1).amount() + 1, 1));
        })),
        SET(array -> array.set(1, new Entry(7, 7))),
        UPDATE(array -> array.update(1, _ -> new Entry(7, 7))),
        FILL(array -> array.fill(new Entry(5, 5))),
        /** Of an array of which one element is another one: so little is filled in one transaction. */
        FILL_ONE(array -> array.fill(new Entry(0, 0))),
        /** All that it stores is that it waits. */
        AWAIT(ArrayVictims::awaitInVain),
        /** All that it stores is the roll-back of another's move, if there was one. */
        LOOK(array -> array.get(1));

        private final Consumer<GuardedArray<Entry>> how;

        Deed(Consumer<GuardedArray<Entry>> how) {
            this.how = how;
        }
    }

    record Entry(long amount, long moves) {}

    private ArrayVictims() {}

    private static void awaitInVain(GuardedArray<Entry> array) {
        try {
            array.await(1, entry -> entry.amount() == 5, Duration.ZERO);
        } catch (InterruptedException never) {
            throw new AssertionError(never);
        }
    }

    static String array(int victim) {
        return "array " + victim;
    }

    static Options options(int stripes) {
        return Options.DEFAULT.withStripes(stripes).withElementsPerTransaction(2);
    }

    /** Arguments: region, stripes, deed, and before how many stores they die in turn. */
    public static void main(String[] arguments) throws InterruptedException {
        OpenRegion region =
                OpenRegion.open(Path.of(arguments[0]), new RegionFile.Access(0600, OptionalInt.empty(), false));
        Deed deed = Deed.valueOf(arguments[2]);
        int turn = Integer.parseInt(arguments[3]);
        CountDownLatch working = new CountDownLatch(THREADS);
        for (int victim = 0; victim < THREADS; victim++) {
            DyingObjects objects = new DyingObjects(region, victim % turn, working);
            GuardedArray<Entry> array = objects.array(
                    array(victim),
                    LENGTH,
                    Codec.of(Entry.class),
                    new Entry(0, 0),
                    options(Integer.parseInt(arguments[1])));
            Thread.ofPlatform().daemon().start(() -> {
                deed.how.accept(array);
                working.countDown();
            });
        }
        working.await();
        System.out.println("all are where they were to come");
        Runtime.getRuntime().halt(0);
    }

    private static final class DyingObjects extends GuardedObjects {
        private final int stores;
        private final CountDownLatch working;

        DyingObjects(OpenRegion region, int stores, CountDownLatch working) {
            super(region);
            this.stores = stores;
            this.working = working;
        }

        @Override
        SharedBytes memory(MemorySegment bytes) {
            return new DyingBytes(new MappedBytes(bytes), stores, working);
        }
    }

    /** Memory that a thread uses for so many stores. */
    private static final class DyingBytes extends SharedBytes {
        private final SharedBytes bytes;
        private final CountDownLatch working;
        private int left;

        DyingBytes(SharedBytes bytes, int stores, CountDownLatch working) {
            this.bytes = bytes;
            this.left = stores;
            this.working = working;
        }

        private void step() {
            if (left == 0) {
                working.countDown();
                for (; ; ) {
                    LockSupport.park();
                }
            }
            left--;
        }

        @Override
        public int getIntAcquire(long offset) {
            return bytes.getIntAcquire(offset);
        }

        @Override
        public void putIntRelease(long offset, int value) {
            step();
            bytes.putIntRelease(offset, value);
        }

        @Override
        public long getLong(long offset) {
            return bytes.getLong(offset);
        }

        @Override
        public void putLong(long offset, long value) {
            step();
            bytes.putLong(offset, value);
        }

        @Override
        public void storeStoreFence() {
            bytes.storeStoreFence();
        }
    }
}
