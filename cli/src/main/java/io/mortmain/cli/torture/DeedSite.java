package io.mortmain.cli.torture;

import io.mortmain.MutexKind;
import io.mortmain.Region;
import io.mortmain.RobustMutex;
import io.mortmain.errors.LockException;
import io.mortmain.errors.RegionException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Where a deed is done.
 *
 * @param words of the order; the last is a path that nobody else uses
 * @param kept what is put here is not collected
 */
record DeedSite(List<String> words, Deque<Object> kept) {
    /** May throw anything. */
    interface Action<T> {
        T run() throws Throwable;
    }

    /** May throw anything, too. */
    interface Step {
        void run() throws Throwable;
    }

    String path() {
        return words.getLast();
    }

    int number() {
        return Integer.parseInt(words.get(2));
    }

    Region region() {
        return Region.create(path(), 4096);
    }

    static RobustMutex mutex(Region region, MutexKind kind) {
        return region.mutex("m", kind, null);
    }

    /** The futex word, seen from outside. */
    int word() {
        return Region.inspect(path()).objects().getFirst().mutex().orElseThrow().word();
    }

    /** The reason of a typed refusal, or what else came of it. */
    static String refusal(Step step) {
        try {
            step.run();
            return "not refused";
        } catch (LockException refused) {
            return refused.reason().name();
        } catch (RegionException refused) {
            return refused.reason().name();
        } catch (Throwable another) {
            return another.getClass().getSimpleName() + ": " + another.getMessage();
        }
    }

    /** On a platform thread of that name, which has ended then. */
    static <T> T onThread(String name, Action<T> action) throws Exception {
        CompletableFuture<T> done = new CompletableFuture<>();
        Thread thread = Thread.ofPlatform().daemon().name(name).start(() -> {
            try {
                done.complete(action.run());
            } catch (Throwable failed) {
                done.completeExceptionally(failed);
            }
        });
        T result = done.get(Hand.GUARD_SECONDS, TimeUnit.SECONDS);
        thread.join();
        return result;
    }

    static String outcome(boolean ok, String expected, String otherwise) {
        return ok ? expected : otherwise;
    }

    void remove() throws java.io.IOException {
        Files.deleteIfExists(Path.of(path()));
    }
}
