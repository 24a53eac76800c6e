package io.mortmain.process;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.mortmain.Hold;
import io.mortmain.Region;
import io.mortmain.RobustMutex;
import io.mortmain.testing.Forks;
import io.mortmain.testing.TestRegion;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A JVM that forks natively while others of its threads hold robust mutexes, allocate, and have code compiled; then it looks at what is left.
 * Says one line, {@code forks N wrong N torn N told N hooks N locks free}.
 *
 * <ul>
 *   <li>wrong: children that did not end as they should
 *   <li>torn: children whose copy of what a mutex guards was half changed
 *   <li>told: acquisitions that were told of a death, where nobody died
 *   <li>hooks: how often the hooks ran
 * </ul>
 */
final class ForkStorm {
    private static final long INSIDE_NANOS = 300_000;
    /** The machine has other work, and those who fork must come to run. */
    private static final long PAUSE_NANOS = 200_000;

    private static final Duration GUARD = Duration.ofSeconds(30);

    private final Region region;
    private final List<RobustMutex> mutexes = new ArrayList<>();
    private final List<MemorySegment> pairs = new ArrayList<>();
    private final AtomicInteger told = new AtomicInteger();
    private final AtomicInteger hooks = new AtomicInteger();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private final List<Thread> threads = new ArrayList<>();
    private final List<Hold> held = new ArrayList<>();
    private int collections;
    private volatile boolean isOver;

    private ForkStorm(Region region) {
        this.region = region;
    }

    /** Work that a class of its own does, so that each is compiled anew. */
    public static final class Compiled implements Runnable {
        private long sum;

        @Override
        public void run() {
            for (int i = 0; i < 20_000; i++) {
                sum += Long.rotateLeft(sum ^ i, 5);
            }
        }
    }

    /** How many forks; whether with hooks; and whether they are made by a signal handler over Java code: no, handler, or nodefer. */
    public static void main(String[] arguments) throws Exception {
        int forks = Integer.parseInt(arguments[0]);
        boolean withHooks = Boolean.parseBoolean(arguments[1]);
        try (TestRegion name = new TestRegion();
                Region region = Region.create(name.name(), 0)) {
            ForkStorm storm = new ForkStorm(region);
            storm.begin(withHooks);
            Children children = arguments[2].equals("no")
                    ? storm.fork(forks)
                    : new Children(storm.forkInHandlers(forks, arguments[2]), 0);
            storm.end();
            System.out.println("forks " + forks + " wrong " + children.wrong + " torn " + children.torn + " told "
                    + storm.told + " hooks " + storm.hooks + " locks free");
        }
    }

    private void begin(boolean withHooks) {
        Arena arena = Arena.global();
        for (int i = 0; i < 2; i++) {
            RobustMutex mutex = region.mutex("m" + i);
            MemorySegment pair = arena.allocate(JAVA_LONG, 2);
            mutexes.add(mutex);
            pairs.add(pair);
            start(() -> change(mutex, pair));
        }
        start(this::allocate);
        start(this::compile);
        if (withHooks) {
            ForkHooks.setTimeLimit(Duration.ofSeconds(20));
            ForkHooks.Registration unusedRegistration = ForkHooks.register(this::prepare, this::parent);
        }
    }

    private interface Work {
        void once() throws Throwable;
    }

    private void start(Work work) {
        threads.add(Thread.ofPlatform().start(() -> {
            try {
                while (!isOver) {
                    work.once();
                    LockSupport.parkNanos(PAUSE_NANOS);
                }
            } catch (Throwable thrown) {
                failure.set(thrown);
            }
        }));
    }

    private void change(RobustMutex mutex, MemorySegment pair) {
        try (Hold hold = mutex.lock()) {
            told.addAndGet(hold.predecessorDied() ? 1 : 0);
            pair.set(JAVA_LONG, 0, pair.get(JAVA_LONG, 0) + 1);
            LockSupport.parkNanos(INSIDE_NANOS);
            pair.set(JAVA_LONG, Long.BYTES, pair.get(JAVA_LONG, Long.BYTES) + 1);
        }
    }

