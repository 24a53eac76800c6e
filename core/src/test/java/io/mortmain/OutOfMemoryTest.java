package io.mortmain;

import static org.assertj.core.api.Assertions.assertThat;

import io.mortmain.errors.OwnerDiedException;
import io.mortmain.internal.layout.GlibcMutexLayout;
import io.mortmain.internal.linux.KernelThread;
import io.mortmain.testing.CMutexes;
import io.mortmain.testing.MutexPeer;
import io.mortmain.testing.RobustList;
import io.mortmain.testing.TestProcess;
import io.mortmain.testing.TestRegion;
import java.util.List;
import org.junit.jupiter.api.Test;

/** D15: the heap is full at any allocation of lock and unlock. */
class OutOfMemoryTest {
    private static final int ROUNDS = 440;
    private static final int HEAP_SIZE = 1 << 14;

    /** Full memory as a chain; the last links are cut off to leave a little. */
    private static final class Ballast {
        private final Ballast rest;
        private final long[] weight;

        Ballast(Ballast rest, int words) {
            this.rest = rest;
            this.weight = new long[words];
        }
    }

    private static Ballast ballast;

    private static void fill() {
        for (int words = 1 << 16; words >= 0; words = words == 0 ? -1 : words / 2) {
            try {
                for (; ; ) {
                    ballast = new Ballast(ballast, words);
                }
            } catch (OutOfMemoryError full) {
                continue;
            }
        }
    }

    private static void leave(int links) {
        for (int i = 0; i < links && ballast.rest != null; i++) {
            ballast = ballast.rest;
        }
    }

    /** A JVM with a small heap. */
    public static void main(String[] arguments) throws Exception {
        try (TestRegion name = new TestRegion();
                Region region = Region.create(name.name(), 2 * HEAP_SIZE);
                Region shared = Region.open(arguments[0])) {
            RobustMutex plain = region.mutex("plain");
            RobustMutex held = region.mutex("held");
            RobustMutex died = region.mutex("died");
            RobustMutex failing = region.mutex("died", _ -> {
                throw new IllegalStateException("not now");
            });
            Thread dies = new Thread(failing::tryLock);
            dies.start();
            dies.join();
            RobustList.awaitMark(died.pthreadMutex().address());
            Thread holder = new Thread(() -> {
                Hold kept = held.lock();
                assert !kept.predecessorDied();
                for (; ; ) {
                    java.util.concurrent.locks.LockSupport.park();
                }
            });
            holder.setDaemon(true);
            holder.start();
            while (RobustList.word(held.pthreadMutex().address()) == 0) {
                Thread.onSpinWait();
            }
            Data data = new Data(region);
            Rounds rounds = new Rounds(
                    plain,
                    held,
                    failing,
                    shared.mutex(MutexPeer.MUTEX, VanishScene.KIND, null),
                    CMutexes.create(),
                    data);
            rounds.run();
            ballast = null;
            rounds.wrong += data.isWhole() ? 0 : 1;
            System.out.println("full " + rounds.full + " done " + rounds.done + " waited " + rounds.waited + " wrong "
                    + rounds.wrong);
            System.out.flush();
            name.close();
            Runtime.getRuntime().halt(0);
        }
    }

    /** What is changed in transactions; the sum of each is 0. */
    private static final class Data {
        private static final int[] BOTH = {0, 1};

        private final GuardedArray<Account> array;
        private final GuardedArray<Account> striped;
        private final SharedHeap heap;

        Data(Region region) {
            array = region.guardedArray("array", 2, new Account(0));
            striped = region.guardedArray("striped", 2, new Account(0), GuardedArray.Options.DEFAULT.withStripes(2));
            heap = region.heap("heap", HEAP_SIZE);
            heap.update(tx -> tx.setRoot(tx.allocate(2 * Long.BYTES)));
        }

        void updateArray() {
            array.update(BOTH, Data::move);
        }

        void updateStriped() {
            striped.update(BOTH, Data::move);
        }

        void updateHeap() {
            heap.update(Data::move);
        }

        private static void move(GuardedArray.Elements<Account> both) {
            both.set(0, new Account(both.get(0).balance() + 1));
            both.set(1, new Account(both.get(1).balance() - 1));
        }

        private static void move(HeapTransaction heap) {
            long root = heap.root();
            long other = heap.allocate(Long.BYTES);
            heap.putLong(other, 0, heap.getLong(root, 0) + 1);
            heap.putLong(root, 0, heap.getLong(other, 0));
            heap.putLong(root, Long.BYTES, -heap.getLong(other, 0));
            heap.free(other);
        }

