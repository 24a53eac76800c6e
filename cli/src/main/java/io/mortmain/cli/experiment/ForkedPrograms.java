package io.mortmain.cli.experiment;

import static io.mortmain.cli.experiment.MortmainMain.say;

import io.mortmain.Hold;
import io.mortmain.Region;
import io.mortmain.RobustMutex;
import io.mortmain.errors.ForkHooksException;
import io.mortmain.process.ForkHooks;
import io.mortmain.process.NativeFork;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Programs that a native library of a JVM starts by fork and exec while its threads hold mutexes of every kind, with hooks and without. */
final class ForkedPrograms {
    private static final long CAPACITY = 4096;
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration SHORT = Duration.ofMillis(50);
    private static final String BELOW = "fork and exec below the JVM, ";
    private static final String NOTHING_TAKEN = "with hooks";
    private static final String ALL_TAKEN = "hooks want those locks";
    private static final Set<NativeFork.Hooks> ALL_DONE = EnumSet.of(NativeFork.Hooks.DONE);
    private static final Set<NativeFork.Hooks> IN_VAIN =
            EnumSet.of(NativeFork.Hooks.TOO_LATE, NativeFork.Hooks.NO_TURN);

    private final ForkLibrary library;
    private final String program;
    private final HeldByOthers others;
    private final Deque<Hold> taken = new ArrayDeque<>();
    private final AtomicInteger begun = new AtomicInteger();
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
            programs.startWithHooks(NOTHING_TAKEN, PATIENCE, ALL_DONE, programs.begun::incrementAndGet, () -> {});
            programs.startWithHooks(ALL_TAKEN, SHORT, IN_VAIN, programs::takeAll, programs::releaseAll);
        }
    }

    private void start(String how) throws Throwable {
        String way = BELOW + how;
        String answer = Integer.toString(HeldByOthers.ANSWER);
        others.startPrograms(way, way, () -> library.forkAndExecute(program, "quit", answer));
    }

    private void startWithHooks(
            String how, Duration limit, Set<NativeFork.Hooks> expected, Runnable prepare, Runnable parent)
            throws Throwable {
        try {
            ForkHooks.setTimeLimit(limit);
        } catch (ForkHooksException impossible) {
            String why = Laboratory.IMPOSSIBLE + impossible.getMessage();
            say(BELOW + how, why);
            say("the locks after " + BELOW + how, why);
            say("hooks around " + BELOW + how, why);
            return;
        }
        begun.set(0);
        LinkedBlockingQueue<NativeFork> told = new LinkedBlockingQueue<>();
        try (ForkHooks.Registration listener = ForkHooks.listen(told::add);
                ForkHooks.Registration hooks = ForkHooks.register(prepare, parent)) {
            start(how);
            sayOfHooks(how, told, expected);
        }
        while (inside.get() > 0) { // a hook that came too late ends late, too
            Thread.sleep(SHORT);
        }
    }

    /** Programs would run without hooks, too: only listeners know that these were run, or waited for as long as they may be. */
    private void sayOfHooks(String how, LinkedBlockingQueue<NativeFork> told, Set<NativeFork.Hooks> expected)
            throws InterruptedException {
        int right = 0;
        for (int i = 0; i < HeldByOthers.PROGRAMS; i++) {
            NativeFork fork = told.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            if (fork == null) {
                break;
            }
            right += expected.contains(fork.hooks()) ? 1 : 0;
        }
        String outcome = expected.equals(ALL_DONE) ? "done" : "begun, and given up";
        say(
                "hooks around " + BELOW + how,
                begun.get() == 0 ? "never begun" : outcome + ", " + right + " of " + HeldByOthers.PROGRAMS);
    }

    private void takeAll() {
        begun.incrementAndGet();
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
