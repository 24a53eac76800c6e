package io.mortmain.cli.explore;

import io.mortmain.explore.program.Program;
import io.mortmain.explore.search.Result;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.function.Predicate;

/** Searches several programs at a time; each search runs on one thread and knows nothing of the others. */
public final class Searches {
    /** An exploration keeps about so much of each state: its fingerprint, the way to it, and the whole of it until it was visited. */
    private static final long BYTES_PER_STATE = 60;

    private Searches() {}

    /** As many as there are processors and, for so many states each, memory for. */
    public static int atATime(long mostStates) {
        Runtime machine = Runtime.getRuntime();
        long room = machine.maxMemory() / (BYTES_PER_STATE * mostStates);
        return Math.clamp(room, 1, machine.availableProcessors());
    }

    /**
     * Tells of each in the order of the programs, as soon as those before it are through, and ends early when told to. Throws what a
     * search throws.
     *
     * @param goesOn is told, and says whether to go on
     */
    public static void run(
            List<Program> programs, Function<Program, Result> search, int atATime, Predicate<Searched> goesOn)
            throws InterruptedException {
        // Nothing ends a search, so the process must be able to end without it.
        ExecutorService threads = Executors.newFixedThreadPool(
                atATime, Thread.ofPlatform().daemon().name("search-", 0).factory());
        try {
            List<Future<Searched>> searches = programs.stream()
                    .map(program -> threads.submit(() -> new Searched(program, search.apply(program))))
                    .toList();
            for (Future<Searched> next : searches) {
                if (!goesOn.test(result(next))) {
                    return;
                }
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private static Searched result(Future<Searched> search) throws InterruptedException {
        try {
            return search.get();
        } catch (ExecutionException failed) {
            switch (failed.getCause()) {
                case Error error -> throw error;
                case RuntimeException exception -> throw exception;
                case null, default -> throw new IllegalStateException(failed);
            }
        }
    }
}
