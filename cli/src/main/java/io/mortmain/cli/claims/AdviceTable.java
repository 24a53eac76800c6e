package io.mortmain.cli.claims;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The advice that follows from the claims, by subject. */
final class AdviceTable {
    /** The subject that the matrix of kinds belongs to. */
    static final String FORK = "Fork and threads";

    private AdviceTable() {}

    static Map<String, List<Advice>> bySubject() {
        Map<String, List<Advice>> all = new LinkedHashMap<>();
        all.put("Robust mutexes", robust());
        all.put(FORK, Stream.concat(child().stream(), handlers().stream()).toList());
        all.put("Exec and spawn", spawn());
        all.put("In Java", java());
        return all;
    }

    private static List<Advice> robust() {
        return List.of(
                Advice.of(
                        "Ask for both attributes, process-shared and robust.",
                        "Neither is the default. Without the first, a mutex in shared memory seems to work until somebody"
                                + " has to wait; without the second, one killed process stops all others for ever.",
                        "R1",
                        "R2",
                        "R3"),
                Advice.of(
                        "Look at what every lock call returns, and take `EOWNERDEAD` for a duty.",
                        "You hold the mutex, and the data may be half changed. Repair them, call"
                                + " `pthread_mutex_consistent`, then unlock. Who unlocks without that call makes the mutex"
                                + " useless for all (`ENOTRECOVERABLE`).",
                        "R2",
                        "R4"),
                Advice.of(
                        "Never unmap, move, cover or protect memory while any thread of the process holds a mutex in it.",
                        "The kernel follows addresses in the dying process. Where one leads nowhere, it stops without a"
                                + " word, and the mutex stays locked for ever; a second mapping of the same file elsewhere"
                                + " is no help. Map once, at the start, and leave it to the end of the process to unmap. Look"
                                + " at code that cleans up: destructors, exit handlers, arenas, whatever runs on the way out of"
                                + " an error. To close the file's descriptor does no harm.",
                        "R5",
                        "R6",
                        "R9",
                        "R10"),
                Advice.of(
                        "Expect that one lost mutex takes others with it.",
                        "The kernel's walk ends at the first entry that it cannot use: whatever the same thread locked"
                                + " before is lost, too. It also ends after 2,048.",
                        "R8",
                        "R11"),
                Advice.of(
                        "Execute another program from the main thread only, or hold nothing.",
                        "If another thread calls exec, what that thread holds is never marked. What the main thread holds is marked,"
                                + " and others are told of a death, although the process lives on.",
                        "R2",
                        "R11"),
                Advice.of(
                        "Test the way out that your program takes.",
                        "A test that kills a holder in the middle of its section shows that robust mutexes work, not that"
                                + " your program leaves them so.",
                        "R5",
                        "R6",
                        "R11"),
                Advice.of(
                        "Wait with a limit.",
                        "There are deaths of which nobody is told. `pthread_mutex_timedlock`, and a message that names"
                                + " the holder (on glibc, the lower 30 bits of a robust mutex's first word are its thread number), turn"
                                + " silence into something that can be looked at.",
                        "R6",
                        "R8",
                        "R11"));
    }

    private static List<Advice> child() {
        return List.of(
                Advice.of(
                        "Do not fork in a program with threads, unless the child executes another program at once.",
                        "The child has one thread, and a copy of every lock as it was at that moment, the locks within"
                                + " libraries included. What another thread held is locked for ever, and its data may be"
                                + " half changed.",
                        "F3",
                        "F4",
                        "F5",
                        "F26"),
                Advice.of(
                        "In the child, leave alone every private lock that was held at the fork, whoever held it.",
                        "The child is not the owner, not even of what the forking thread held. Recursive, error-checking and"
                                + " robust mutexes refuse its unlock, and its lock hangs: `PTHREAD_MUTEX_RECURSIVE` does not"
                                + " help. A private robust mutex never tells the child of a death: its copy has no holder that could"
                                + " die.",
                        "F5",
                        "F8",
                        "F10",
                        "F11",
                        "F29"),
                Advice.of(
                        "Beware of normal mutexes: they do not know their owner.",
                        "The child's unlock succeeds. If the mutex is private, the child is in, with data that another"
                                + " thread may have had in hand. If it is shared, the living parent is robbed: a third"
                                + " process gets in while the parent is in its section.",
                        "F7",
                        "F8"),
                Advice.of(
                        "Take the child for just another process where a lock is shared.",
                        "It can wait for a shared mutex and get it, when the holder in the parent releases it; and where"
                                + " it is robust and that holder dies, the child is told. It has inherited nothing: what its"
                                + " parent holds, it waits for, and cannot unlock.",
                        "F6"));
    }

