package io.mortmain.cli.experiment;

import static io.mortmain.cli.experiment.MortmainMain.say;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.mortmain.Hold;
import io.mortmain.Region;
import io.mortmain.RobustMutex;
import io.mortmain.process.ForkHooks;
import io.mortmain.process.NativeFork;
import io.mortmain.process.Spawn;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A native library forks in a JVM whose hooks hold its critical lock across the fork. */
final class HookedForks {
    private static final long CAPACITY = 4096;
    private static final long TEXT = 64;
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration A_SECOND = Duration.ofSeconds(1);
    private static final Duration SHORT = Duration.ofMillis(100);

    private final String path;
    private final ForkLibrary library;
    private final RobustMutex mutex;
    /** Two numbers that are equal outside of the critical section, in memory of this process alone. */
    private final MemorySegment data = Arena.global().allocate(JAVA_LONG, 2);
    /** What hooks ran, a letter each, where a child sees it. */
    private final MemorySegment calls = Arena.global().allocate(TEXT);

    private @Nullable Hold held;
    private volatile boolean spins;

    private HookedForks(String path, ForkLibrary library, RobustMutex mutex) {
        this.path = path;
        this.library = library;
        this.mutex = mutex;
    }

    static void observe(String path, String library) throws Throwable {
        try (Region region = Region.create(path, CAPACITY)) {
            HookedForks forks = new HookedForks(path, new ForkLibrary(library), region.mutex("m"));
            ForkHooks.setTimeLimit(PATIENCE);
            forks.seeSection();
            forks.seeOrder();
            forks.seeException();
            forks.seeSpawn();
            forks.seeSignalHandler();
            forks.seeSignalHandlerOverJava();
            forks.seeHolder();
        }
    }

    private void take() {
        held = mutex.lock();
    }

    private void release() {
        if (held != null) {
            held.close();
        }
    }

    private void seeSection() throws Throwable {
        say(
                "fork without hooks, another thread in the section: data",
                forkInSection(false).data());
        ForkLibrary.Seen seen = forkInSection(true);
        say("fork with hooks, another thread in the section: data", seen.data());
        say("the region in the child", library.isMapped(path) ? seen.region() : "not in the parent either");
        try (Hold next = mutex.tryLock()) {
            say("the lock after the fork", next == null ? "held" : next.predecessorDied() ? "told" : "free");
        }
    }

    /** Another thread stays between its two stores, with the lock, until a hook is about to wait for that. */
    private ForkLibrary.Seen forkInSection(boolean hooked) throws Throwable {
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch mayLeave = new CountDownLatch(1);
        Thread other = Thread.ofPlatform().start(() -> changeSlowly(inside, mayLeave));
        inside.await();
        Runnable prepare = () -> {
            mayLeave.countDown();
            take();
        };
        try (ForkHooks.Registration hooks = hooked ? ForkHooks.register(prepare, this::release) : () -> {}) {
            return library.fork(data, calls, path);
        } finally {
            mayLeave.countDown();
            other.join();
        }
    }

    private void changeSlowly(CountDownLatch inside, CountDownLatch mayLeave) {
        try (Hold section = mutex.lock()) {
            data.setAtIndex(JAVA_LONG, 0, data.getAtIndex(JAVA_LONG, 0) + 1);
            inside.countDown();
            mayLeave.await();
            Thread.sleep(SHORT); // a hook that did not wait would be noticed
            data.setAtIndex(JAVA_LONG, 1, data.getAtIndex(JAVA_LONG, 1) + 1);
        } catch (InterruptedException never) {
            throw new IllegalStateException(never);
        }
    }

    /** A hook that runs in the forking thread notes a question mark. */
    private ForkHooks.Registration noting(Thread forker, String before, String after) {
        return ForkHooks.register(() -> note(forker, before), () -> note(forker, after));
    }

    private void note(Thread forker, String call) {
        calls.setString(0, calls.getString(0) + (Thread.currentThread().threadId() == forker.threadId() ? "?" : call));
    }

    private void seeOrder() throws Throwable {
        Thread me = Thread.currentThread();
        calls.fill((byte) 0);
        try (ForkHooks.Registration a = noting(me, "a", "A");
                ForkHooks.Registration b = noting(me, "b", "B");
                ForkHooks.Registration c = noting(me, "c", "C")) {
            String inChild = library.fork(data, calls, path).calls();
            say("hooks in the parent, none in the forking thread", calls.getString(0));
            say("hooks in the child", inChild);
        }
    }

