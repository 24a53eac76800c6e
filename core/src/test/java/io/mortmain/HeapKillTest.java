package io.mortmain;

import static org.assertj.core.api.Assertions.assertThat;

import io.mortmain.testing.Seed;
import io.mortmain.testing.TestProcess;
import io.mortmain.testing.TestRegion;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/**
 * Processes that push nodes to a list in a heap and pop them, and are killed while they do. The default build has 15 kills;
 * {@code -Dtest=HeapKillTest -Dmortmain.soak=true} has 300.
 */
class HeapKillTest {
    private static final long SIZE = 1 << 22;
    private static final int WORKERS = 2;
    private static final int KILLS = Boolean.getBoolean("mortmain.soak") ? 300 : 15;
    /** As long as none of them has hit a transaction. */
    private static final int MOST_KILLS = 10 * KILLS;
    /** Of so many in turn the last two are of both workers at once, so that nobody is left to undo what they were doing. */
    private static final int KILLS_IN_TURN = 5;

    /** Offsets in the root: how many nodes there are, and what their values sum up to; and the first node. */
    private static final int COUNT = 0;

    private static final int SUM = 8;
    private static final int FIRST = 16;
    private static final int ROOT_SIZE = 24;
    /** Offsets in a node. */
    private static final int NEXT = 0;

    /** In each word from here on. */
    private static final int VALUE = 8;

    @Test
    void shouldLoseAndLeakNothingWhoeverIsKilled() throws InterruptedException {
        long seed = Seed.of("heap kills");
        Random random = new Random(seed);
        RegionOptions growing = RegionOptions.DEFAULT.withFirstCapacity(0);
        try (TestRegion name = new TestRegion();
                Region region = Region.create(name.name(), SIZE, growing)) {
            SharedHeap heap = region.heap("list", SIZE);
            heap.update(tx -> tx.setRoot(tx.allocate(ROOT_SIZE)));
            List<TestProcess> workers = new ArrayList<>();
            int kills = 0;
            int inside = 0;
            JournalWatch journal = new JournalWatch(name, "list");
            try {
                for (int i = 0; i < WORKERS; i++) {
                    workers.add(worker(name));
                }
                while (kills < KILLS || (inside == 0 && kills < MOST_KILLS)) {
                    int victim = kills % WORKERS;
                    workers.get(victim).expect("works");
                    Thread.sleep(random.nextInt(20));
                    if (kills % KILLS_IN_TURN < KILLS_IN_TURN - WORKERS) {
                        workers.get(victim).kill();
                        workers.set(victim, worker(name));
                        kills++;
                    } else {
                        inside += journal.isLeftInUseBy(workers) ? 1 : 0;
                        workers.replaceAll(_ -> worker(name));
                        kills += WORKERS;
                    }
                    requireWhole(heap);
                }
            } finally {
                workers.forEach(TestProcess::close);
            }
            long nodes = heap.<Long>read(HeapKillTest::requireWholeList);
            assertThat(heap.checkInvariants()).as("the nodes and the root").isEqualTo(nodes + 1);
            assertThat(inside).as("deaths of both that left a transaction").isPositive();
            System.out.println("heap kills: " + kills + ", " + inside + " deaths of both left a transaction, " + nodes
                    + " nodes at the end");
        }
    }

    private static TestProcess worker(TestRegion name) {
        return TestProcess.peer(Worker.class, name.name());
    }

    /** Others may work between the two looks. */
    private static void requireWhole(SharedHeap heap) {
        assertThat(heap.checkInvariants()).isPositive();
        assertThat(heap.<Long>read(HeapKillTest::requireWholeList)).isNotNegative();
    }

    /** The number of nodes. */
    private static long requireWholeList(HeapView view) {
        long root = view.root();
        long count = 0;
        long sum = 0;
        for (long node = view.getLong(root, FIRST); node != 0; node = view.getLong(node, NEXT)) {
            count++;
            sum += view.getLong(node, VALUE);
            for (long at = VALUE; at < view.sizeOf(node); at += Long.BYTES) {
                if (view.getLong(node, at) != view.getLong(node, VALUE)) {
                    throw new AssertionError("a node that is half written");
                }
            }
        }
        assertThat(count).isEqualTo(view.getLong(root, COUNT));
        assertThat(sum).isEqualTo(view.getLong(root, SUM));
        return count;
    }

    static final class Worker {
        private static final int MOST_NODES = 20;
        private static final int BEFORE_IT_SAYS = 20;
        private static final long PAUSE_NANOS = 20_000;

        public static void main(String[] arguments) {
            Random random = new Random();
            try (Region region = Region.open(arguments[0])) {
                SharedHeap heap = region.heap("list", SIZE);
                for (long i = 0; ; i++) {
                    heap.update(tx -> {
                        long nodes = tx.getLong(tx.root(), COUNT);
                        if (random.nextInt(MOST_NODES) >= nodes) {
                            push(tx, random);
                        } else {
                            pop(tx);
                        }
                    });
                    LockSupport.parkNanos(PAUSE_NANOS); // else the test, which waits too, had hardly ever its turn
                    if (i == BEFORE_IT_SAYS) {
                        System.out.println("works");
                    }
                }
            }
        }

        private static void push(HeapTransaction tx, Random random) {
            long root = tx.root();
            long node = tx.allocate(8_192 * (1 + random.nextInt(8))); // so that most of the time is that of storing
            long value = random.nextInt(1_000_000);
            for (long at = VALUE; at < tx.sizeOf(node); at += Long.BYTES) {
                tx.putLong(node, at, value);
            }
            tx.putLong(node, NEXT, tx.getLong(root, FIRST));
            tx.putLong(root, FIRST, node);
            tx.putLong(root, COUNT, tx.getLong(root, COUNT) + 1);
            tx.putLong(root, SUM, tx.getLong(root, SUM) + value);
        }

        private static void pop(HeapTransaction tx) {
            long root = tx.root();
            long node = tx.getLong(root, FIRST);
            tx.putLong(root, FIRST, tx.getLong(node, NEXT));
            tx.putLong(root, COUNT, tx.getLong(root, COUNT) - 1);
            tx.putLong(root, SUM, tx.getLong(root, SUM) - tx.getLong(node, VALUE));
            tx.free(node);
        }
    }
}
