package io.mortmain;

import static io.mortmain.internal.layout.GlibcMutexLayout.WAITERS;

import io.mortmain.testing.MutexPeer;
import io.mortmain.testing.RobustList;
import io.mortmain.testing.TestProcess;
import io.mortmain.testing.TestRegion;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A region with one mutex, and a C program that holds it and will lose it in one of the ways of vanish.c. */
final class VanishScene implements AutoCloseable {
    static final MutexKind KIND = MutexKind.NORMAL;

    private final TestRegion name = new TestRegion();
    private final Region region = Region.create(name.name(), 0);
    private final RobustMutex mutex;
    private final String way;
    private final TestProcess holder;
    private final int threadId;

    VanishScene(String way) {
        this(way, KIND);
    }

    VanishScene(String way, MutexKind kind, String... more) {
        this.way = way;
        mutex = region.mutex(MutexPeer.MUTEX, kind, null);
        long offset = Region.inspect(name.name()).objects().get(0).offset();
        String[] arguments = Stream.concat(Stream.of(name.path(), Long.toString(offset), way), Stream.of(more))
                .toArray(String[]::new);
        holder = TestProcess.c("vanish", arguments);
        threadId = Integer.parseInt(holder.expect("held ").substring("held ".length()));
    }

    TestRegion name() {
        return name;
    }

    RobustMutex mutex() {
        return mutex;
    }

    TestProcess holder() {
        return holder;
    }

    /** The holder's. */
    int threadId() {
        return threadId;
    }

    int word() {
        return RobustList.word(mutex.pthreadMutex().address());
    }

    /** The holder loses the mutex, and its thread ends, unless the way is one that lives on. */
    void vanish() {
        holder.say("now");
        if (way.equals("exec") || way.equals("zombie") || way.endsWith("-only")) {
            holder.expect("lives");
        } else {
            holder.exitCode();
        }
    }

    /** Locks in a thread of its own; completed with whether it was told. */
    CompletableFuture<Boolean> waitInJava() {
        return CompletableFuture.supplyAsync(
                () -> {
                    try (Hold hold = mutex.lock()) {
                        boolean told = hold.predecessorDied();
                        if (told) {
                            requireDeathOfHolder(hold.death());
                            hold.markConsistent();
                        }
                        return told;
                    }
                },
                task -> Thread.ofPlatform().daemon().start(task));
    }

    /** In the middle of its lock, glibc has not written who it is. */
    private void requireDeathOfHolder(Optional<Death> death) {
        OptionalInt expected = way.equals("pending") ? OptionalInt.empty() : OptionalInt.of(threadId);
        if (!death.equals(Optional.of(new Death(expected, false, false, java.util.OptionalInt.empty())))) {
            throw new AssertionError("told of " + death + " where " + expected + " died");
        }
    }

    void awaitWaiter() {
        long start = System.nanoTime();
        while ((word() & WAITERS) == 0) {
            if (System.nanoTime() - start > TimeUnit.SECONDS.toNanos(TestProcess.GUARD_SECONDS)) {
                throw new AssertionError("nobody waits for the mutex");
            }
            Thread.onSpinWait();
        }
    }

    @Override
    public void close() {
        holder.close();
        region.close();
        name.close();
    }
}
