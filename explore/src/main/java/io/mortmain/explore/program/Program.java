package io.mortmain.explore.program;

import io.mortmain.explore.machine.Actor;
import io.mortmain.explore.machine.Machine;
import io.mortmain.explore.mutant.Mutant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * What a few threads do at once, and how much the adversary may do to them.
 *
 * @param threads what each does, in order
 * @param processes the process of each
 * @param namesake whether the last thread begins when the first is gone, with its number
 * @param watched whether the process of the second thread has a daemon that watches holders for it
 */
public record Program(
        List<List<Operation>> threads,
        List<Integer> processes,
        boolean namesake,
        boolean watched,
        Machine.Allowances allowances) {
    private static final int FIRST_THREAD_ID = 101;
    private static final int WATCHED = 1;

    public Program {
        threads = threads.stream().map(List::copyOf).toList();
        processes = List.copyOf(processes);
    }

    /** Each thread a process of its own. */
    public static Program of(Machine.Allowances allowances, List<List<Operation>> threads) {
        List<Integer> processes = new ArrayList<>();
        for (int i = 0; i < threads.size(); i++) {
            processes.add(i);
        }
        return new Program(threads, processes, false, false, allowances);
    }

    /** As a command line has it: threads by {@code /}, operations by {@code +}. */
    public String name() {
        return threads.stream()
                .map(operations -> operations.stream()
                        .map(operation ->
                                operation.name().toLowerCase(Locale.ROOT).replace('_', '-'))
                        .collect(Collectors.joining("+")))
                .collect(Collectors.joining("/"));
    }

    /** The machine that runs it, with a defect planted in the library's threads. */
    public Machine machine(Mutant mutant) {
        return machine(mutant, true);
    }

    /** The same; without leaving out states that add nothing, if not {@code reduces}. */
    public Machine machine(Mutant mutant, boolean reduces) {
        List<Actor> actors = new ArrayList<>();
        for (int i = 0; i < threads.size(); i++) {
            List<Operation> operations = threads.get(i);
            boolean isC = operations.contains(Operation.C_LOCK) || operations.contains(Operation.C_TRY);
            boolean isNamesake = namesake && i == threads.size() - 1;
            Actor actor = new Actor(
                    (isC ? "C thread " : "thread ") + (char) ('A' + i),
                    FIRST_THREAD_ID + (isNamesake ? 0 : i),
                    processes.get(i),
                    isC ? new LibcThread(operations) : new LibraryThread(operations, watched && i == WATCHED, mutant));
            actors.add(isNamesake ? actor.after(0) : actor);
        }
        if (watched) {
            int process = processes.get(WATCHED);
            int threadId = FIRST_THREAD_ID + threads.size();
            actors.add(new Actor("watcher of B", threadId, process, new WatcherThread(mutant)).immortal());
        }
        boolean two = threads.stream().anyMatch(operations -> operations.contains(Operation.TWO));
        return new Machine(actors, two ? 2 : 1, watched, allowances, reduces);
    }
}
