package io.mortmain.cli.claims;

import static io.mortmain.cli.claims.Ground.STANDARD;
import static io.mortmain.cli.claims.Ground.THIS_SYSTEM;
import static io.mortmain.cli.claims.Verdict.FALSE;
import static io.mortmain.cli.claims.Verdict.ONLY_FOR_THESE_KINDS;
import static io.mortmain.cli.claims.Verdict.TRUE;
import static io.mortmain.cli.experiment.Experiment.MORTMAIN_DEATHS;
import static io.mortmain.cli.experiment.Experiment.MORTMAIN_REFUSALS;
import static io.mortmain.cli.experiment.Experiment.ROBUST;

import java.util.List;

/** What the text on robust mutexes says, in its order. */
final class RobustClaims {
    private static final String HANGS = "hangs";
    private static final String TOLD = "told";
    private static final String KERNEL =
            "Linux, Documentation/locking/robust-futexes.rst; POSIX does not say how it is done";

    private static final Claim R1 = Claim.of(
                    "R1", "Processes can protect memory that they share by a pthread_mutex_t in it.")
            .made("A process waits for a mutex in shared memory, and another one that holds it unlocks.")
            .sees(ROBUST, "waiter in another process, process-shared", "0")
            .sees(ROBUST, "waiter in another process, not process-shared", "0", HANGS)
            .sees(ROBUST, "waiter in another process, robust only", "0")
            .restsOn(
                    STANDARD,
                    "POSIX.1-2008, pthread_mutexattr_setpshared(): without PTHREAD_PROCESS_SHARED the"
                            + " behaviour is undefined")
            .remark("Without the attribute all is well until somebody has to wait: the wake-up does not"
                    + " reach another process. glibc takes every robust mutex for a shared one.")
            .is(ONLY_FOR_THESE_KINDS);

    private static final Claim R2 = Claim.of(
                    "R2",
                    "If the process or thread that holds a robust mutex ends without unlocking it, the next"
                            + " to acquire it is told.")
            .made("A holder is killed, crashes, exits, executes another program; a thread ends while its"
                    + " process lives on. Then another locks.")
            .sees(ROBUST, "killed, normal", TOLD)
            .sees(ROBUST, "killed, recursive", TOLD)
            .sees(ROBUST, "killed, error-checking", TOLD)
            .sees(ROBUST, "crashed", TOLD)
            .sees(ROBUST, "exited", TOLD)
            .sees(ROBUST, "exec by the main thread", TOLD)
            .sees(ROBUST, "thread ended", TOLD)
            .restsOn(STANDARD, "POSIX.1-2008, pthread_mutex_lock(), EOWNERDEAD")
            .instead("Java and C processes tell each other, on the same mutex.")
            .shown(MORTMAIN_DEATHS, "Java holder killed", TOLD)
            .is(TRUE);

    private static final Claim R3 = Claim.of("R3", "Where the mutex is not robust, the next to lock hangs for ever.")
            .made("A holder of a mutex without the attribute is killed; then another locks.")
            .sees(ROBUST, "not robust, killed", HANGS)
            .restsOn(STANDARD, "POSIX.1-2008, pthread_mutexattr_setrobust(): PTHREAD_MUTEX_STALLED is the default")
            .instead("Every mutex of Mortmain is robust.")
            .shown(MORTMAIN_DEATHS, "Java holder killed", TOLD)
            .is(TRUE);

    private static final Claim R4 = Claim.of(
                    "R4", "Who is told is given a chance to clean up whatever was left inconsistent.")
            .made("Who was told declares the mutex consistent and unlocks, or just unlocks; then another" + " locks.")
            .sees(ROBUST, "declared consistent", "0")
            .sees(ROBUST, "given up", "ENOTRECOVERABLE")
            .restsOn(STANDARD, "POSIX.1-2008, pthread_mutex_consistent()")
            .remark("One chance: who unlocks without pthread_mutex_consistent() has made the mutex useless"
                    + " for all.")
            .instead("The repair is given at the start, or the Hold says that the predecessor died. Data"
                    + " in guarded objects need none.")
            .shown(MORTMAIN_DEATHS, "the next after a repair", "clean")
            .is(TRUE);

    private static final Claim R5 = Claim.of("R5", "Small programs that try robust mutexes out work perfectly.")
            .made("A holder ends with the memory still mapped; one has closed the file before.")
            .sees(ROBUST, "exited", TOLD)
            .sees(ROBUST, "killed, normal", TOLD)
            .sees(ROBUST, "closed, exited", TOLD)
            .restsOn(STANDARD, "POSIX.1-2008, pthread_mutex_lock(), EOWNERDEAD")
            .remark("They do, and prove nothing for a program that leaves in another way: see R6.")
            .is(TRUE);

    private static final Claim R6 = Claim.of(
                    "R6",
                    "A holder that unmaps the memory, closes the file and ends without unlocking lets the"
                            + " next one hang for ever.")
            .made("A holder does what the text's program did, and one is killed after unmapping; then"
                    + " another process maps the file and locks.")
            .sees(ROBUST, "unmapped, closed, exited", HANGS)
            .sees(ROBUST, "unmapped, killed", HANGS)
            .restsOn(THIS_SYSTEM, KERNEL)
            .remark("It is the unmapping alone; closing the file does no harm (R5).")
            .instead("Who waits through Mortmain is told, and a region whose mutex is held cannot be" + " closed.")
            .shown(MORTMAIN_DEATHS, "C holder unmapped and exited", TOLD)
            .shown(MORTMAIN_REFUSALS, "close of a region whose mutex is held", "refused, IN_USE")
            .is(TRUE);