    private void allocate() {
        byte[][] garbage = new byte[64][];
        for (int i = 0; i < 200; i++) {
            garbage[i & 63] = new byte[4_096];
        }
        if (garbage[0].length == 0) {
            throw new AssertionError("never");
        }
        if (collections++ % 64 == 0) {
            System.gc();
        }
    }

    private void compile() throws Throwable {
        String file = Compiled.class.getName().replace("io.mortmain.process.", "") + ".class";
        try (InputStream bytes = ForkStorm.class.getResourceAsStream(file)) {
            Class<?> fresh = MethodHandles.lookup()
                    .defineHiddenClass(bytes.readAllBytes(), true)
                    .lookupClass();
            Runnable work = (Runnable) fresh.getConstructor().newInstance();
            for (int i = 0; i < 3; i++) {
                work.run();
            }
        } catch (IOException unreadable) {
            throw new AssertionError(unreadable);
        }
    }

    private void prepare() {
        for (RobustMutex mutex : mutexes) {
            held.add(mutex.lock());
        }
    }

    private void parent() {
        hooks.incrementAndGet();
        held.forEach(Hold::close);
        held.clear();
    }

    /** How many did not end as they should, and how many found something torn. */
    private record Children(int wrong, int torn) {}

    private Children fork(int times) {
        int wrong = 0;
        int torn = 0;
        for (int i = 0; i < times; i++) {
            int outcome = Forks.callAt(
                    i % 2 == 0 ? "child_sees_torn" : "child_sees_torn_and_execs",
                    pairs.get(i / 2 % 2).address());
            sayThatItGoesOn(i);
            torn += outcome == 1 ? 1 : 0;
            wrong += outcome == 0 || outcome == 1 ? 0 : 1;
        }
        return new Children(wrong, torn);
    }

    /** The test takes silence for a hang. */
    private static void sayThatItGoesOn(int times) {
        if (times % 20 == 0) {
            System.out.println("so far " + times);
        }
    }

    /** The signals interrupt this thread in Java code. */
    private int forkInHandlers(int times, String how) {
        int installed =
                Forks.call(how.equals("nodefer") ? "install_undeferred_forking_handler" : "install_forking_handler");
        if (installed != 0) {
            throw new AssertionError("no handler");
        }
        if (how.equals("handler") || how.equals("nodefer")) {
            ForkHooks.setTimeLimit(Duration.ofMillis(50));
        }
        int me = Forks.call("own_thread");
        Thread sender = Thread.ofPlatform().start(() -> {
            for (int sent = 1; sent <= times; sent++) {
                sayThatItGoesOn(sent);
                Forks.call("signal_thread", me);
                while (Forks.call("forks_in_handler") < sent) {
                    Thread.onSpinWait();
                }
            }
        });
        Compiled work = new Compiled();
        while (sender.isAlive()) {
            work.run();
        }
        return Forks.call("wrong_in_handlers");
    }

    private void end() throws Exception {
        isOver = true;
        for (Thread thread : threads) {
            thread.join();
        }
        if (failure.get() != null) {
            throw new AssertionError("a thread failed", failure.get());
        }
        for (RobustMutex mutex : mutexes) {
            try (Hold hold = mutex.tryLock(GUARD)) {
                if (hold == null || hold.predecessorDied()) {
                    throw new AssertionError("left behind: " + mutex + " " + hold);
                }
            }
        }
        for (MemorySegment pair : pairs) {
            if (pair.get(JAVA_LONG, 0) != pair.get(JAVA_LONG, Long.BYTES) || pair.get(JAVA_LONG, 0) == 0) {
                throw new AssertionError("not whole in the parent");
            }
        }
    }
}
