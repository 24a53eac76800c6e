package io.mortmain.cli.torture;

import static io.mortmain.cli.experiment.Experiment.FORK_LOCKS;
import static io.mortmain.cli.experiment.Experiment.HANDLERS;
import static io.mortmain.cli.experiment.Experiment.IDENTITIES;
import static io.mortmain.cli.experiment.Experiment.MORTMAIN_FORK;
import static io.mortmain.cli.experiment.Experiment.MORTMAIN_HOOKS;
import static io.mortmain.cli.experiment.Experiment.MORTMAIN_NATIVE_PROGRAMS;
import static io.mortmain.cli.experiment.Experiment.MORTMAIN_PROGRAMS;
import static io.mortmain.cli.experiment.Experiment.PROGRAMS;
import static io.mortmain.cli.experiment.Experiment.SIGNALS;
import static io.mortmain.cli.experiment.ForkKinds.ANOTHER;
import static io.mortmain.cli.experiment.ForkKinds.DIED;
import static io.mortmain.cli.experiment.ForkKinds.FORKER;
import static io.mortmain.cli.experiment.ForkKinds.PRIVATE;
import static io.mortmain.cli.experiment.ForkKinds.RELEASED;
import static io.mortmain.cli.experiment.ForkKinds.RELOCK;
import static io.mortmain.cli.experiment.ForkKinds.SHARED;
import static io.mortmain.cli.experiment.ForkKinds.THIRD;
import static io.mortmain.cli.experiment.ForkKinds.UNLOCK;

import io.mortmain.cli.experiment.ForkKinds;
import io.mortmain.cli.torture.ExperimentTrial.Sight;
import java.util.ArrayList;
import java.util.List;

/** Table C: fork, exec and spawn while locks are held, mostly as the experiments see it that the claims rest on, too. */
final class Forks {
    private static final String HANGS = "hangs";
    private static final String REFUSED = "refused, FORKED_CHILD";
    private static final String STILL_HOLDS = "still holds";
    private static final String ALL_RAN = "20 of 20";
    private static final String UNHARMED = "unharmed";
    private static final String BELOW = "fork and exec below the JVM, ";

    private static final String NO_CHECKER = "there is no 'mortmain check' yet";

    private Forks() {}

    static List<Row> rows() {
        return List.of(
                holderForks(),
                anotherHolds(),
                identity(),
                new Row("C4", "the holder dies, a child of it lives on with its descriptors", Outlived.byAFork()),
                withoutACopy(),
                descriptors(),
                inAHandler(),
                order(),
                started(),
                robbed(),
                byKind(),
                executedAtOnce());
    }

    private static Row row(String id, String title, Trial... trials) {
        return new Row(id, title, List.of(trials));
    }

    private static Row holderForks() {
        String kind = "shared robust error-checking" + FORKER;
        return row(
                "C1",
                "the holder forks, its child uses the lock",
                ExperimentTrial.of(
                        FORK_LOCKS,
                        Sight.of("glibc alone, the child", "unlocks", kind + UNLOCK, "EPERM"),
                        Sight.of("glibc alone, the child", "trylock", kind + "trylock", "EBUSY"),
                        Sight.of("glibc alone, the child", "locks", kind + RELOCK, HANGS),
                        Sight.of("glibc alone, the child", "locks when its parent has died", kind + DIED, "told")),
                ExperimentTrial.of(
                        MORTMAIN_FORK,
                        Sight.of("Java, the child", "unlocks", "the child of the holder unlocks it", REFUSED),
                        Sight.of("Java, the child", "locks", "the child of the holder locks it again", REFUSED),
                        Sight.of("Java, the child", "locks another, free one", "the child locks a free mutex", REFUSED),
                        Sight.of(
                                "Java, the child",
                                "its parent, afterwards",
                                "the parent, after its child's attempts",
                                STILL_HOLDS)));
    }

