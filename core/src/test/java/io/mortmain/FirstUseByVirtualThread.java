package io.mortmain;

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
            mutex.lock().close();
            System.out.println("lock");
            mutex.asLock().lock();
            mutex.asLock().unlock();
            System.out.println("asLock");
            region.mutex("new").lock().close();
            System.out.println("new mutex");
        }
        System.out.println("virtual thread: closed");
    }
}
