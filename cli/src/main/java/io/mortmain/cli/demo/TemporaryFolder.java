package io.mortmain.cli.demo;

import java.io.File;
import java.nio.file.Path;

/** The folder with the compiled worker, the headers that it was made with, and what the workers said on standard error. */
final class TemporaryFolder {
    private TemporaryFolder() {}

    /** As far as possible: several processes may do it at once. */
    static void remove(Path folder) {
        boolean complete = remove(folder.toFile());
        assert complete || !folder.toFile().isFile();
    }

    private static boolean remove(File file) {
        File[] inside = file.listFiles();
        if (inside != null) {
            for (File each : inside) {
                remove(each);
            }
        }
        return file.delete();
    }
}
