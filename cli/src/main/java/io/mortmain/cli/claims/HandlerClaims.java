package io.mortmain.cli.claims;

import static io.mortmain.cli.claims.ForkClaims.CHILD_HANDLER;
import static io.mortmain.cli.claims.ForkClaims.EPERM;
import static io.mortmain.cli.claims.ForkClaims.HANGS;
import static io.mortmain.cli.claims.ForkClaims.HOOKED_SECTION;
import static io.mortmain.cli.claims.ForkClaims.NOT_REFUSED;
import static io.mortmain.cli.claims.ForkClaims.OWNERSHIP;
import static io.mortmain.cli.claims.Ground.STANDARD;
import static io.mortmain.cli.claims.Ground.THIS_LIBRARY_ALONE;
import static io.mortmain.cli.claims.Verdict.FALSE;
import static io.mortmain.cli.claims.Verdict.ONLY_FOR_THESE_KINDS;
import static io.mortmain.cli.claims.Verdict.ONLY_GLIBC;
import static io.mortmain.cli.claims.Verdict.ONLY_POSIX;
import static io.mortmain.cli.claims.Verdict.TRUE;
import static io.mortmain.cli.experiment.Experiment.FORK_LOCKS;
import static io.mortmain.cli.experiment.Experiment.HANDLERS;
import static io.mortmain.cli.experiment.Experiment.MORTMAIN_HOOKS;
import static io.mortmain.cli.experiment.Experiment.MORTMAIN_PROGRAMS;
import static io.mortmain.cli.experiment.Experiment.PROGRAMS;
import static io.mortmain.cli.experiment.Experiment.SIGNALS;
import static io.mortmain.cli.experiment.ForkKinds.ANOTHER;
import static io.mortmain.cli.experiment.ForkKinds.FORKER;
import static io.mortmain.cli.experiment.ForkKinds.PRIVATE;
import static io.mortmain.cli.experiment.ForkKinds.SHARED;
import static io.mortmain.cli.experiment.ForkKinds.UNLOCK;

import io.mortmain.cli.experiment.ForkKinds;
import java.util.List;

/** The rest of what the answers on fork say: what they recommend, signals, handlers, and what may be called before exec. */
final class HandlerClaims {
    private static final String SIGNAL_SAFE =
            "POSIX.1-2008 and POSIX.1-2024, fork(): until exec, the child of a multi-threaded process may make"
                    + " async-signal-safe calls only";
    private static final String FORK_IN_HANDLER =
            "POSIX.1-2008 has fork() on the list of async-signal-safe functions; POSIX.1-2024 took it off and added"
                    + " _Fork(), which runs no handlers (Austin Group defect 62)";

    private static final String HOOKS_IN_HANDLER = "fork in a handler that interrupts a holder, with hooks";
    private static final String TOLD_OF_HANDLER = "listeners are told of a fork in a handler";

    private static final Claim F14 = Claim.of(
                    "F14",
                    "Do nothing but async-signal-safe calls between fork and exec; for portable programs that"
                            + " is the only reading.")
            .made("While others hold everything, the child opens, duplicates, writes, closes, sets a signal's"
                    + " action and mask, and executes a program, 20 times.")
            .sees(PROGRAMS, "only safe calls, then exec, everything held by others", "20 of 20")
            .restsOn(STANDARD, SIGNAL_SAFE)
            .is(TRUE);

