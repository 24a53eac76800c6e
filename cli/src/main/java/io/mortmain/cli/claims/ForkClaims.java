package io.mortmain.cli.claims;

import static io.mortmain.cli.claims.Ground.STANDARD;
import static io.mortmain.cli.claims.Ground.THIS_LIBRARY_ALONE;
import static io.mortmain.cli.claims.Verdict.FALSE;
import static io.mortmain.cli.claims.Verdict.ONLY_FOR_THESE_KINDS;
import static io.mortmain.cli.claims.Verdict.TRUE;
import static io.mortmain.cli.experiment.Experiment.FORK_LOCKS;
import static io.mortmain.cli.experiment.Experiment.HANDLERS;
import static io.mortmain.cli.experiment.Experiment.MORTMAIN_FORK;
import static io.mortmain.cli.experiment.Experiment.MORTMAIN_HOOKS;
import static io.mortmain.cli.experiment.Experiment.MORTMAIN_NATIVE_PROGRAMS;
import static io.mortmain.cli.experiment.Experiment.MORTMAIN_PROGRAMS;
import static io.mortmain.cli.experiment.Experiment.PROGRAMS;
import static io.mortmain.cli.experiment.Experiment.THREADS;
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
import java.util.List;

/** What the first answer to the question on fork says, in its order, up to where it recommends. */
final class ForkClaims {
    static final String OWNERSHIP = "POSIX.1-2024, fork() (Austin Group defect 1112): the child does not hold a"
            + " process-shared lock; any operation of the child on another lock that was held is undefined";
    static final String CHILD_HANDLER = "POSIX.1-2008, 2018 edition, pthread_atfork(): a child handler that calls"
            + " anything but async-signal-safe functions is undefined in a multi-threaded process";
    static final String NOT_REFUSED = "0";
    static final String EPERM = "EPERM";
    static final String HANGS = "hangs";
    private static final String TOLD = "told";
    static final String HOOKED_SECTION = "fork with hooks, another thread in the section: data";
    private static final String WANTING_HOOKS = "fork and exec below the JVM, hooks want those locks";
    private static final String REFUSED = "refused, FORKED_CHILD";

    private static final Claim F1 = Claim.of(
                    "F1",
                    "The rationale of pthread_atfork() tells what is valid around fork: what was locked before"
                            + " can be unlocked in the child.")
            .made("A prepare handler locks, a child handler unlocks, kind by kind.")
            .sees(HANDLERS, "plain normal: unlock in child", NOT_REFUSED)
            .sees(HANDLERS, "plain recursive: unlock in child", NOT_REFUSED, EPERM)
            .sees(HANDLERS, "plain error-checking: unlock in child", NOT_REFUSED, EPERM)
            .sees(HANDLERS, "robust normal: unlock in child", NOT_REFUSED, EPERM)
            .restsOn(STANDARD, OWNERSHIP)
            .remark("The kinds that know their owner refuse: the child's thread has another number.")
            .is(ONLY_FOR_THESE_KINDS);

    private static final Claim F2 = Claim.of(
                    "F2", "That rationale is not normative, and conflicts with other parts of the standard.")
            .made("The recipe of the rationale, with the kinds that must refuse an unlock by who is not the"
                    + " owner.")
            .sees(HANDLERS, "plain recursive: unlock in child", EPERM)
            .sees(HANDLERS, "plain error-checking: unlock in child", EPERM)
            .sees(HANDLERS, "robust recursive: unlock in child", EPERM)
            .restsOn(STANDARD, CHILD_HANDLER + "; Austin Group defects 62 and 1112, both in POSIX.1-2024")
            .is(TRUE);

    private static final Claim F3 = Claim.of(
                    "F3",
                    "To exec at once after fork is safe in any state of the program, whatever threads hold"
                            + " whatever mutexes.")
            .made("Others hold a private and a shared robust mutex, a stream, and the C library's time zone,"
                    + " and allocate without a pause, while one thread forks and its child executes a"
                    + " program, 20 times.")
            .sees(PROGRAMS, "exec at once, everything held by others", "20 of 20")
            .sees(PROGRAMS, "the parent's locks after exec in the child", "unharmed")
            .restsOn(STANDARD, "POSIX.1-2008 and POSIX.1-2024, fork(): async-signal-safe calls until exec")
            .remark("The exec is; the fork before it can hang in a prepare handler: see F22.")
            .instead(
                    "A JVM starts programs while its threads hold mutexes of every kind. So does C code in it, even where"
                            + " ForkHooks wait for those mutexes: until their time limit.")
            .shown(MORTMAIN_PROGRAMS, "ProcessBuilder while others hold", "20 of 20")
            .shown(MORTMAIN_PROGRAMS, "the locks after ProcessBuilder", "unharmed")
            .shown(MORTMAIN_NATIVE_PROGRAMS, WANTING_HOOKS, "20 of 20")
            .shown(MORTMAIN_NATIVE_PROGRAMS, "hooks around " + WANTING_HOOKS, "begun, and given up, 20 of 20")
            .is(TRUE);

