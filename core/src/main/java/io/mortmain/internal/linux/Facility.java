package io.mortmain.internal.linux;

import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What Mortmain uses where the kernel has it and allows it, and does without elsewhere. {@code -Dio.mortmain.without=NAME,…} does
 * without on any kernel, so that each fallback can be tried on a new one.
 */
public enum Facility {
    /**
     * pidfd_open(2) with PIDFD_THREAD, Linux 6.9: the end of a holder's thread is an event. Without it, who waits looks at /proc every
     * few milliseconds.
     */
    PIDFD_THREAD,
    /**
     * get_robust_list(2) and process_vm_readv(2) on other processes, subject to ptrace permission: a thread whose number a dead holder
     * had before is told from the holder. Without it, such a thread counts as the holder until it ends.
     */
    FOREIGN_LISTS,
    /**
     * posix_spawn_file_actions_addclosefrom_np(3), glibc 2.34: a child closes all descriptors above a number at once. Without it, those that
     * are open and some more are closed one by one.
     */
    CLOSE_FROM;

    private static final Set<String> WITHOUT = Arrays.stream(
                    System.getProperty("io.mortmain.without", "").split(","))
            .map(name -> name.strip().toLowerCase(Locale.ROOT))
            .collect(Collectors.toUnmodifiableSet());

    /** As the property names it. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether the property leaves it on. */
    public boolean isAllowed() {
        return !WITHOUT.contains(label());
    }
}
