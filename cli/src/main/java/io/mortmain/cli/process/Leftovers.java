package io.mortmain.cli.process;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What runs leave behind that were ended by SIGKILL: files in shared memory, temporary folders. */
public final class Leftovers {
    /** Where regions are made. */
    public static final Path SHARED_MEMORY = Path.of("/dev/shm");

    private static final Path SELF = Path.of("/proc/self");
    /** With the PID namespace in it, because the numbers of another one mean nothing here: who looks dead may live there. */
    private static final String NAMESPACE = pidNamespace();

    private static final Pattern NAME = Pattern.compile("mortmain-(?:torture|doctor)-" + NAMESPACE + "-(\\d{1,9})-.*");

    private static final int ATTEMPTS = 1_000;

    private Leftovers() {}

    /** How the names begin of all that this process makes for experiments. */
    public static String prefix() {
        return prefix("torture");
    }

    /** How the names begin of what the doctor makes. */
    public static String prefixOfDoctor() {
        return prefix("doctor");
    }

    private static String prefix(String command) {
        return "mortmain-" + command + "-" + NAMESPACE + "-"
                + ProcessHandle.current().pid() + "-";
    }

    /** Of runs whose processes are no more. */
    public static void remove() {
        for (File folder : new File[] {SHARED_MEMORY.toFile(), new File(System.getProperty("java.io.tmpdir"))}) {
            for (File file : files(folder)) {
                if (isOrphaned(file.getName()) && isOfThisUser(file.toPath())) {
                    removeFolder(file.toPath());
                }
            }
        }
    }

    private static boolean isOrphaned(String name) {
        Matcher matcher = NAME.matcher(name);
        return matcher.matches()
                && ProcessHandle.of(Long.parseLong(matcher.group(1))).isEmpty();
    }

    /** Another user could have put a folder of his choice there. */
    private static boolean isOfThisUser(Path path) {
        try {
            return Files.getOwner(path, LinkOption.NOFOLLOW_LINKS).equals(Files.getOwner(SELF));
        } catch (IOException gone) {
            return false;
        }
    }

    private static String pidNamespace() {
        try {
            return Files.readSymbolicLink(SELF.resolve(Path.of("ns", "pid")))
                    .toString()
                    .replaceAll("\\D", "");
        } catch (IOException noProc) {
            throw new UncheckedIOException("the files of a run need /proc", noProc);
        }
    }

    /** As far as possible. */
    public static void remove(Path folder, String prefix) {
        for (File file : files(folder.toFile())) {
            if (file.getName().startsWith(prefix)) {
                removeFolder(file.toPath());
            }
        }
    }

    /** With what is in it, as far as possible: several processes may do it at once, and a compiler that ends may write into it. */
    public static void removeFolder(Path path) {
        for (int i = 0; i < ATTEMPTS && !removeOnce(path.toFile()); i++) {
            Thread.onSpinWait();
        }
    }

    private static boolean removeOnce(File file) {
        if (!Files.isSymbolicLink(file.toPath())) {
            for (File inside : files(file)) {
                removeOnce(inside);
            }
        }
        return file.delete() || !file.exists();
    }

    private static File[] files(File folder) {
        File[] files = folder.listFiles();
        return files == null ? new File[0] : files;
    }
}
