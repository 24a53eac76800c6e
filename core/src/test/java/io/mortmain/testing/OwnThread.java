package io.mortmain.testing;

import java.util.concurrent.atomic.AtomicReference;

/** What a test does in a thread that ends: its robust list is empty at first, and the kernel walks it at the end. */
public final class OwnThread {
    private OwnThread() {}

    /** Runs it to its end; what it throws becomes an error of the test. */
    public static void run(Runnable action) throws InterruptedException {
        AtomicReference<Throwable> failure = new AtomicReference<>();
        Thread thread = new Thread(action);
        thread.setUncaughtExceptionHandler((_, thrown) -> failure.set(thrown));
        thread.start();
        thread.join();
        if (failure.get() != null) {
            throw new AssertionError(failure.get());
        }
    }
}