        boolean isWhole() {
            long inHeap = heap.read(view -> view.getLong(view.root(), 0) + view.getLong(view.root(), Long.BYTES));
            return array.get(0).balance() + array.get(1).balance() == 0
                    && striped.get(0).balance() + striped.get(1).balance() == 0
                    && inHeap == 0
                    && heap.checkInvariants() == 1;
        }
    }

    private record Account(long balance) {}

    private static final class Rounds {
        private final RobustMutex plain;
        private final RobustMutex held;
        private final RobustMutex failing;
        private final RobustMutex contended;
        private final long plainAddress;
        private final long failingAddress;
        private final long contendedAddress;
        private final int threadId = KernelThread.id();
        private final long c;
        private final Data data;
        private final long head = KernelThread.robustListHead();
        private int full;
        private int done;
        /** Acquired from another process that had it. */
        private int waited;

        private int wrong;

        Rounds(RobustMutex plain, RobustMutex held, RobustMutex failing, RobustMutex contended, long c, Data data) {
            this.plain = plain;
            this.held = held;
            this.failing = failing;
            this.contended = contended;
            this.plainAddress = plain.pthreadMutex().address();
            this.failingAddress = failing.pthreadMutex().address();
            this.contendedAddress = contended.pthreadMutex().address();
            this.c = c;
            this.data = data;
        }

        void run() throws InterruptedException {
            for (int i = 0; i < 256; i++) { // everything that only the test uses is loaded and linked
                CMutexes.lock(c);
                CMutexes.unlock(c);
                data.updateArray();
                data.updateStriped();
                data.updateHeap();
                right();
            }
            afterWaiting();
            try {
                failing.lock();
            } catch (OwnerDiedException expected) {
                right(); // how the message is put together is linked
            }
            for (int round = 0; round < ROUNDS; round++) {
                if (round % 50 == 0) {
                    ballast = null;
                    System.out.println(
                            "round " + round); // a full heap is slow, and a test that says nothing seems to hang
                    fill();
                }
                leave(round % 5 == 0 ? 1 : 0);
                try {
                    act(round % 11); // each with and without a little left
                    done++;
                } catch (OutOfMemoryError expected) {
                    full++;
                } catch (OwnerDiedException expected) {
                    done++;
                }
                wrong += right() ? 0 : 1;
            }
        }

        private void act(int which) throws InterruptedException {
            switch (which) {
                case 0 -> plain.lock().close();
                case 1 -> held.tryLock();
                case 2 -> held.tryLock(java.time.Duration.ZERO);
                case 3 -> failing.lock();
                case 4 -> plain.lockInterruptibly().close();
                case 5 -> afterWaiting();
                case 6 -> data.updateArray();
                case 7 -> data.updateStriped();
                case 8 -> data.updateHeap();
                default -> aboveC();
            }
        }

        private void afterWaiting() {
            while (RobustList.word(contendedAddress) == 0) {
                Thread.onSpinWait();
            }
            try (Hold hold = contended.lock()) {
                waited++;
                hold.predecessorDied();
            }
        }

        private void aboveC() {
            CMutexes.lock(c);
            try (Hold hold = plain.lock()) {
                hold.predecessorDied();
            } finally {
                CMutexes.unlock(c);
            }
        }

        /** Nothing is held by this thread, and its list says so. Allocates nothing. */
        private boolean right() {
            return RobustList.isEmpty(head)
                    && RobustList.word(plainAddress) == 0
                    && (RobustList.word(contendedAddress) & GlibcMutexLayout.TID_MASK) != threadId
                    && (RobustList.word(failingAddress) & GlibcMutexLayout.TID_MASK) == 0;
        }
    }

    @Test
    void shouldLeaveNothingLockedWhenTheHeapIsFull() {
        try (VanishScene scene = new VanishScene("relock-slowly");
                TestProcess small = TestProcess.java(
                        List.of("-Xmx16m"), OutOfMemoryTest.class, scene.name().name())) {
            String said = small.expect("full ");
            System.out.println("heap: " + said);
            assertThat(said).endsWith(" wrong 0");
            assertThat(Integer.parseInt(said.split(" ")[1]))
                    .as("operations refused")
                    .isPositive();
            assertThat(Integer.parseInt(said.split(" ")[3]))
                    .as("operations done")
                    .isPositive();
            assertThat(Integer.parseInt(said.split(" ")[5]))
                    .as("acquired after waiting")
                    .isPositive();
            scene.holder().say("now");
            assertThat(scene.holder().expect("relocked ")).endsWith(" wrong 0");
            try (Hold hold = scene.mutex().lock()) {
                assertThat(hold.predecessorDied()).isFalse();
            }
        }
    }
}