    private static final Claim F4 = Claim.of("F4", "Only the thread that called fork is duplicated in the child.")
            .made("A thread of a process with four forks; the child counts its threads, and looks at a"
                    + " thread-local variable.")
            .sees(THREADS, "threads in the parent", "4")
            .sees(THREADS, "threads in the child", "1")
            .sees(THREADS, "the child's thread is a copy of", "the forking thread")
            .restsOn(STANDARD, "POSIX.1-2008, fork()")
            .is(TRUE);

    private static final Claim F5 = Claim.of(
                    "F5", "A mutex that another thread held at the fork stays locked in the child for ever.")
            .made("The child locks its copy while the parent's thread holds the original, and after that one"
                    + " has released it.")
            .all(ForkEvidence.each(PRIVATE, ANOTHER, RELOCK, HANGS, HANGS))
            .all(ForkEvidence.each(PRIVATE, ANOTHER, RELEASED, HANGS, HANGS))
            .restsOn(
                    STANDARD,
                    "POSIX.1-2008, fork(): the child has a replica, possibly with the states of mutexes;"
                            + " in POSIX.1-2024 any operation on the copy is undefined (defect 1112)")
            .remark("A robust one is no better: the child's copy has no holder that could die.")
            .instead("In a forked child every lock is refused at once, the free ones too.")
            .shown(MORTMAIN_FORK, "the child locks a free mutex", REFUSED)
            .is(TRUE);

    private static final Claim F6 = Claim.of("F6", "That is so for private mutexes; a process-shared one is no copy.")
            .made("The child waits until the parent's thread has released, and locks; and it locks a robust one"
                    + " when its parent, which forked while it held it, was killed.")
            .all(ForkEvidence.each(SHARED, ANOTHER, RELEASED, "0", "0"))
            .all(ForkEvidence.each(SHARED, ANOTHER, RELOCK, "", HANGS))
            .also(FORK_LOCKS, "shared robust normal" + FORKER + DIED, TOLD)
            .also(FORK_LOCKS, "shared robust recursive" + FORKER + DIED, TOLD)
            .also(FORK_LOCKS, "shared robust error-checking" + FORKER + DIED, TOLD)
            .restsOn(STANDARD, OWNERSHIP)
            .remark("Of a shared robust one the child is told when the holder in its parent dies.")
            .is(TRUE);

    private static final Claim F7 = Claim.of("F7", "It is locked for ever because nobody in the child can unlock it.")
            .made("The child unlocks what another thread held.")
            .all(ForkEvidence.each(PRIVATE, ANOTHER, UNLOCK, EPERM, ForkKinds::unlocked))
            .all(ForkEvidence.each(SHARED, ANOTHER, UNLOCK, EPERM, ForkKinds::unlocked))
            .all(ForkEvidence.each(SHARED, ANOTHER, THIRD, "", ForkKinds::robbed))
            .also(HANDLERS, "fork without handlers, another thread in the section: data", "half changed")
            .restsOn(
                    STANDARD,
                    "POSIX.1-2008, pthread_mutex_unlock(): EPERM for error-checking, recursive and robust"
                            + " mutexes; for the others an unlock by who is not the owner is undefined")
            .remark("A normal mutex does not know its owner. Who unlocks it so finds the data half"
                    + " changed, as the other thread had them in hand.")
            .is(ONLY_FOR_THESE_KINDS);

    private static final Claim F8 = Claim.of(
                    "F8", "To release a mutex in the child is safe if the forking thread owned it.")
            .made("The forking thread holds; its child unlocks; then a third process tries to lock, while"
                    + " the parent still believes that it holds.")
            .all(ForkEvidence.each(PRIVATE, FORKER, UNLOCK, NOT_REFUSED, ForkKinds::unlocked))
            .all(ForkEvidence.each(SHARED, FORKER, UNLOCK, NOT_REFUSED, ForkKinds::unlocked))
            .all(ForkEvidence.each(SHARED, FORKER, THIRD, "EBUSY", ForkKinds::robbed))
            .restsOn(STANDARD, OWNERSHIP)
            .remark("Only a private normal mutex. The child's unlock of a shared normal one succeeds and"
                    + " robs the living parent.")
            .instead("The child's unlock is refused, and the parent still holds.")
            .shown(MORTMAIN_FORK, "the child of the holder unlocks it", REFUSED)
            .shown(MORTMAIN_FORK, "the parent, after its child's attempts", "still holds")
            .is(ONLY_FOR_THESE_KINDS);

