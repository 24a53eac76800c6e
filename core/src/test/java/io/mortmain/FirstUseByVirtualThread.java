package io.mortmain;

import io.mortmain.errors.LockException;

/** A JVM of {@code VirtualThreadTest}: a virtual thread is the first to use the library. */
final class FirstUseByVirtualThread {
    private FirstUseByVirtualThread() {}

    public static void main(String[] arguments) throws InterruptedException {
        Thread.ofVirtual().start(() -> use(arguments[0])).join();
        try (Region region = Region.open(arguments[0]);
                Hold hold = region.mutex("m").lock()) {
            System.out.println("platform thread: " + (hold.predecessorDied() ? "died" : "clean"));
        }
    }

    private static void use(String name) {
        try (Region region = Region.open(name)) {
            RobustMutex mutex = region.mutex("m");
            System.out.println("virtual thread: " + mutex);
            refused("lock", mutex::lock);
            refused("tryLock", mutex::tryLock);
            refused("asLock", mutex.asLock()::lock);
            refused("new mutex", () -> region.mutex("new"));
        }
        System.out.println("virtual thread: closed");
    }

    private static void refused(String what, Runnable use) {
        try {
            use.run();
            System.out.println(what + ": nothing thrown");
        } catch (LockException refused) {
            System.out.println(what + ": " + refused.reason() + " " + refused.getMessage());
        }
    }
}
