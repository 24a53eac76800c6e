package io.mortmain.cli.doctor;

import io.mortmain.internal.linux.Facility;
import io.mortmain.internal.linux.FileLease;
import io.mortmain.internal.linux.PidDescriptor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What Mortmain can do without, see {@link Facility}, and what it does then. */
final class FacilityChecks {
    private static final Path YAMA = Path.of("/proc/sys/kernel/yama/ptrace_scope");

    private FacilityChecks() {}

    static Finding threadDescriptors() {
        String check = "thread descriptors";
        String instead =
                "who waits looks at /proc every few milliseconds, and is told of an unreported death that much later";
        if (!Facility.PIDFD_THREAD.isAllowed()) {
            return switchedOff(check, Facility.PIDFD_THREAD, instead);
        }
        return PidDescriptor.canBeOfThread()
                ? Finding.ok(check, "pidfd_open with PIDFD_THREAD")
                : Finding.fallback(
                        check,
                        "none: " + instead,
                        "use Linux 6.9 or later, and allow pidfd_open in the seccomp profile");
    }

    /** @param number unique number of another process, or 0 */
    static Finding processNumbers(long number) {
        return number != 0
                ? Finding.ok("process numbers", "unique, from pidfd_open")
                : Finding.fallback(
                        "process numbers",
                        "not unique: mortmain lock and rm tell processes of the same number apart by when they started",
                        "use Linux 6.9 or later, and allow pidfd_open in the seccomp profile");
    }

    /** @param readable whether one process could read the list of another that is not its child */
    static Finding ptracePermission(boolean readable) {
        String scope = "ptrace_scope " + ptraceScope();
        return readable
                ? Finding.ok("ptrace permission", "for other processes of this user, " + scope)
                : Finding.fallback(
                        "ptrace permission",
                        "none for other processes of this user, " + scope,
                        "set kernel.yama.ptrace_scope to 0 by sysctl, or allow process_vm_readv and get_robust_list in the"
                                + " seccomp profile, or give CAP_SYS_PTRACE");
    }

    /** @param readable as above */
    static Finding foreignLists(boolean readable) {
        String check = "foreign lists";
        String instead = "a thread that got the number of a dead holder counts as the holder until it ends";
        if (!Facility.FOREIGN_LISTS.isAllowed()) {
            return switchedOff(check, Facility.FOREIGN_LISTS, instead);
        }
        return readable
                ? Finding.ok(check, "get_robust_list and process_vm_readv")
                : Finding.fallback(check, "not readable: " + instead, "give the ptrace permission, see above");
    }

    /** @param answer about a file that this process uses */
    static Finding fileLeases(FileLease.Answer answer) {
        return answer == FileLease.Answer.USED
                ? Finding.ok("file leases", "F_SETLEASE")
                : Finding.fallback(
                        "file leases",
                        "none: mortmain rm finds who uses a region in /proc only, where processes of other users hide",
                        "allow fcntl with F_SETLEASE in the seccomp profile");
    }

    private static Finding switchedOff(String check, Facility facility, String instead) {
        return Finding.fallback(
                check,
                "switched off by io.mortmain.without: " + instead,
                "take " + facility.label() + " out of -Dio.mortmain.without, also in JAVA_TOOL_OPTIONS");
    }

    private static String ptraceScope() {
        try {
            return Files.readString(YAMA).strip();
        } catch (IOException withoutYama) {
            return "not restricted";
        }
    }
}
