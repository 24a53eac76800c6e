package io.mortmain.cli.experiment;

import static io.mortmain.cli.experiment.MortmainMain.say;

import io.mortmain.Hold;
import io.mortmain.Region;
import io.mortmain.RobustMutex;
import io.mortmain.errors.ForkHooksException;
import io.mortmain.process.ForkHooks;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicInteger;

/** Programs that a native library of a JVM starts by fork and exec while its threads hold mutexes of every kind, with hooks and without. */
final class ForkedPrograms {
    private static final long CAPACITY = 4096;
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration SHORT = Duration.ofMillis(50);
    private static final String NOTHING_TAKEN = "with hooks";
    private static final String ALL_TAKEN = "hooks want those locks";

    private final ForkLibrary library;
    private final String program;
    private final HeldByOthers others;
    private final Deque<Hold> taken = new ArrayDeque<>();
    private final AtomicInteger inside = new AtomicInteger();

    private ForkedPrograms(ForkLibrary library, String program, HeldByOthers others) {
        this.library = library;
        this.program = program;
        this.others = others;
    }

    static void observe(String path, String program, String library) throws Throwable {
        try (Region region = Region.create(path, CAPACITY)) {
            ForkedPrograms programs = new ForkedPrograms(new ForkLibrary(library), program, new HeldByOthers(region));
            RobustMutex own = region.mutex("own");
            try (Hold section = own.lock()) {
                say(
                        "a child of fork and exec below the JVM has",
                        Inherited.ofRegion(programs.library.forkAndExecute(program, "inherited", path)));
            }
            programs.start("without hooks");
            programs.startWithHooks(NOTHING_TAKEN, PATIENCE, () -> {}, () -> {});
            programs.startWithHooks(ALL_TAKEN, SHORT, programs::takeAll, programs::releaseAll);
        }
    }

    private void start(String how) throws Throwable {
        String way = "fork and exec below the JVM, " + how;
        String answer = Integer.toString(HeldByOthers.ANSWER);
        others.startPrograms(way, way, () -> library.forkAndExecute(program, "quit", answer));
    }

    private void startWithHooks(String how, Duration limit, Runnable prepare, Runnable parent) throws Throwable {
        try {
            ForkHooks.setTimeLimit(limit);
        } catch (ForkHooksException impossible) {
            String why = Laboratory.IMPOSSIBLE + impossible.getMessage();
            say("fork and exec below the JVM, " + how, why);
            say("the locks after fork and exec below the JVM, " + how, why);
            return;
        }
        try (ForkHooks.Registration hooks = ForkHooks.register(prepare, parent)) {
            start(how);
        }
        while (inside.get() > 0) { // a hook that came too late ends late, too
            Thread.sleep(SHORT);
        }
    }

    private void takeAll() {
        inside.incrementAndGet();
        others.mutexes().forEach(mutex -> taken.push(mutex.lock()));
    }

    private void releaseAll() {
        while (!taken.isEmpty()) {
            taken.pop().close();
        }
        inside.decrementAndGet();
    }
}