    private static final Claim R7 = Claim.of(
                    "R7", "Linux implements robustness by a list for each thread of the mutexes that it holds.")
            .made("A thread asks the kernel where its list is (get_robust_list), and counts.")
            .sees(ROBUST, "list, nothing held", "0")
            .sees(ROBUST, "list, a plain mutex held", "0")
            .sees(ROBUST, "list, two robust mutexes held", "2")
            .sees(ROBUST, "list, of another thread", "0")
            .sees(ROBUST, "list, one unlocked", "1")
            .restsOn(THIS_SYSTEM, KERNEL)
            .remark("Of the robust ones.")
            .is(TRUE);

    private static final Claim R8 = Claim.of(
                    "R8", "When a thread dies, the kernel goes through the list and marks each mutex.")
            .made("A process dies with so many robust mutexes held; each is then tried.")
            .sees(ROBUST, "3 held", "3 marked")
            .sees(ROBUST, "2048 held", "2048 marked")
            .sees(ROBUST, "2100 held", "2100 marked", "2048 marked")
            .restsOn(THIS_SYSTEM, "Linux, ROBUST_LIST_LIMIT in linux/futex.h")
            .remark("The 2,048 locked last are marked; the oldest stay locked for ever, and nothing says so.")
            .instead("The 2,049th lock of a thread is refused.")
            .shown(MORTMAIN_REFUSALS, "the 2,049th lock of one thread", "refused, TOO_MANY_HELD")
            .is(ONLY_FOR_THESE_KINDS);

    private static final Claim R9 = Claim.of("R9", "The list is kept in user memory, in thread-local storage.")
            .made("A thread that holds two looks where the head of its list and the first entry are.")
            .sees(ROBUST, "list head", "in the thread's own memory")
            .sees(ROBUST, "list entry", "in the thread's own memory", "in the mutex")
            .restsOn(THIS_SYSTEM, KERNEL)
            .remark("Only the head is there. The links are in the mutexes themselves, so whatever happens"
                    + " to their memory happens to the list.")
            .is(ONLY_FOR_THESE_KINDS);

    private static final Claim R10 = Claim.of(
                    "R10",
                    "If the memory is unmapped before the exit, the entry leads nowhere and the mutex is"
                            + " never marked.")
            .made("A holder unmaps and has the file mapped elsewhere; unmaps and maps it again at the same"
                    + " address; makes it read-only. Then it ends.")
            .sees(ROBUST, "unmapped, killed", HANGS)
            .sees(ROBUST, "mapped elsewhere, exited", HANGS)
            .sees(ROBUST, "mapped again at the address, exited", TOLD)
            .sees(ROBUST, "read-only, killed", HANGS)
            .restsOn(THIS_SYSTEM, KERNEL)
            .remark("An entry is an address in the dying process: it must be mapped, writable, and the"
                    + " mutex's own, when the process ends.")
            .instead("The memory of locks is never unmapped, and a second witness tells of deaths that the"
                    + " kernel does not report.")
            .shown(MORTMAIN_DEATHS, "C holder unmapped and exited", TOLD)
            .is(TRUE);

    private static final Claim R11 = Claim.of(
                    "R11", "In practice it matters only against a programmer's error: code that forgot to unlock.")
            .made("Nobody forgets anything: the holder is in its section when another thread unmaps the"
                    + " memory and the process is killed, or executes a program, being"
                    + " another than the main thread; or it holds two, and the memory of the later one goes.")
            .sees(ROBUST, "another thread unmapped, killed", TOLD, HANGS)
            .sees(ROBUST, "exec by a holder that is not the main thread", TOLD, HANGS)
            .sees(ROBUST, "older lock", TOLD, HANGS)
            .restsOn(THIS_SYSTEM, KERNEL)
            .remark("One bad entry ends the kernel's walk: every mutex that the thread locked earlier is"
                    + " lost with it.")
            .instead("Who waits through Mortmain is told in each of these cases.")
            .shown(MORTMAIN_DEATHS, "C holder, another thread unmapped", TOLD)
            .shown(MORTMAIN_DEATHS, "C holder, exec by a thread that is not the main one", TOLD)
            .shown(MORTMAIN_DEATHS, "C holder, older lock", TOLD)
            .is(FALSE);

    private static final Claim R12 = Claim.of("R12", "In truth it is slightly more complex than a list.")
            .made("A thread ends in the middle of locking: the word is taken, the mutex not yet on the list,"
                    + " and named in the list head's word for that (list_op_pending).")
            .sees(ROBUST, "died in the middle of locking", TOLD)
            .restsOn(THIS_SYSTEM, "Linux, Documentation/locking/robust-futex-ABI.rst")
            .is(TRUE);

    private RobustClaims() {}

    static List<Claim> claims() {
        return List.of(R1, R2, R3, R4, R5, R6, R7, R8, R9, R10, R11, R12);
    }
}
