package io.mortmain.internal.owner;

import io.mortmain.internal.layout.RobustListLayout;
import io.mortmain.internal.linux.KernelThread;
import io.mortmain.internal.words.MappedWords;
import io.mortmain.testing.TestProcess;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** A thread of this process whose robust list a test looks at. Closing ends its rest, and waits for its end. */
final class ListOwner implements AutoCloseable {
    private final CountDownLatch started = new CountDownLatch(1);
    private final CountDownLatch mayGoOn = new CountDownLatch(1);
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private final Thread thread;
    private volatile int threadId;
    private volatile boolean rests;

    /** @param life what the thread does; it is given something to run in which it sleeps until it is closed */
    ListOwner(Consumer<Runnable> life) {
        thread = Thread.ofPlatform().daemon().unstarted(() -> {
            threadId = KernelThread.id();
            started.countDown();
            life.accept(this::rest);
        });
        thread.setUncaughtExceptionHandler((_, thrown) -> failure.set(thrown));
        thread.start();
        await(started);
    }

    /** One whose pending word has the link while it does the deed. */
    static ListOwner withPending(long link, Consumer<Runnable> deed) {
        return new ListOwner(rest -> {
            long pending = KernelThread.robustListHead() + RobustListLayout.PENDING;
            MappedWords.INSTANCE.putLongRelease(pending, link);
            deed.accept(rest);
            MappedWords.INSTANCE.putLongRelease(pending, 0);
        });
    }

    private void rest() {
        rests = true;
        await(mayGoOn);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException never) {
            throw new AssertionError(never);
        }
    }

    int threadId() {
        return threadId;
    }

    void awaitRest() {
        awaitThat(() -> rests, "rests");
    }

    void awaitThat(BooleanSupplier condition, String what) {
        long guard = System.nanoTime() + TimeUnit.SECONDS.toNanos(TestProcess.GUARD_SECONDS);
        while (!condition.getAsBoolean()) {
            if (failure.get() != null || System.nanoTime() - guard > 0) {
                throw new AssertionError("the thread never " + what, failure.get());
            }
            Thread.onSpinWait();
        }
    }

    @Override
    public void close() {
        mayGoOn.countDown();
        awaitThat(() -> !thread.isAlive(), "ends");
        if (failure.get() != null) {
            throw new AssertionError(failure.get());
        }
    }
}