    private static Row anotherHolds() {
        String kind = PRIVATE + " plain normal" + ANOTHER;
        String unhooked = "fork without %s, another thread in the section: data";
        String hooked = "fork with %s, another thread in the section: data";
        return row(
                "C2",
                "another thread holds while one thread forks",
                ExperimentTrial.of(
                        FORK_LOCKS,
                        Sight.of("glibc alone, private, the child", "locks", kind + RELOCK, HANGS),
                        Sight.of(
                                "glibc alone, private, the child",
                                "locks when its parent has released",
                                kind + RELEASED,
                                HANGS)),
                ExperimentTrial.of(
                        HANDLERS,
                        Sight.alone("glibc alone, data, no handlers", unhooked.formatted("handlers"), "half changed"),
                        Sight.alone("glibc alone, data, with handlers", hooked.formatted("handlers"), "whole")),
                ExperimentTrial.of(
                        MORTMAIN_FORK,
                        Sight.alone("Java, the child locks", "the child locks what another thread holds", REFUSED)),
                ExperimentTrial.of(
                        MORTMAIN_HOOKS,
                        Sight.alone("Java, data, no hooks", unhooked.formatted("hooks"), "half changed"),
                        Sight.alone("Java, data, with hooks", hooked.formatted("hooks"), "whole"),
                        Sight.alone("Java, with hooks, the lock afterwards", "the lock after the fork", "free")));
    }

    private static Row identity() {
        String bare = "bare clone, shared robust ";
        String child = "the holder's child of a bare clone ";
        return row(
                "C3",
                "the child has its parent's thread number in memory: a bare clone, unknown to the C library",
                ExperimentTrial.of(
                        IDENTITIES,
                        Sight.alone(
                                "glibc alone, recursive, the child locks",
                                bare + "recursive: relock",
                                "0",
                                "two holders"),
                        Sight.of(
                                "glibc alone, error-checking, the child",
                                "unlocks",
                                bare + "error-checking: " + UNLOCK,
                                "0"),
                        Sight.of(
                                "glibc alone, error-checking, the child",
                                "a third process then",
                                bare + "error-checking: " + THIRD,
                                "0",
                                "gets it: the parent is robbed")),
                ExperimentTrial.of(
                        MORTMAIN_FORK,
                        Sight.of("Java, the child", "locks, recursive", child + "locks it again", REFUSED),
                        Sight.of("Java, the child", "unlocks", child + "unlocks it", REFUSED),
                        Sight.of("Java, the child", "locks a free one", child + "locks a free mutex", REFUSED),
                        Sight.of(
                                "Java, the child",
                                "of a thread that never locked",
                                "the child of a thread that never locked locks",
                                REFUSED),
                        Sight.of(
                                "Java, the child",
                                "all, afterwards",
                                "the locks, when the parent has released them",
                                "free")));
    }

    private static Row withoutACopy() {
        String locked = "vfork, the child locked and ended: ";
        return row(
                "C5",
                "a child of vfork or posix_spawn uses the lock",
                ExperimentTrial.of(
                        IDENTITIES,
                        Sight.of(
                                "glibc alone, vfork, the child locked and ended",
                                "its parent locks",
                                locked + "its parent locks",
                                "EDEADLK"),
                        Sight.of(
                                "glibc alone, vfork, the child locked and ended",
                                "a third process locks",
                                locked + "a third process locks",
                                HANGS),
                        Sight.alone(
                                "glibc alone, vfork, the child unlocks",
                                "vfork, the child unlocks what its parent holds: a third process",
                                "0",
                                "the parent is robbed")),
                ExperimentTrial.of(
                        MORTMAIN_PROGRAMS,
                        Sight.alone("Java, what a child of Spawn has", "a child of Spawn has", "the streams only"),
                        Sight.alone("Java, the lock afterwards", "the section's own lock after Spawn", "still held")));
    }

