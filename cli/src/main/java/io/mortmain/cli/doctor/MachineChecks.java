package io.mortmain.cli.doctor;

import io.mortmain.internal.linux.Platform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Versions, and where thread numbers have their meaning. */
final class MachineChecks {
    private static final Pattern VERSION = Pattern.compile("(\\d+)\\.(\\d+).*");
    private static final int[] OLDEST_KERNEL = {5, 15};
    private static final int OLDEST_JDK = 25;
    /** PROC_PID_INIT_INO: the namespace that the machine was started with. */
    private static final long INITIAL_PID_NAMESPACE = 4026531836L;

    private MachineChecks() {}

    static Finding kernel() {
        String version = System.getProperty("os.version", "?");
        return isOlder(version)
                ? Finding.failed("kernel", version, "use Linux 5.15 or later")
                : Finding.ok("kernel", version);
    }

    static boolean isOlder(String kernel) {
        Matcher version = VERSION.matcher(kernel);
        if (!version.matches()) {
            return true;
        }
        int major = Integer.parseInt(version.group(1));
        int minor = Integer.parseInt(version.group(2));
        return major < OLDEST_KERNEL[0] || (major == OLDEST_KERNEL[0] && minor < OLDEST_KERNEL[1]);
    }

    static Finding jdk() {
        String version = Runtime.version().toString();
        return Runtime.version().feature() < OLDEST_JDK
                ? Finding.failed("jdk", version, "use JDK 25 or later")
                : Finding.ok("jdk", version);
    }

    /** The platform has refused an unsuitable one before. */
    static Finding glibc() {
        String architecture = Platform.current().name().toLowerCase(Locale.ROOT);
        return Finding.ok("glibc", Platform.glibcVersion().orElse("?") + " on " + architecture);
    }

    static Finding pidNamespace() {
        try {
            long seen =
                    Long.parseLong(Files.readSymbolicLink(Path.of("/proc/self")).toString());
            if (seen != ProcessHandle.current().pid()) {
                return Finding.failed(
                        "pid namespace", "/proc belongs to another one", "mount /proc anew in this container");
            }
            long inode = (long) Files.getAttribute(Path.of("/proc/self/ns/pid"), "unix:ino");
            return Finding.ok(
                    "pid namespace",
                    inode
                            + (inode == INITIAL_PID_NAMESPACE
                                    ? ", the initial one"
                                    : ", a container's: regions are shared with processes in it only"));
        } catch (IOException unreadable) {
            return Finding.failed(
                    "pid namespace", "cannot be read (" + unreadable + ")", "mount /proc in this container");
        }
    }
}