    private static List<Advice> handlers() {
        return List.of(
                Advice.of(
                        "Do not build on `pthread_atfork`.",
                        "It does what it says, in the order that it says, and cures one case: a private normal mutex,"
                                + " `fork()`, called by a thread that does not hold it. With every other kind the child's"
                                + " unlock is refused, and the child hangs at the first use. `_Fork`, `vfork`, `posix_spawn`"
                                + " and a bare `clone` run no handlers. And by the standard, a child handler may not even"
                                + " unlock. A handler that calls into Java from a signal handler's fork ends the JVM; use"
                                + " [`ForkHooks`](#in-java) there.",
                        "F1",
                        "F2",
                        "F9",
                        "F12",
                        "F19",
                        "F20",
                        "F22",
                        "F23",
                        "F24",
                        "F25"),
                Advice.of(
                        "Do not fork in a signal handler.",
                        "The thread that was interrupted may hold what a prepare handler waits for; and with no handler at all,"
                                + " glibc's own `fork` waits for the locks of `malloc`, of streams and of `fork` itself, of which"
                                + " one may be what was interrupted. If it must be, use `_Fork` (glibc 2.34 and later), and"
                                + " then exec.",
                        "F16",
                        "F17"),
                Advice.of(
                        "Do not take what works here for a promise.",
                        "On glibc, `malloc` and streams work in the child, and it can create threads and unlock a"
                                + " private normal mutex; `localtime` can hang. The standard allows none of it.",
                        "F13",
                        "F18",
                        "F26",
                        "F27",
                        "F28"));
    }

    private static List<Advice> spawn() {
        return List.of(
                Advice.of(
                        "Start programs by `posix_spawn`, or by what your language builds on it.",
                        "It works in any state of the program, from within a section, too; runs no code of yours in the"
                                + " child, no handlers either; and returns the error, such as a missing program, from the"
                                + " call. In Java that is [`Spawn`](#in-java).",
                        "F15"),
                Advice.of(
                        "If it must be fork and exec, have everything ready before the fork.",
                        "Arguments, environment, paths, descriptors. Between the two make only calls that the standard"
                                + " lists as async-signal-safe: `open`, `dup2`, `close`, `write`, `sigaction`,"
                                + " `pthread_sigmask`, `execve`, `_exit`.",
                        "F14",
                        "F21"),
                Advice.of(
                        "Do not fear for the parent's locks.",
                        "A child that executes another program at once leaves them as they are, whoever holds them.",
                        "F3",
                        "F21"));
    }

    private static List<Advice> java() {
        return List.of(
                Advice.of(
                        "Start programs by `Spawn` where they are to get something from you.",
                        "[`Spawn`](../core/src/main/java/io/mortmain/process/Spawn.java) is `posix_spawn`, with the error of a"
                                + " missing program at the call; it hands descriptors and regions over by name and closes"
                                + " everything else. `ProcessBuilder` hands over none, and does not harm locks either:"
                                + " [what it does](process-builder.md), mechanism by mechanism.",
                        "F3",
                        "F15"),
                Advice.of(
                        "Where a native library forks, let hooks hold your critical locks.",
                        "[`ForkHooks.register`](../core/src/main/java/io/mortmain/process/ForkHooks.java) takes what is to be done"
                                + " before the fork and after it: lock, unlock. No thread is inside then, and what the child"
                                + " copies is whole. Hooks run in a thread of their own, never in the one that forks: do not"
                                + " fork while you hold what a hook takes. A time limit ends that wait, and in a signal handler"
                                + " there is none; `ForkHooks.listen` tells of both, and of every fork that you did not know of.",
                        "F12",
                        "F16",
                        "F19",
                        "F22",
                        "F23",
                        "F24"),
                Advice.of(
                        "Let no Java code go on in a forked child.",
                        "[Many such children](process-builder.md#which-to-choose) hang in the JVM itself, whatever hooks do. For"
                                + " one that gets so far, Mortmain's locks are refused, and its regions are not there.",
                        "F5",
                        "F8",
                        "F10",
                        "F13",
                        "F25"));
    }
}