    private static Row descriptors() {
        List<Trial> trials = new ArrayList<>(Outlived.byAProgram());
        trials.add(ExperimentTrial.of(
                MORTMAIN_NATIVE_PROGRAMS,
                Sight.alone(
                        "Java, what a program has that C code executes",
                        "a child of fork and exec below the JVM has",
                        "nothing of the region")));
        return new Row("C6", "a descriptor leaks through exec", trials);
    }

    private static Row inAHandler() {
        String hooks = "listeners are told of a fork in a handler";
        return row(
                "C7",
                "fork in a signal handler",
                ExperimentTrial.of(
                        SIGNALS,
                        Sight.of(
                                "glibc alone, with handlers, over",
                                "ordinary code",
                                "fork in a handler that interrupts ordinary code",
                                "0"),
                        Sight.of(
                                "glibc alone, with handlers, over",
                                "a holder",
                                "fork in a handler that interrupts a holder",
                                HANGS)),
                ExperimentTrial.of(
                        MORTMAIN_HOOKS,
                        Sight.of(
                                "Java, with hooks, over",
                                "Java code",
                                "fork in a handler that interrupts Java code",
                                "0"),
                        Sight.of(
                                "Java, with hooks, over",
                                "a holder",
                                "fork in a handler that interrupts a holder, with hooks",
                                "0"),
                        Sight.of(
                                "Java, with hooks, over",
                                "Java code: hooks",
                                "hooks of a fork in a handler over Java code",
                                "not run"),
                        Sight.of(
                                "Java, with hooks, over",
                                "Java code: listeners are told of hooks",
                                hooks + " over Java code",
                                "left out"),
                        Sight.of(
                                "Java, with hooks, over",
                                "a holder: listeners are told of hooks",
                                hooks,
                                "SIGNAL_HANDLER")),
                new Untried(Cell.alone("C programs, reported by a checker", "reported"), NO_CHECKER));
    }

    private static Row order() {
        return row(
                "C8",
                "order of hooks: a, b, c before the fork, A, B, C after it, 1, 2, 3 in the child",
                ExperimentTrial.of(
                        HANDLERS,
                        Sight.of("glibc alone", "in the parent", "calls in the parent", "cbaABC"),
                        Sight.of("glibc alone", "in the child", "calls in the child", "cba123")),
                ExperimentTrial.of(
                        MORTMAIN_HOOKS,
                        Sight.of("Java", "in the parent", "hooks in the parent, none in the forking thread", "cbaABC"),
                        Sight.of("Java", "in the child, which has none", "hooks in the child", "cba"),
                        Sight.of("Java", "b throws", "hooks in the parent, the second before the fork throws", "cbaAC"),
                        Sight.of(
                                "Java",
                                "b throws: listeners are told",
                                "listeners are told of what a hook threw",
                                "IllegalStateException"),
                        Sight.of(
                                "Java",
                                "b throws: the handler for uncaught ones",
                                "the handler for uncaught exceptions is given what a hook threw",
                                "IllegalStateException")));
    }

    private static Row started() {
        return row(
                "C9",
                "a program is started while locks of every kind are held",
                ExperimentTrial.of(
                        PROGRAMS,
                        Sight.of("glibc alone, posix_spawn", "runs", "posix_spawn, everything held by others", ALL_RAN),
                        Sight.of(
                                "glibc alone, posix_spawn",
                                "the locks",
                                "the parent's locks after posix_spawn",
                                UNHARMED)),
                ExperimentTrial.of(
                        MORTMAIN_PROGRAMS,
                        Sight.of(
                                "Java, Spawn, by a holder",
                                "runs",
                                "Spawn from within a section, others hold, too",
                                ALL_RAN),
                        Sight.of("Java, Spawn, by a holder", "the locks", "the locks after Spawn", UNHARMED),
                        Sight.of(
                                "Java, Spawn, by a holder",
                                "the child has",
                                "a child of Spawn has",
                                "the streams only"),
                        Sight.of(
                                "Java, Spawn, by a holder",
                                "the child, given the region, has",
                                "a child of Spawn that is given the region has",
                                "the region open"),
                        Sight.of("Java, ProcessBuilder", "runs", "ProcessBuilder while others hold", ALL_RAN),
                        Sight.of("Java, ProcessBuilder", "the locks", "the locks after ProcessBuilder", UNHARMED)));
    }

