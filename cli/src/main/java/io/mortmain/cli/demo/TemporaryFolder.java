package io.mortmain.cli.demo;

import java.io.File;
import java.nio.file.Path;

/** The folder with the compiled worker and what the workers said on standard error. It has no folders in it. */
final class TemporaryFolder {
    private TemporaryFolder() {}

    /** As far as possible: several processes may do it at once. */
    static void remove(Path folder) {
        File[] files = folder.toFile().listFiles();
        boolean complete = files != null;
        if (files != null) {
            for (File file : files) {
                complete &= file.delete();
            }
        }
        complete &= folder.toFile().delete();
        assert complete || !folder.toFile().isFile();
    }
}