    private static final Claim F15 = Claim.of("F15", "To abandon fork and exec for posix_spawn is better still.")
            .made("posix_spawn while others hold everything; with handlers that take a lock, called by who"
                    + " holds it; of a program that is not there.")
            .sees(PROGRAMS, "posix_spawn, everything held by others", "20 of 20")
            .sees(PROGRAMS, "the parent's locks after posix_spawn", "unharmed")
            .sees(HANDLERS, "handlers at posix_spawn", "not run")
            .sees(PROGRAMS, "posix_spawn by a thread that holds what a prepare handler takes", "0")
            .sees(PROGRAMS, "missing program, posix_spawn", "ENOENT")
            .restsOn(
                    STANDARD,
                    "POSIX.1-2008, posix_spawn(); whether it runs handlers is unspecified, and glibc runs"
                            + " none since 2.24")
            .remark("Nothing of yours runs in the child, and an error comes back as an error: fork and exec"
                    + " give a child that exits with some number.")
            .instead("Spawn is posix_spawn for Java: from within a section, too, without hooks, and with the error at"
                    + " the call.")
            .shown(MORTMAIN_PROGRAMS, "Spawn from within a section, others hold, too", "20 of 20")
            .shown(MORTMAIN_PROGRAMS, "the section's own lock after Spawn", "still held")
            .shown(MORTMAIN_PROGRAMS, "the locks after Spawn", "unharmed")
            .shown(MORTMAIN_HOOKS, "hooks at Spawn", "not run")
            .shown(MORTMAIN_PROGRAMS, "missing program, Spawn", "refused, NOT_FOUND")
            .is(TRUE);

    private static final Claim F16 = Claim.of("F16", "fork can be called in a signal handler.")
            .made("A handler forks, having interrupted ordinary code; having interrupted a thread that holds"
                    + " what a prepare handler takes; and there by _Fork.")
            .sees(SIGNALS, "fork in a handler that interrupts ordinary code", "0")
            .sees(SIGNALS, "fork in a handler that interrupts a holder", "0", HANGS)
            .sees(SIGNALS, "_Fork in a handler that interrupts a holder", "0")
            .restsOn(STANDARD, FORK_IN_HANDLER)
            .remark("A thread that waits for itself, in a handler that nobody expects to wait: use _Fork" + " there.")
            .instead("In a signal handler ForkHooks are not run: nothing waits, and listeners are told.")
            .shown(MORTMAIN_HOOKS, HOOKS_IN_HANDLER, "0")
            .shown(MORTMAIN_HOOKS, TOLD_OF_HANDLER, "SIGNAL_HANDLER")
            .is(ONLY_FOR_THESE_KINDS);

    private static final Claim F17 = Claim.of("F17", "That rules out any use of handlers that is not trivial.")
            .made("A signal interrupts a thread within a library; its handler forks. The library's handlers"
                    + " take a lock of each kind.")
            .sees(SIGNALS, handlersWith("normal"), HANGS)
            .sees(
                    SIGNALS,
                    handlersWith("error-checking"),
                    "lock in prepare EDEADLK, unlock in child EPERM, another thread then gets in")
            .sees(
                    SIGNALS,
                    handlersWith("recursive"),
                    "lock in prepare 0, unlock in child EPERM, another thread then is kept out")
            .restsOn(
                    STANDARD,
                    "POSIX.1-2008, fork(): undefined where a handler of pthread_atfork() calls what is not"
                            + " async-signal-safe; " + FORK_IN_HANDLER)
            .remark("No kind is sound: one hangs, one loses the lock that its thread relies on, one leaves"
                    + " the child's copy locked.")
            .is(TRUE);

    private static final Claim F18 = Claim.of(
                    "F18",
                    "The rationale of pthread_atfork() mentions that threads can be created anew in the" + " child.")
            .made("A child handler creates a thread.")
            .sees(HANDLERS, "thread created by a child handler", "runs")
            .restsOn(THIS_LIBRARY_ALONE, CHILD_HANDLER)
            .is(ONLY_GLIBC);

    private static final Claim F19 = Claim.of(
                    "F19", "Handlers may still be sound in a program that never forks in a signal handler.")
            .made("The recipe with a normal mutex, another thread half-way through a change.")
            .sees(HANDLERS, "plain normal: unlock in child", "0")
            .sees(HANDLERS, "plain normal: unlock in parent", "0")
            .sees(HANDLERS, "fork with handlers, another thread in the section: data", "whole")
            .restsOn(THIS_LIBRARY_ALONE, CHILD_HANDLER)
            .instead("ForkHooks hold a critical lock of Java code across forks of native libraries; a fork in a signal"
                    + " handler is told from the others.")
            .shown(MORTMAIN_HOOKS, "fork without hooks, another thread in the section: data", "half changed")
            .shown(MORTMAIN_HOOKS, HOOKED_SECTION, "whole")
            .shown(MORTMAIN_HOOKS, TOLD_OF_HANDLER, "SIGNAL_HANDLER")
            .is(ONLY_GLIBC);