    private static Row robbed() {
        return row(
                "C10",
                "the child unlocks a shared plain mutex that another thread of its parent holds",
                ExperimentTrial.of(
                        FORK_LOCKS,
                        Sight.of("glibc alone, the child", "unlocks", SHARED + " plain normal" + ANOTHER + UNLOCK, "0"),
                        Sight.of(
                                "glibc alone, the child",
                                "a third process then",
                                SHARED + " plain normal" + ANOTHER + THIRD,
                                "0",
                                "gets it: the parent is robbed")),
                ExperimentTrial.of(
                        MORTMAIN_FORK,
                        Sight.of(
                                "Java, the child",
                                "unlocks",
                                "the child unlocks what another thread holds",
                                "refused, NOT_HOLDER"),
                        Sight.of(
                                "Java, the child",
                                "the thread of its parent",
                                "the other thread, after the child's attempts",
                                STILL_HOLDS),
                        Sight.of(
                                "Java, the child",
                                "the lock, when that has released it",
                                "the lock, when the other thread has released it",
                                "free")),
                new Untried(Cell.alone("C programs, reported by a checker", "reported"), NO_CHECKER));
    }

    private static Row byKind() {
        List<Sight> ofGlibc = new ArrayList<>();
        for (String sharing : List.of(PRIVATE, SHARED)) {
            for (String kind : ForkKinds.KINDS) {
                String group = "glibc alone, " + sharing + " " + kind;
                String heldBy = sharing + " " + kind + FORKER;
                ofGlibc.add(Sight.of(group, "the child unlocks", heldBy + UNLOCK, ForkKinds.unlocked(kind)));
                ofGlibc.add(Sight.of(group, "the child locks", heldBy + RELOCK, HANGS));
            }
        }
        List<Sight> ofJava = new ArrayList<>();
        for (String kind : List.of("normal", "recursive", "error-checking")) {
            String end = kind.equals("error-checking") ? "" : ", " + kind;
            String group = "Java, " + kind;
            ofJava.add(Sight.of(group, "the child unlocks", "the child of the holder unlocks it" + end, REFUSED));
            ofJava.add(Sight.of(group, "the child locks", "the child of the holder locks it again" + end, REFUSED));
        }
        return row(
                "C11",
                "the child unlocks, or locks again, what the forking thread held, by kind",
                ExperimentTrial.of(FORK_LOCKS, ofGlibc),
                ExperimentTrial.of(MORTMAIN_FORK, ofJava));
    }

    private static Row executedAtOnce() {
        List<Sight> ofJava = new ArrayList<>();
        for (String how : List.of("without hooks", "with hooks", "hooks want those locks")) {
            String group = "Java, C code forks, " + how;
            ofJava.add(Sight.of(group, "runs", BELOW + how, ALL_RAN));
            ofJava.add(Sight.of(group, "the locks", "the locks after " + BELOW + how, UNHARMED));
        }
        ofJava.add(Sight.of(
                "Java, C code forks, with hooks",
                "the hooks",
                "hooks around " + BELOW + "with hooks",
                "done, 20 of 20"));
        ofJava.add(Sight.of(
                "Java, C code forks, hooks want those locks",
                "the hooks",
                "hooks around " + BELOW + "hooks want those locks",
                "begun, and given up, 20 of 20"));
        return row(
                "C12",
                "fork and exec at once while every lock is held by others",
                ExperimentTrial.of(
                        PROGRAMS,
                        Sight.of("glibc alone", "runs", "exec at once, everything held by others", ALL_RAN),
                        Sight.of("glibc alone", "the locks", "the parent's locks after exec in the child", UNHARMED)),
                ExperimentTrial.of(MORTMAIN_NATIVE_PROGRAMS, ofJava));
    }
}
