package io.mortmain.testing;

import io.mortmain.Death;
import io.mortmain.Hold;
import io.mortmain.MutexKind;
import io.mortmain.Region;
import io.mortmain.RobustMutex;
import io.mortmain.errors.LockException;
import io.mortmain.internal.layout.GlibcMutexLayout;
import io.mortmain.internal.linux.KernelThread;
import io.mortmain.internal.words.MappedWords;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The Java side of a test about a mutex that a C program and a Java program share: obeys the same commands as lockpeer.c, and says the
 * same; after a death, what is known of it too: "lock EOWNERDEAD tid 17", "lock EOWNERDEAD repairing".
 */
public final class LockPeer {
    private final Deque<Hold> holds = new ArrayDeque<>();
    private @Nullable Region region;
    private @Nullable RobustMutex mutex;
    private boolean isForSeveral;
    private @Nullable Thread thread;
    private final Semaphore mayEnd = new Semaphore(0);

    private LockPeer() {}

    public static void main(String[] arguments) throws IOException {
        LockPeer peer = new LockPeer();
        BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        System.out.println("ready");
        for (String line = commands.readLine(); line != null; line = commands.readLine()) {
            System.out.println(peer.obey(line.split(" ", -1)));
        }
    }

    private String obey(String[] command) {
        return switch (command[0]) {
            case "open" -> open(command[1], command[2], MutexKind.valueOf(command[3]));
            case "tid" -> "tid " + KernelThread.id();
            case "lock" -> "lock " + result(() -> acquired(mutex().lock()));
            case "trylock" -> "trylock " + result(() -> acquired(mutex().tryLock()));
            case "waits" -> "waits " + lockNamedWaits(mutex()::lock);
            case "timed" -> "timed " + command[1] + " " + lockNamedWaits(() -> tryLock(Long.parseLong(command[1])));
            case "passes" -> "passes " + pass();
            case "unlock" -> "unlock " + result(this::unlock);
            case "consistent" -> "consistent " + result(this::markConsistent);
            case "count" -> "count " + command[1] + " " + count(Integer.parseInt(command[1]));
            case "close" -> close();
            case "abandon" -> abandon();
            case "thread" -> "thread " + lockInAThread();
            case "virtual" -> "virtual " + lockInAVirtualThread();
            case "hand-over" -> "hand-over " + lockForHandOver();
            case "end-thread" -> endThread();
            case "exit" -> exit();
            case "exit-elsewhere" -> exitFromAnotherThread();
            case "halt" -> halt();
            default -> "unknown command: " + command[0];
        };
    }

    private String open(String name, String mutexName, MutexKind kind) {
        region = Region.open(name);
        isForSeveral = Region.inspect(name).severalPidNamespaces();
        mutex = region.mutex(mutexName, kind, null);
        return "opened";
    }

    private RobustMutex mutex() {
        if (mutex == null) {
            throw new IllegalStateException("open first");
        }
        return mutex;
    }

    private String acquired(@Nullable Hold hold) {
        if (hold == null) {
            return "EBUSY";
        }
        holds.push(hold);
        return hold.death().map(LockPeer::told).orElse("0");
    }

    private static String told(Death death) {
        return "EOWNERDEAD"
                + (death.threadId().isPresent() ? " tid " + death.threadId().getAsInt() : "")
                + (death.processId().isPresent() ? " pid " + death.processId().getAsInt() : "")
                + (death.whileRepairing() ? " repairing" : "");
    }

    private @Nullable Hold tryLock(long millis) {
        try {
            return mutex().tryLock(Duration.ofMillis(millis));
        } catch (InterruptedException never) {
            throw new AssertionError(never);
        }
    }

    private String pass() {
        String locked = lockNamedWaits(mutex()::lock);
        return locked.equals("0") ? unlock() : locked;
    }

    private String lockNamedWaits(Supplier<@Nullable Hold> lock) {
        Thread.currentThread().setName("waits");
        try {
            return result(() -> acquired(lock.get()));
        } finally {
            Thread.currentThread().setName("lockpeer");
        }
    }

    private String unlock() {
        holds.pop().close();
        return "0";
    }

    private String markConsistent() {
        holds.element().markConsistent();
        return "0";
    }

    /** Adds so often 1 to a number that nothing but the mutex guards. */
    private String count(int times) {
        MemorySegment counter = Objects.requireNonNull(region).memory("counter", Long.BYTES);
        for (int i = 0; i < times; i++) {
            try (Hold hold = mutex().lock()) {
                counter.set(ValueLayout.JAVA_LONG, 0, counter.get(ValueLayout.JAVA_LONG, 0) + 1);
                if (hold.predecessorDied()) {
                    return "EOWNERDEAD";
                }
            }
        }
        return "0";
    }

    private String close() {
        if (region != null) {
            region.close();
        }
        return "closed";
    }

    /** Whatever the state of the mutex is then. */
    private String abandon() {
        while (!holds.isEmpty()) {
            holds.pop().close();
        }
        close();
        return "abandoned";
    }

    private int lockInAThread() {
        CompletableFuture<Integer> locked = new CompletableFuture<>();
        thread = Thread.ofPlatform().start(() -> {
            Hold dropped = mutex().lock();
            locked.complete(dropped.predecessorDied() ? -1 : KernelThread.id());
            mayEnd.acquireUninterruptibly();
        });
        return locked.join();
    }

    /** The virtual thread sleeps on, holding; says whether it was told, or else the number in the word, that of its deputy. */
    private int lockInAVirtualThread() {
        CompletableFuture<Integer> locked = new CompletableFuture<>();
        thread = Thread.ofVirtual().start(() -> {
            Hold dropped = mutex().lock();
            locked.complete(dropped.predecessorDied() ? -1 : holder());
            mayEnd.acquireUninterruptibly();
        });
        return locked.join();
    }

    private int lockForHandOver() {
        holds.push(mutex().lockForHandOver());
        return holder();
    }

    /** In a region for several PID namespaces, where there is no such number, 0. */
    private int holder() {
        return isForSeveral
                ? 0
                : MappedWords.INSTANCE.getIntVolatile(mutex().pthreadMutex().address() + GlibcMutexLayout.LOCK)
                        & GlibcMutexLayout.TID_MASK;
    }

    private String endThread() {
        mayEnd.release();
        try {
            if (thread != null) {
                thread.join();
            }
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
        return "ended";
    }

    private static String exit() {
        System.exit(0);
        return "";
    }

    /** The holder, this thread, is where it is when another one ends the process. */
    private static String exitFromAnotherThread() {
        Thread.ofPlatform().start(() -> System.exit(0));
        return "exits";
    }

    private static String halt() {
        Runtime.getRuntime().halt(0);
        return "";
    }

    private interface Attempt {
        String run();
    }

    /** Errors under the names that C has for them. */
    private static String result(Attempt attempt) {
        try {
            return attempt.run();
        } catch (LockException failed) {
            return switch (failed.reason()) {
                case NOT_RECOVERABLE -> "ENOTRECOVERABLE";
                case WOULD_DEADLOCK -> "EDEADLK";
                case NOT_HOLDER -> "EPERM";
                default -> failed.toString();
            };
        }
    }
}