    private static final Claim F20 = Claim.of(
                    "F20", "So may what a program does itself around a fork that is not in a signal handler.")
            .made("A program locks by hand, forks, and unlocks in both processes.")
            .sees(HANDLERS, "by hand, normal: unlock in child", NOT_REFUSED)
            .sees(HANDLERS, "by hand, recursive: unlock in child", NOT_REFUSED, EPERM)
            .sees(HANDLERS, "by hand, error-checking: unlock in child", NOT_REFUSED, EPERM)
            .sees(HANDLERS, "by hand, normal: unlock in parent", NOT_REFUSED)
            .restsOn(THIS_LIBRARY_ALONE, OWNERSHIP)
            .is(ONLY_FOR_THESE_KINDS);

    private static final Claim F21 = Claim.of(
                    "F21", "It is safe to exec after fork if the program that is replaced owns the mutex.")
            .made("The forking thread itself holds; the child executes a program at once; the parent unlocks"
                    + " later.")
            .sees(PROGRAMS, execHolding("private plain"), "runs, the parent still holds")
            .sees(PROGRAMS, execHolding("shared plain"), "runs, the parent still holds")
            .sees(PROGRAMS, execHolding("shared robust"), "runs, the parent still holds")
            .restsOn(STANDARD, SIGNAL_SAFE)
            .is(TRUE);

    private static final Claim F22 = Claim.of(
                    "F22",
                    "A prepare handler takes the locks, so that no thread is inside of a critical section"
                            + " during the fork.")
            .made("Another thread is half-way through a change when one forks, by fork and by _Fork; and a"
                    + " thread forks that holds the lock itself.")
            .sees(HANDLERS, "fork with handlers, another thread in the section: data", "whole")
            .sees(HANDLERS, "_Fork with handlers, another thread in the section: data", "whole", "half changed")
            .sees(PROGRAMS, "fork by a thread that holds what a prepare handler takes", "0", HANGS)
            .restsOn(STANDARD, "POSIX.1-2008, pthread_atfork(); _Fork() is of POSIX.1-2024 (defect 62)")
            .remark("_Fork, vfork, posix_spawn and a bare clone run no handlers; and who forks from within"
                    + " the library waits for itself.")
            .instead(
                    "ForkHooks do; what they wait for in vain, because the forking thread holds it, they wait for until"
                            + " a time limit, and listeners are told.")
            .shown(MORTMAIN_HOOKS, HOOKED_SECTION, "whole")
            .shown(MORTMAIN_HOOKS, "fork by a thread that holds what a hook takes", "0")
            .shown(MORTMAIN_HOOKS, "listeners are told of a fork by a holder", "TOO_LATE")
            .is(ONLY_FOR_THESE_KINDS);

    private static final Claim F23 = Claim.of(
                    "F23",
                    "All three are called in the context of the forking thread, the last two before fork" + " returns.")
            .made("Three sets of handlers, a to c, note who is called; a question mark would be another"
                    + " thread, or later than fork's return.")
            .sees(HANDLERS, "calls in the parent", "cbaABC")
            .sees(HANDLERS, "calls in the child", "cba123")
            .restsOn(
                    STANDARD,
                    "POSIX.1-2008, pthread_atfork(): prepare handlers in the reverse order, the others in"
                            + " the order in which they were established")
            .instead("ForkHooks keep the order, and none of the context: no Java code runs in the forking thread, nor"
                    + " in the child.")
            .shown(MORTMAIN_HOOKS, "hooks in the parent, none in the forking thread", "cbaABC")
            .shown(MORTMAIN_HOOKS, "hooks in the child", "cba")
            .is(TRUE);

    private static final Claim F24 = Claim.of("F24", "The parent handler can unlock in the parent.")
            .made("The recipe, kind by kind.")
            .sees(HANDLERS, "plain normal: unlock in parent", NOT_REFUSED)
            .sees(HANDLERS, "plain recursive: unlock in parent", NOT_REFUSED)
            .sees(HANDLERS, "plain error-checking: unlock in parent", NOT_REFUSED)
            .sees(HANDLERS, "robust normal: unlock in parent", NOT_REFUSED)
            .restsOn(STANDARD, "POSIX.1-2008, pthread_atfork()")
            .instead("So can the second of ForkHooks, before fork returns, as both run in the same thread.")
            .shown(MORTMAIN_HOOKS, "the lock after the fork", "free")
            .is(TRUE);

