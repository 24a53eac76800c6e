package io.mortmain.explore.program;

import io.mortmain.explore.machine.Actor;
import io.mortmain.explore.machine.Allowances;
import io.mortmain.explore.machine.Exploration;
import io.mortmain.explore.machine.Machine;
import io.mortmain.explore.machine.Reduction;
import io.mortmain.internal.layout.RobustListLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * What a few threads do at once, and how much the adversary may do to them. As text: what the threads do, those of one process joined by
 * {@code &}, processes by {@code /}, operations by {@code +}; then what may happen, after commas. For example
 * {@code lock+try/lock,kills=2,unseen}.
 *
 * @param threads what each does, in order
 * @param processes the process of each
 * @param namesake whether the last thread begins when the first is gone, with its number
 * @param reboot whether the last thread begins after a reboot, which may come at any moment
 * @param walk how many links of a dead thread's list the kernel follows. In the real one these are {@link RobustListLayout#LIMIT}: the
 *     library counts, and adds none of its own beyond ({@code LockThread}), but C code on the thread puts its nodes above, and pushes the
 *     library's out of the walk. A small number is that, without thousands of mutexes: the word of one beyond keeps the dead number
 * @param watched whether the process of the second thread has a daemon that watches holders for it
 * @param tight whether there is space for one region only
 */
