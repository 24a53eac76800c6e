package io.mortmain;

import io.mortmain.internal.layout.GlibcMutexLayout;
import io.mortmain.internal.words.MappedWords;
import io.mortmain.testing.TestProcess;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** What the tests of virtual threads have in common: threads that do what they are told, and looks at the word. */
final class VirtualThreads {
    private VirtualThreads() {}

    interface Body<T> {
        T run() throws Exception;
    }

    /** A thread that does one thing after another. */
    static final class Actor implements AutoCloseable {
        private final BlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();
        private final Thread thread;
        private volatile boolean ended;

        Actor(Thread.Builder builder) {
            thread = builder.start(() -> {
                while (!ended) {
                    take().run();
                }
            });
        }

        private Runnable take() {
            for (; ; ) {
                try {
                    return tasks.take();
                } catch (InterruptedException forTheMutexOnly) {
                    Thread.interrupted();
                }
            }
        }

        Thread thread() {
            return thread;
        }

        /** Returns when the thread is at it; an interrupt from then on is for the body. */
        <T> CompletableFuture<T> begin(Body<T> body) {
            CompletableFuture<T> result = new CompletableFuture<>();
            CompletableFuture<Boolean> begun = new CompletableFuture<>();
            tasks.add(() -> {
                begun.complete(true);
                try {
                    result.complete(body.run());
                } catch (Throwable failed) {
                    result.completeExceptionally(failed);
                }
            });
            end(begun);
            return result;
        }

        <T> T run(Body<T> body) {
            return end(begin(body));
        }

        @Override
        public void close() {
            run(() -> ended = true);
        }
    }

    static Actor virtual(String name) {
        return new Actor(Thread.ofVirtual().name(name));
    }

    static Actor platform(String name) {
        return new Actor(Thread.ofPlatform().name(name).daemon());
    }

    /** What came of it; the exception as it was thrown. */
    static <T> T end(CompletableFuture<T> begun) {
        try {
            return begun.get(TestProcess.GUARD_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException failed) {
            VirtualThreads.<RuntimeException>rethrow(failed.getCause());
            throw new AssertionError(failed);
        } catch (InterruptedException | TimeoutException hangs) {
            throw new AssertionError(hangs);
        }
    }

    @SuppressWarnings("unchecked")
    private static <E extends Throwable> void rethrow(Throwable thrown) throws E {
        throw (E) thrown;
    }

    static int word(RobustMutex mutex) {
        return MappedWords.INSTANCE.getIntVolatile(mutex.pthreadMutex().address() + GlibcMutexLayout.LOCK);
    }

    static int holder(RobustMutex mutex) {
        return word(mutex) & GlibcMutexLayout.TID_MASK;
    }

    /** Until somebody sleeps for the mutex. */
    static void awaitSleeper(RobustMutex mutex) {
        await(() -> (word(mutex) & GlibcMutexLayout.WAITERS) != 0);
    }

    /** Until that virtual thread is parked. */
    static void awaitParked(Actor actor) {
        await(() -> actor.thread().getState() == Thread.State.WAITING
                || actor.thread().getState() == Thread.State.TIMED_WAITING);
    }

    interface Condition {
        boolean holds() throws Exception;
    }

    static void await(Condition condition) {
        long guard = System.nanoTime() + TimeUnit.SECONDS.toNanos(TestProcess.GUARD_SECONDS);
        try {
            while (!condition.holds()) {
                if (System.nanoTime() - guard > 0) {
                    throw new AssertionError("hangs");
                }
                Thread.sleep(1);
            }
        } catch (Exception failed) {
            throw new AssertionError(failed);
        }
    }

    /** Names of the deputies that live in this process. */
    static List<String> deputies() {
        List<String> found = new ArrayList<>();
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (thread.getName().startsWith("mortmain-deputy-")) {
                found.add(thread.getName());
            }
        }
        return found;
    }

    /** A death: a platform thread ends while it holds. */
    static void dieHolding(RobustMutex mutex) throws InterruptedException {
        Thread holder = Thread.ofPlatform().start(() -> Objects.requireNonNull(mutex.lock()));
        holder.join();
    }
}
