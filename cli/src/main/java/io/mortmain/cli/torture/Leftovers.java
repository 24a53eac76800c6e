package io.mortmain.cli.torture;

import java.io.File;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;

/** What runs leave behind that were ended by SIGKILL: files in shared memory, temporary folders. */
final class Leftovers {
    /** The process of a younger one may be one of another PID namespace, whose number says nothing here. */
    private static final Duration OLD = Duration.ofMinutes(10);

    private static final int ATTEMPTS = 1_000;

    private Leftovers() {}

    /** Of runs that are over. */
    static void remove() {
        for (File folder : new File[] {Site.SHARED_MEMORY.toFile(), new File(System.getProperty("java.io.tmpdir"))}) {
            for (File file : files(folder)) {
                if (file.getName().startsWith(Site.PREFIX) && isOver(file)) {
                    removeFolder(file.toPath());
                }
            }
        }
    }

    private static boolean isOver(File file) {
        String pid = file.getName().substring(Site.PREFIX.length()).split("-", 2)[0];
        return pid.matches("\\d{1,9}")
                && ProcessHandle.of(Long.parseLong(pid)).isEmpty()
                && Instant.ofEpochMilli(file.lastModified())
                        .isBefore(Instant.now().minus(OLD));
    }

    /** As far as possible. */
    static void remove(Path folder, String prefix) {
        for (File file : files(folder.toFile())) {
            if (file.getName().startsWith(prefix)) {
                removeFolder(file.toPath());
            }
        }
    }

    /** With what is in it, as far as possible: several processes may do it at once, and a compiler that ends may write into it. */
    static void removeFolder(Path path) {
        for (int i = 0; i < ATTEMPTS && !removeOnce(path.toFile()); i++) {
            Thread.onSpinWait();
        }
    }

    private static boolean removeOnce(File file) {
        if (!java.nio.file.Files.isSymbolicLink(file.toPath())) {
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
