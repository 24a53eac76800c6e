package io.mortmain.process;

import io.mortmain.testing.Forks;
import io.mortmain.testing.Limits;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;

/** Forks where no thread can be started, and says what became of virtual threads afterwards. */
final class ForksWithoutThreads {
    /** Less than a thread's stack, and enough for what else the JVM does meanwhile. */
    private static final long ROOM = 512 << 10;
    /** The C library keeps the stacks of some that have ended. */
    private static final int MOST_THREADS = 200;

    private ForksWithoutThreads() {}

    public static void main(String[] arguments) throws Exception {
        LinkedBlockingQueue<NativeFork> told = new LinkedBlockingQueue<>();
        try (ForkHooks.Registration _ = ForkHooks.listen(told::add)) {
            Forks.call("own_thread"); // loads what a fork needs
            CountDownLatch end = new CountDownLatch(1);
            long limit = Limits.set(Limits.ADDRESS_SPACE, Limits.addressSpaceInUse() + ROOM);
            try {
                System.out.println("no more threads: " + startAllThereCanBe(end));
                System.out.println("fork and exec: " + Forks.call("fork_and_exec"));
                told.take();
            } finally {
                end.countDown();
                Limits.set(Limits.ADDRESS_SPACE, limit);
            }
        }
        LinkedBlockingQueue<String> ran = new LinkedBlockingQueue<>();
        Thread.ofVirtual().start(() -> ran.add("runs"));
        System.out.println("virtual thread: " + ran.take());
    }

    private static boolean startAllThereCanBe(CountDownLatch end) {
        for (int i = 0; i < MOST_THREADS; i++) {
            try {
                Thread.ofPlatform().daemon().start(() -> {
                    try {
                        end.await();
                    } catch (InterruptedException ends) {
                        // as well
                    }
                });
            } catch (OutOfMemoryError noMore) {
                return true;
            }
        }
        return false;
    }
}