    private static final Claim F25 = Claim.of("F25", "The child handler can then unlock the child's copy.")
            .made("The recipe, kind by kind.")
            .sees(HANDLERS, "plain normal: unlock in child", NOT_REFUSED)
            .sees(HANDLERS, "plain recursive: unlock in child", NOT_REFUSED, EPERM)
            .sees(HANDLERS, "plain error-checking: unlock in child", NOT_REFUSED, EPERM)
            .sees(HANDLERS, "robust normal: unlock in child", NOT_REFUSED, EPERM)
            .sees(HANDLERS, "robust recursive: unlock in child", NOT_REFUSED, EPERM)
            .sees(HANDLERS, "robust error-checking: unlock in child", NOT_REFUSED, EPERM)
            .restsOn(THIS_LIBRARY_ALONE, OWNERSHIP)
            .remark("To initialise the copy anew instead is no way out: undefined, too, for a mutex that is"
                    + " one already.")
            .instead("There is nothing to unlock: the kernel leaves regions out of a forked child.")
            .shown(MORTMAIN_HOOKS, "the region in the child", "not there")
            .is(ONLY_FOR_THESE_KINDS);

    private static final Claim F26 = Claim.of(
                    "F26", "Between fork and exec nothing but async-signal-safe calls is safe.")
            .made("While others are in the C library and hold locks, the child locks, asks for the local"
                    + " time, and allocates.")
            .sees(FORK_LOCKS, "private plain normal" + ANOTHER + "relock", HANGS)
            .sees(PROGRAMS, "localtime in the child, another reads the time zone", HANGS)
            .sees(PROGRAMS, "malloc in the child, others in malloc", HANGS, "works")
            .restsOn(STANDARD, SIGNAL_SAFE)
            .remark("That malloc and streams work is a gift of glibc's; do not build on it.")
            .is(ONLY_FOR_THESE_KINDS);

    private static final Claim F27 = Claim.of("F27", "To create a thread is not on that list, so a child may not.")
            .made("The child of a multi-threaded process creates a thread.")
            .sees(PROGRAMS, "thread created in the child", "does not run", "runs")
            .restsOn(STANDARD, SIGNAL_SAFE)
            .is(ONLY_POSIX);

    private static final Claim F28 = Claim.of("F28", "Nor is to unlock a mutex, so strictly the child may not.")
            .made("The forking thread holds a private normal mutex; the child unlocks it.")
            .sees(FORK_LOCKS, "private plain normal" + FORKER + "unlock", "refused", NOT_REFUSED)
            .restsOn(STANDARD, SIGNAL_SAFE + "; in POSIX.1-2024 undefined besides (defect 1112)")
            .is(ONLY_POSIX);

    private static final Claim F29 = Claim.of("F29", "That is probably an oversight in the standard.")
            .made("The child unlocks what the forking thread held, with the kinds that know their owner.")
            .all(knowingTheirOwner(PRIVATE))
            .all(knowingTheirOwner(SHARED))
            .restsOn(THIS_LIBRARY_ALONE, OWNERSHIP)
            .remark("It is on purpose: the child's thread is not the owner.")
            .is(FALSE);

    private HandlerClaims() {}

    static List<Claim> claims() {
        return List.of(F14, F15, F16, F17, F18, F19, F20, F21, F22, F23, F24, F25, F26, F27, F28, F29);
    }

    private static String handlersWith(String kind) {
        return "handlers with " + kind + " mutex, fork in a handler that interrupts a holder";
    }

    private static String execHolding(String mutex) {
        return "exec, the forking thread holds: " + mutex;
    }

    private static List<Evidence> knowingTheirOwner(String sharing) {
        return ForkEvidence.each(sharing, FORKER, UNLOCK, NOT_REFUSED, ForkKinds::unlocked).stream()
                .filter(evidence -> evidence.expected().equals(EPERM))
                .toList();
    }
}