    private void seeException() throws Throwable {
        Thread me = Thread.currentThread();
        LinkedBlockingQueue<NativeFork> told = new LinkedBlockingQueue<>();
        LinkedBlockingQueue<Throwable> uncaught = new LinkedBlockingQueue<>();
        Thread.setDefaultUncaughtExceptionHandler((thread, thrown) -> uncaught.add(thrown));
        Runnable failing = () -> {
            note(me, "b");
            throw new IllegalStateException("a hook that fails on purpose");
        };
        calls.fill((byte) 0);
        try (ForkHooks.Registration listener = ForkHooks.listen(told::add);
                ForkHooks.Registration a = noting(me, "a", "A");
                ForkHooks.Registration b = ForkHooks.register(failing, () -> note(me, "B"));
                ForkHooks.Registration c = noting(me, "c", "C")) {
            library.fork(data, calls, path);
            NativeFork fork = told.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            say("hooks in the parent, the second before the fork throws", calls.getString(0));
            say("listeners are told of what a hook threw", fork == null ? "nothing" : names(fork.failures()));
        }
        say("the handler for uncaught exceptions is given what a hook threw", names(uncaught));
        Thread.setDefaultUncaughtExceptionHandler(null);
    }

    private static String names(Collection<Throwable> thrown) {
        return thrown.stream().map(one -> one.getClass().getSimpleName()).collect(Collectors.joining(" "));
    }

    private void seeSpawn() throws InterruptedException {
        calls.fill((byte) 0);
        try (ForkHooks.Registration hooks = noting(Thread.currentThread(), "a", "A")) {
            boolean ran = Spawn.of("true").start().await().isSuccess();
            say("hooks at Spawn", !ran ? "no child" : calls.getString(0).isEmpty() ? "not run" : "run");
        }
    }

    /** Hooks would wait for what the interrupted thread holds. */
    private void seeSignalHandler() throws Throwable {
        boolean done;
        NativeFork fork;
        LinkedBlockingQueue<NativeFork> told = new LinkedBlockingQueue<>();
        try (ForkHooks.Registration listener = ForkHooks.listen(told::add);
                ForkHooks.Registration hooks = ForkHooks.register(this::take, this::release)) {
            try (Hold own = mutex.lock()) {
                done = library.forkInSignalHandler(library.ownThread());
            }
            fork = told.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        }
        say("fork in a handler that interrupts a holder, with hooks", done ? "0" : "no child");
        say(
                "listeners are told of a fork in a handler",
                fork == null ? "nothing" : fork.hooks().toString());
    }

    /**
     * While the handler lasts the thread never comes to where the JVM could stop it. If the JVM wants to stop its threads meanwhile, those of the
     * library wait for that, too, and only the time limit ends it.
     */
    private void seeSignalHandlerOverJava() throws Throwable {
        ForkHooks.setTimeLimit(A_SECOND);
        LinkedBlockingQueue<NativeFork> told = new LinkedBlockingQueue<>();
        CompletableFuture<Integer> number = new CompletableFuture<>();
        boolean done;
        NativeFork fork;
        spins = true;
        Thread spinning = Thread.ofPlatform().start(() -> spin(number));
        calls.fill((byte) 0);
        try (ForkHooks.Registration listener = ForkHooks.listen(told::add);
                ForkHooks.Registration hooks = noting(spinning, "a", "A")) {
            done = library.forkInSignalHandler(number.get());
            fork = told.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } finally {
            spins = false;
            spinning.join();
        }
        say("fork in a handler that interrupts Java code", done ? "0" : "no child");
        say("hooks of a fork in a handler over Java code", calls.getString(0).isEmpty() ? "not run" : "run");
        say("listeners are told of a fork in a handler over Java code", fork == null ? "nothing" : leftOut(fork));
    }

    private static String leftOut(NativeFork fork) {
        return switch (fork.hooks()) {
            case SIGNAL_HANDLER, TOO_LATE -> "left out";
            case DONE, NONE, BY_HOOK, NO_TURN -> fork.hooks().toString();
        };
    }

    private void spin(CompletableFuture<Integer> number) {
        try {
            number.complete(library.ownThread());
        } catch (Throwable failed) {
            number.completeExceptionally(failed);
        }
        while (spins) {
            Thread.onSpinWait();
        }
    }

    /** The hook waits for the thread that waits for the hook. */
    private void seeHolder() throws Throwable {
        LinkedBlockingQueue<NativeFork> told = new LinkedBlockingQueue<>();
        ForkHooks.setTimeLimit(SHORT);
        NativeFork fork;
        AtomicInteger inside = new AtomicInteger();
        Runnable prepare = () -> {
            inside.incrementAndGet();
            take();
        };
        Runnable parent = () -> {
            release();
            inside.decrementAndGet();
        };
        try (ForkHooks.Registration listener = ForkHooks.listen(told::add);
                ForkHooks.Registration hooks = ForkHooks.register(prepare, parent)) {
            try (Hold own = mutex.lock()) {
                library.fork(data, calls, path);
            }
            fork = told.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            while (inside.get() > 0) { // listeners are told before a hook ends that is late
                Thread.sleep(SHORT);
            }
        }
        say("fork by a thread that holds what a hook takes", "0");
        say(
                "listeners are told of a fork by a holder",
                fork == null ? "nothing" : fork.hooks().toString());
    }
}