public record Program(
        List<List<Operation>> threads,
        List<Integer> processes,
        boolean namesake,
        boolean reboot,
        boolean watched,
        int walk,
        boolean tight,
        Allowances allowances) {
    private static final int FIRST_THREAD_ID = 101;
    private static final int WATCHED = 1;
    private static final int MOST_THREADS = 4;
    private static final int MUCH_ROOM = 1_000;

    public Program {
        threads = threads.stream().map(List::copyOf).toList();
        processes = List.copyOf(processes);
        if (threads.isEmpty() || threads.size() > MOST_THREADS || threads.size() != processes.size()) {
            throw new IllegalArgumentException(
                    "a program has 1 to " + MOST_THREADS + " threads, not " + threads.size());
        }
        if (threads.stream()
                .anyMatch(operations ->
                        operations.stream().map(Operation::isOfC).distinct().count() != 1)) {
            throw new IllegalArgumentException("the operations of one thread are all of C code, or none");
        }
        requireHandsMeet(threads, processes);
        boolean data = threads.stream().flatMap(List::stream).anyMatch(Operation::isOfData);
        if (data && threads.stream().flatMap(List::stream).anyMatch(Operation::isOfDirectory)) {
            throw new IllegalArgumentException("a program is about data or about the directory, whose place they have");
        }
        if (data && reboot) {
            throw new IllegalArgumentException(
                    "after a \"reboot\" data are lost, in whatever order pages came to the disk; memory here keeps its order");
        }
        boolean names = threads.getFirst().stream().anyMatch(Operation::isOfName);
        if (threads.stream().flatMap(List::stream).anyMatch(operation -> operation.isOfName() != names)) {
            throw new IllegalArgumentException(
                    "the operations of a program are all on the region's name, or all on what is in the region");
        }
        if (names && (reboot || namesake || watched)) {
            throw new IllegalArgumentException(
                    "\"reboot\", \"namesake\" and \"watched\" are about what is in a region, and not about its name");
        }
        if (tight && !names) {
            throw new IllegalArgumentException("\"tight\" is about space for regions, and no thread creates one");
        }
        if (watched && threads.size() <= WATCHED) {
            throw new IllegalArgumentException("\"watched\" is of the second thread's process, and there is none");
        }
        if (namesake && reboot) {
            throw new IllegalArgumentException(
                    "the last thread is a \"namesake\", or begins after a \"reboot\"; not both");
        }
        if ((namesake || reboot) && threads.size() < 2) {
            throw new IllegalArgumentException("\"namesake\" and \"reboot\" need a second thread, which begins later");
        }
        if (allowances.kills() == 0 && (allowances.unseen() || namesake || allowances.victims() != threads.size())) {
            throw new IllegalArgumentException("\"unseen\", \"victims\" and \"namesake\" need kills=N");
        }
        requireShort(walk, threads, allowances);
    }

    /** Beyond a walk that is longer than every list lies nothing. */
    private static void requireShort(int walk, List<List<Operation>> threads, Allowances allowances) {
        if (walk != RobustListLayout.LIMIT && (allowances.kills() == 0 || walk >= mostHeld(threads))) {
            throw new IllegalArgumentException("\"walk=" + walk + "\" needs kills=N, and a thread that holds more than "
                    + walk + (walk == 1 ? " mutex" : " mutexes") + " at once");
        }
    }

    private static int mostHeld(List<List<Operation>> threads) {
        return threads.stream().flatMap(List::stream).anyMatch(Operation::isOfTwo) ? 2 : 1;
    }

    /** A deputy waits for somebody of its process to close, and who closes for a deputy, for ever if there is none. */
    private static void requireHandsMeet(List<List<Operation>> threads, List<Integer> processes) {
        for (int process : processes) {
            List<List<Operation>> handing = new ArrayList<>();
            for (int i = 0; i < threads.size(); i++) {
                if (processes.get(i) == process && threads.get(i).stream().anyMatch(Operation::isOfHandOver)) {
                    handing.add(threads.get(i));
                }
            }
            long deputies = handing.stream()
                    .filter(List.of(Operation.HAND_OVER)::equals)
                    .count();
            long closers =
                    handing.stream().filter(List.of(Operation.CLOSE)::equals).count();
            if (!handing.isEmpty() && (deputies != 1 || closers < 1 || deputies + closers != handing.size())) {
                throw new IllegalArgumentException("a thread that does hand-over, and nothing else, needs others of its"
                        + " process that do close, and nothing else");
            }
        }
    }

    /** From text, see above; throws {@link IllegalArgumentException} with a sentence where it cannot be read. */
    public static Program parse(String text) {
        return ProgramText.parse(text);
    }

    /** As {@link #parse} reads it. */
    @Override
    public String toString() {
        return ProgramText.of(this);
    }

    /** What it does, without what may happen. */
    public String deeds() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < threads.size(); i++) {
            String before = i == 0 ? "" : processes.get(i).equals(processes.get(i - 1)) ? "&" : "/";
            text.append(before)
                    .append(threads.get(i).stream().map(Operation::text).collect(Collectors.joining("+")));
        }
        return text.toString();
    }

    /** To be searched, with a defect planted in the library's threads. */
    public Exploration exploration(Supplier<? extends Mutant> mutant) {
        return exploration(mutant, Reduction.ALL);
    }

    /** The same; with so much of what adds nothing left out. */
    public Exploration exploration(Supplier<? extends Mutant> mutant, Reduction reduction) {
        List<Actor> actors = new ArrayList<>();
        for (int i = 0; i < threads.size(); i++) {
            actors.add(actor(i, mutant));
        }
        if (watched) {
            int threadId = FIRST_THREAD_ID + threads.size();
            actors.add(
                    new Actor("watcher of B", threadId, processes.get(WATCHED), new WatcherThread(mutant)).immortal());
        }
        boolean directory =
                threads.stream().anyMatch(operations -> operations.stream().anyMatch(Operation::isOfDirectory));
        boolean data =
                threads.stream().anyMatch(operations -> operations.stream().anyMatch(Operation::isOfData));
        int entries = directory ? DirectoryUser.ENTRIES : data ? DataUser.ENTRIES : 0;
        boolean names = threads.stream().flatMap(List::stream).anyMatch(Operation::isOfName);
        Machine machine = new Machine(
                actors,
                mostHeld(threads),
                entries,
                !names ? 0 : tight ? 1 : MUCH_ROOM,
                watched,
                walk,
                allowances,
                reduction,
                data);
        return new Exploration(machine, LibraryThread.KIND);
    }

    private Actor actor(int index, Supplier<? extends Mutant> mutant) {
        List<Operation> operations = threads.get(index);
        boolean isC = operations.stream().anyMatch(Operation::isOfC);
        boolean isNamesake = namesake && index == threads.size() - 1;
        Actor actor = new Actor(
                (isC ? "C thread " : "thread ") + (char) ('A' + index),
                FIRST_THREAD_ID + (isNamesake ? 0 : index),
                processes.get(index),
                isC ? new LibcThread(operations) : new LibraryThread(operations, watched && index == WATCHED, mutant));
        boolean isLast = index == threads.size() - 1;
        return isNamesake ? actor.after(0) : reboot && isLast ? actor.after(Actor.AFTER_REBOOT) : actor;
    }
}