    private static final Claim F9 = Claim.of(
                    "F9",
                    "Handlers usually work like that: lock before the fork, unlock in child and parent, and"
                            + " the child can use the library.")
            .made("A library with one lock and the three handlers; the child enters it.")
            .sees(HANDLERS, "plain normal: use in child", "0")
            .sees(HANDLERS, "plain recursive: use in child", "0", HANGS)
            .sees(HANDLERS, "plain error-checking: use in child", "0", HANGS)
            .sees(HANDLERS, "robust normal: use in child", "0", HANGS)
            .restsOn(STANDARD, CHILD_HANDLER)
            .remark("Where the child's unlock is refused, the copy stays locked, and nothing says so.")
            .is(ONLY_FOR_THESE_KINDS);

    private static final Claim F10 = Claim.of(
                    "F10",
                    "If the child acquires what the forking thread held, that is recursive locking, and works"
                            + " for PTHREAD_MUTEX_RECURSIVE.")
            .made("The forking thread holds a recursive mutex; the child locks it.")
            .sees(FORK_LOCKS, "private plain recursive" + FORKER + RELOCK, "0", HANGS)
            .sees(FORK_LOCKS, "private robust recursive" + FORKER + RELOCK, "0", HANGS)
            .sees(FORK_LOCKS, "shared plain recursive" + FORKER + RELOCK, "0", HANGS)
            .sees(FORK_LOCKS, "shared robust recursive" + FORKER + RELOCK, "0", HANGS)
            .all(notRecursive(PRIVATE))
            .all(notRecursive(SHARED))
            .also(FORK_LOCKS, "without a fork, recursive: relock by the same thread", "0")
            .restsOn(THIS_LIBRARY_ALONE, OWNERSHIP)
            .remark("The owner is a thread's number, and the child's thread has another one. An"
                    + " error-checking mutex does not say EDEADLK either: it hangs.")
            .instead("The child's lock is refused.")
            .shown(MORTMAIN_FORK, "the child of the holder locks it again", REFUSED)
            .is(FALSE);

    private static final Claim F11 = Claim.of("F11", "If another thread held it, it cannot be reacquired in the child.")
            .made("The child tries to lock, and locks, what another thread held.")
            .all(ForkEvidence.each(PRIVATE, ANOTHER, "trylock", "EBUSY", "EBUSY"))
            .all(ForkEvidence.each(PRIVATE, ANOTHER, RELOCK, HANGS, HANGS))
            .restsOn(STANDARD, OWNERSHIP)
            .is(TRUE);

    private static final Claim F12 = Claim.of(
                    "F12", "By handlers a library can promise that it may be used between fork and exec.")
            .made("Another thread is half-way through a change when a thread forks: by fork, by _Fork, and"
                    + " with a recursive lock in the library.")
            .sees(HANDLERS, "fork with handlers, another thread in the section: data", "whole")
            .sees(HANDLERS, "fork with handlers, another thread in the section: use in child", "0")
            .sees(HANDLERS, "_Fork with handlers, another thread in the section: use in child", "0", HANGS)
            .sees(HANDLERS, "plain recursive: use in child", "0", HANGS)
            .restsOn(THIS_LIBRARY_ALONE, CHILD_HANDLER)
            .remark("For fork() and a normal mutex alone: the library does not choose by what call its"
                    + " process is forked.")
            .instead("No such promise: ForkHooks make what the child copies whole, and locks are refused in it.")
            .shown(MORTMAIN_HOOKS, HOOKED_SECTION, "whole")
            .shown(MORTMAIN_FORK, "the child locks a free mutex", REFUSED)
            .is(ONLY_FOR_THESE_KINDS);

    private static final Claim F13 = Claim.of("F13", "The runtime of a language can be expected to promise that.")
            .made("Other threads allocate, hold the stream, and read the time zone, within the C library;"
                    + " the child calls malloc, printf, localtime.")
            .sees(PROGRAMS, "malloc in the child, others in malloc", "works")
            .sees(PROGRAMS, "printf in the child, the stream locked by another", "works")
            .sees(PROGRAMS, "localtime in the child, another reads the time zone", "works", HANGS)
            .restsOn(
                    THIS_LIBRARY_ALONE,
                    "glibc takes its locks of malloc and of streams around fork(), and some others not; the"
                            + " standard asks for none of it")
            .remark("A JVM promises nothing: Java code that goes on in a forked child can hang at any" + " step.")
            .is(ONLY_FOR_THESE_KINDS);

    private ForkClaims() {}

    private static List<Evidence> notRecursive(String sharing) {
        return ForkEvidence.each(sharing, FORKER, RELOCK, "", HANGS).stream()
                .filter(evidence -> !evidence.observation().contains("recursive"))
                .toList();
    }

    static List<Claim> claims() {
        return List.of(F1, F2, F3, F4, F5, F6, F7, F8, F9, F10, F11, F12, F13);
    }
}
