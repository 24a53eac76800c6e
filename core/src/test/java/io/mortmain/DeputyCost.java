package io.mortmain;

import io.mortmain.testing.TestRegion;

/** Prints what lock and unlock cost through a deputy. */
final class DeputyCost {
    private static final int OPERATIONS = 20_000;
    private static final int ROUNDS = 5;

    private DeputyCost() {}

    public static void main(String[] arguments) throws InterruptedException {
        try (TestRegion name = new TestRegion();
                Region region = Region.create(name.name(), 0)) {
            RobustMutex mutex = region.mutex("m");
            for (int round = 0; round < ROUNDS; round++) {
                print("platform thread", Thread.ofPlatform(), () -> mutex.lock().close());
                print("virtual thread", Thread.ofVirtual(), () -> mutex.lock().close());
                print(
                        "for hand-over",
                        Thread.ofPlatform(),
                        () -> mutex.lockForHandOver().close());
            }
        }
    }

    private static void print(String who, Thread.Builder thread, Runnable pair) throws InterruptedException {
        long start = System.nanoTime();
        thread.start(() -> {
                    for (int i = 0; i < OPERATIONS; i++) {
                        pair.run();
                    }
                })
                .join();
        System.out.println(who + ": " + (System.nanoTime() - start) / OPERATIONS + " ns for lock and unlock");
    }
}
