package io.mortmain.cli.doctor;

import io.mortmain.internal.linux.Facility;
import io.mortmain.internal.linux.PidDescriptor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What Mortmain can do without, see {@link Facility}. */
final class FacilityChecks {
    private static final Path YAMA = Path.of("/proc/sys/kernel/yama/ptrace_scope");

    private FacilityChecks() {}

    static Finding threadDescriptors() {
        String check = "thread descriptors";
        if (!Facility.PIDFD_THREAD.isAllowed()) {
            return switchedOff(check, Facility.PIDFD_THREAD);
        }
        return PidDescriptor.canBeOfThread()
                ? Finding.ok(check, "pidfd_open with PIDFD_THREAD")
                : Finding.fallback(
                        check,
                        "none: an unreported death is told some milliseconds later",
                        "use Linux 6.9 or later, and allow pidfd_open in the seccomp profile");
    }

    /** @param readable whether one process could read the list of another that is not its child */
    static Finding foreignLists(boolean readable) {
        String check = "foreign lists";
        if (!Facility.FOREIGN_LISTS.isAllowed()) {
            return switchedOff(check, Facility.FOREIGN_LISTS);
        }
        String scope = "ptrace_scope " + ptraceScope();
        return readable
                ? Finding.ok(check, "readable, " + scope)
                : Finding.fallback(
                        check,
                        "not readable, " + scope
                                + ": a thread that got the number of a dead holder counts as the holder until it ends",
                        "set kernel.yama.ptrace_scope to 0 by sysctl, or allow process_vm_readv and get_robust_list in the"
                                + " seccomp profile, or give CAP_SYS_PTRACE");
    }

    private static Finding switchedOff(String check, Facility facility) {
        return Finding.fallback(
                check,
                "switched off by io.mortmain.without",
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
