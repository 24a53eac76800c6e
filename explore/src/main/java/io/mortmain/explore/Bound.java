package io.mortmain.explore;

import io.mortmain.explore.program.Operation;
import io.mortmain.explore.program.Program;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Which programs are explored, every one wholly, but for those of {@link #BEYOND}. */
public enum Bound {
    /**
     * For every build: each two operations on a mutex, or on a region's name, against each other, with two deaths, seen or unseen by the kernel; chosen programs of
     * two processes with two operations each and of three with one, with a death at every step; the ways in which a dead thread's number comes back; lists that are
     * longer than the kernel's walk; objects put into a directory; data in transactions; regions that are created, opened and removed; and reboots.
     */
    SMALL("minutes on an old machine, less than one on a new", 20_000_000) {
        @Override
        public List<Program> programs() {
            List<Program> programs = new ArrayList<>();
            for (Pair pair : pairs()) {
                programs.add(
                        Program.parse(pair.one() + "/" + pair.other() + ",kills=2,unseen,time-outs=1,interrupts=1"));
            }
            for (Pair pair : pairs()) {
                if (!pair.isMixed()) {
                    programs.add(Program.parse(
                            pair.one() + "+" + pair.other() + "/" + pair.other() + "+" + pair.one() + ",kills=1"));
                }
            }
            for (String third : List.of("lock", "timed", "c-lock")) {
                programs.add(Program.parse("lock/lock/" + third + ",kills=1"));
            }
            // one is woken and has not looked yet when the mutex is taken again and given up;
            // others sleep behind it
            programs.add(Program.parse("lock+give-up/lock/c-lock"));
            // a reset waits behind a number that glibc's trylock left in the word, until its thread is gone;
            // or that thread gets the mutex after all, and dies unseen
            programs.add(Program.parse("give-up/c-try/reset,kills=1"));
            programs.add(Program.parse("give-up/c-try/reset,kills=2,victims=2,unseen"));
            // glibc refuses what was given up, and wakes nobody; of the library only a reset can sleep then
            programs.add(Program.parse("give-up+reset/c-lock"));
            // a reset sees the number of another one, which then resets what was given up, and dies
            programs.add(Program.parse("give-up+reset/reset,kills=1,unseen"));
            programs.add(Program.parse("lock/lock,reboot"));
            programs.add(Program.parse("lock&lock/lock,kills=1,unseen"));
            for (String beyondWalk :
                    List.of("two/two,kills=1,walk=1", "nested/two,kills=2,walk=1", "lock/c-lock,kills=1,walk=0")) {
                programs.add(Program.parse(beyondWalk));
            }
            programs.addAll(namesakes());
            programs.addAll(contended());
            programs.add(Program.parse("hand-over&close&close/lock,kills=1"));
            programs.add(Program.parse("hand-over&close/lock,kills=2,unseen"));
            programs.add(Program.parse("insert/insert,kills=1"));
            programs.add(Program.parse("insert/insert-own,kills=1"));
            programs.add(Program.parse("insert-own/find,kills=1"));
            programs.addAll(data());
            programs.addAll(births());
            programs.add(Program.parse("lock+give-up/lock/lock,kills=1,unseen,reboot"));
            programs.add(Program.parse("lock/reset/reset,kills=1,reboot"));
            programs.add(Program.parse("two/hand-on/two,reboot"));
            return programs;
        }
    },

    /**
     * All of the small one; every two processes with two operations each, and every three with one, on a mutex, a name, a directory or data,
     * with a death at every step, seen or unseen by the kernel. What else can be is chosen, as in the small bound, such as reboots.
     *
     * <p>Not one program for each choice of operations, which would be thousands: the adversary chooses them ({@link Operation#ANY}), as late
     * as the code differs, so that what comes before or after is explored once. Each run of each of those programs is a run of one of these.
     *
     * <ul>
     *   <li>Two processes: the library, C code, or one of each; on one thread both do not mix. With a time-out and an interrupt.
     *   <li>Three processes: each choice of three ways to lock, in one order, since it does not matter which process is the first; each
     *       released in every way. Without an interrupt, {@link Operation#INTERRUPTIBLE} is {@link Operation#LOCK}, and is left out.
     *   <li>The same three, the last with the number of the first, which is dead; each order, since each has a part of its own.
     *   <li>A hold that is handed over, against everything; two threads of one process, which die together, against a third, of those
     *       that lock or try.
     *   <li>Regions' names: each of those, also where there is space for one region only.
     *   <li>Data: the same, also with a thread that gets a dead one's number.
     * </ul>
     *
     * <p>Two deaths are in the small bound, for two processes with one operation each.
     */
    LARGE("an hour on two processors that have nothing else to do, or less", 100_000_000) {
        @Override
        public List<Program> programs() {
            Set<Program> programs = new LinkedHashSet<>(SMALL.programs());
            for (String two : List.of("any+any/any+any", "any+any/c-any+c-any", "c-any+c-any/c-any+c-any")) {
                programs.add(Program.parse(two + ",kills=1,unseen,time-outs=1,interrupts=1"));
            }
            for (int i = 0; i < ANYHOW.size(); i++) {
                for (int j = i; j < ANYHOW.size(); j++) {
                    for (String third : ANYHOW.subList(j, ANYHOW.size())) {
                        programs.add(
                                Program.parse(ANYHOW.get(i) + "/" + ANYHOW.get(j) + "/" + third + ",kills=1,unseen"));
                    }
                }
            }
            programs.addAll(manyInserts());
            programs.addAll(manyBirths());
            programs.addAll(muchData());
            programs.addAll(manyThreads());
            programs.addAll(manyNamesakes());
            return List.copyOf(programs);
        }
    },

    /**
     * More of everything than can be visited, for random ways: three processes with two operations each and four with one, two deaths or three,
     * two threads in each of two processes, dead threads' numbers given anew among any operations.
     */
    BEYOND("for random ways only", 20_000_000) {
        @Override
        public List<Program> programs() {
            return Stream.of(
                            "any+any/any+any/any+any,kills=2,unseen,time-outs=1,interrupts=1",
                            "any+any/any+any/c-any+c-any,kills=2,unseen,time-outs=1,interrupts=1",
                            "any+any/c-any+c-any/c-any+c-any,kills=2,unseen,time-outs=1",
                            "c-any+c-any/c-any+c-any/c-any+c-any,kills=2,time-outs=1",
                            "any/any/any/any,kills=3,unseen,time-outs=1,interrupts=1",
                            "any/any/c-any/c-any,kills=3,unseen,time-outs=1",
                            "any&any/any&any,kills=2,unseen",
                            "any&c-any/any&c-any,kills=2,unseen",
                            "any/any/any,kills=2,unseen,namesake,watched",
                            "any+any/any+any/any,kills=2,unseen,namesake,watched",
                            "any+any/any+any/any+any,kills=1,unseen,reboot",
                            "hand-over&close/any+any/any,kills=2,unseen",
                            "insert+find/insert-own+find/insert+insert-own,kills=2,unseen",
                            "create+remove/open-or-create+open/open-or-create+remove,kills=3,time-outs=1",
                            "update-anyhow+update-anyhow/c-update-anyhow+c-update-anyhow/update-anyhow+reset-data,kills=3,unseen",
                            "update-anyhow/update-anyhow/c-update-anyhow/update-anyhow,kills=2,unseen")
                    .map(Program::parse)
                    .toList();
        }
    };

    /** Together all that can be done with a mutex without an interrupt. */
    private static final List<String> ANYHOW = Stream.of(
                    Operation.LOCK_ANYHOW,
                    Operation.TRY_ANYHOW,
                    Operation.TIMED_ANYHOW,
                    Operation.RESET_ANYHOW,
                    Operation.TWO_ANYHOW,
                    Operation.C_LOCK_ANYHOW,
                    Operation.C_TRY_ANYHOW)
            .map(Operation::text)
            .toList();

    private final String takes;
    private final long mostStates;

    Bound(String takes, long mostStates) {
        this.takes = takes;
        this.mostStates = mostStates;
    }

    /** No program of it has so many, but those of {@link #BEYOND}. */
    public long mostStates() {
        return mostStates;
    }

    /** How long it takes, roughly. */
    public String takes() {
        return takes;
    }

    /** In the order in which they are explored. */
    public abstract List<Program> programs();

    private record Pair(String one, String other) {
        /** C code and the library on one thread are another matter. */
        boolean isMixed() {
            return one.startsWith("c-") != other.startsWith("c-");
        }
    }

    private static List<String> operations() {
        return operations(operation -> !operation.isOfDirectory()
                && !operation.isOfHandOver()
                && !operation.isOfName()
                && !operation.isOfData()
                && !operation.isSeveral());
    }

    private static List<String> operations(Predicate<Operation> chosen) {
        return Arrays.stream(Operation.values())
                .filter(chosen)
                .map(Operation::text)
                .sorted()
                .toList();
    }

    private static List<Pair> pairs() {
        return pairs(operations());
    }

    private static List<Pair> pairs(List<String> operations) {
        List<Pair> pairs = new ArrayList<>();
        for (String one : operations) {
            operations.stream()
                    .filter(other -> other.compareTo(one) >= 0)
                    .forEach(other -> pairs.add(new Pair(one, other)));
        }
        return pairs;
    }

    /** A thread for each two operations, one after the other. */
    private static List<String> inARow(List<String> operations) {
        return operations.stream()
                .flatMap(first -> operations.stream().map(second -> first + "+" + second))
                .toList();
    }

    /** Each two threads, in processes of their own. */
    private static Stream<String> twos(List<String> threads) {
        return pairs(threads).stream().map(pair -> pair.one() + "/" + pair.other());
    }

    /** Each three, in one order: it does not matter which is the first. */
    private static Stream<String> threes(List<String> threads) {
        return pairs(threads).stream()
                .flatMap(pair -> threads.stream()
                        .filter(third -> third.compareTo(pair.other()) >= 0)
                        .map(third -> pair.one() + "/" + pair.other() + "/" + third));
    }

    private static List<Program> data() {
        return Stream.of(
                        "update/update,kills=2,unseen",
                        "update/c-update,kills=2,unseen",
                        "update/c-careless/update,kills=1,victims=1",
                        "update+update/update,kills=1",
                        "update/update/update,kills=1,unseen,namesake",
                        "c-update/update/update,kills=2,unseen,namesake",
                        // what an error left half done is told to nobody
                        "break-off+update/update,kills=1,unseen",
                        "break-off/c-update,kills=2",
                        // what a death left half done, whoever was told of it did not look at
                        "update/hand-on+update,kills=2",
                        "update/leave-inconsistent+reset-data,kills=2",
                        "update/c-leave-inconsistent/reset-data,kills=1,victims=1",
                        "break-off+give-up/reset-data+update,kills=1")
                .map(Program::parse)
                .toList();
    }

    /**
     * Every two processes with two operations each on guarded data, every three with one, and those with a namesake, in which it matters who
     * is the first.
     */
    private static List<Program> muchData() {
        List<String> operations = List.of("c-update-anyhow", "reset-data", "update-anyhow");
        Stream<String> two = twos(List.of(
                "c-update-anyhow+c-update-anyhow",
                "reset-data+reset-data",
                "reset-data+update-anyhow",
                "update-anyhow+reset-data",
                "update-anyhow+update-anyhow"));
        List<String> updates = List.of("c-update-anyhow", "update-anyhow");
        Stream<String> namesakes = updates.stream()
                .flatMap(first -> updates.stream()
                        .flatMap(second ->
                                updates.stream().map(third -> first + "/" + second + "/" + third + namesake(third))));
        return Stream.of(two, threes(operations), namesakes)
                .flatMap(deeds -> deeds)
                .map(text -> Program.parse(text + ",kills=1,unseen"))
                .toList();
    }

    /** C code that has a dead holder's number waits for itself, and only who watched the holder can tell. */
    private static String namesake(String third) {
        return third.startsWith("c-") ? ",namesake,watched" : ",namesake";
    }

    private static List<Program> births() {
        Stream<String> each = twos(operations(Operation::isOfName)).map(text -> text + ",kills=2");
        Stream<String> chosen = Stream.of(
                "create/open+open,kills=2",
                "open-or-create+remove/open-or-create+remove,kills=1",
                "open-or-create/open-or-create/open-or-create,kills=1",
                "open-or-create/open-or-create/remove+remove,kills=1",
                "open-or-create&open-or-create/remove,kills=1",
                "open-or-create/open-or-create,kills=1,time-outs=1,tight",
                "create+remove/open-or-create,kills=1,time-outs=1,tight");
        return Stream.concat(each, chosen).map(Program::parse).toList();
    }

    /** Every two processes with two operations each on a name, every three with one. */
    private static List<Program> manyBirths() {
        List<String> operations = operations(Operation::isOfName);
        return Stream.concat(twos(inARow(operations)), threes(operations))
                .flatMap(deeds -> Stream.of(deeds + ",kills=2", deeds + ",kills=1,time-outs=1,tight"))
                .map(Program::parse)
                .toList();
    }

    /** Where a third thread, or a second operation, shows what two alone do not. */
    private static List<Program> contended() {
        return Stream.of(
                        "lock/c-lock/lock,kills=1,victims=1",
                        "lock/try/try,kills=1,victims=1,unseen",
                        "lock/lock+lock,kills=1",
                        "give-up/c-lock/lock",
                        "lock+give-up/try/c-lock",
                        "give-up+reset/reset,time-outs=1",
                        // who leaves takes a wake-up along, and others sleep on
                        "c-lock+c-try/timed/c-lock,time-outs=1",
                        "c-lock+c-try/interruptible/c-lock,interrupts=1")
                .map(Program::parse)
                .toList();
    }

    /** Every two processes with two operations each on a directory, every three with one. */
    private static List<Program> manyInserts() {
        List<String> operations = operations(Operation::isOfDirectory);
        return Stream.concat(twos(inARow(operations)), threes(operations))
                .map(text -> Program.parse(text + ",kills=1,unseen"))
                .toList();
    }

    /** A hold that is handed over, against everything; and two threads of one process that die together, against a third. */
    private static List<Program> manyThreads() {
        List<String> ways = List.of("c-lock-anyhow", "lock-anyhow", "try-anyhow");
        Stream<String> handedOver = Stream.of("any", "c-any").map(other -> "hand-over&close/" + other);
        Stream<String> together = pairs(ways).stream()
                .flatMap(pair -> ways.stream().map(third -> pair.one() + "&" + pair.other() + "/" + third));
        return Stream.concat(handedOver, together)
                .map(text -> Program.parse(text + ",kills=1,unseen"))
                .toList();
    }

    /** Every three processes with one operation each, of which the last has the number of the first, with a daemon that watches. */
    private static List<Program> manyNamesakes() {
        return ANYHOW.stream()
                .flatMap(first -> ANYHOW.stream()
                        .flatMap(second -> ANYHOW.stream().map(third -> first + "/" + second + "/" + third)))
                .map(text -> Program.parse(text + ",kills=1,unseen,namesake,watched"))
                .toList();
    }

    private static List<Program> namesakes() {
        return Stream.of(
                        "lock/lock/lock,kills=1,unseen,namesake",
                        "lock/lock/lock,kills=2,unseen,namesake",
                        "lock/timed/lock,kills=1,unseen,time-outs=1,namesake",
                        "lock/lock/c-lock,kills=1,unseen,namesake,watched",
                        "lock/lock/try,kills=1,unseen,namesake,watched",
                        "lock/try/lock,kills=1,unseen,namesake",
                        "lock/lock,kills=1,unseen,namesake",
                        "lock/lock,kills=1,unseen,watched",
                        // a reset takes the number for that of one who left it there
                        "lock/reset/give-up,kills=1,unseen,namesake",
                        "give-up/reset/reset,kills=1,unseen,namesake",
                        "give-up/reset/lock,kills=1,unseen,namesake,watched")
                .map(Program::parse)
                .toList();
    }
}
