package io.mortmain.cli.torture;

import io.mortmain.cli.process.NotTried;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** What this user may do on this machine. */
final class Privileges {
    private Privileges() {}

    static boolean isRoot() {
        try {
            return Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
        } catch (IOException unknown) {
            return false;
        }
    }

    /** A namespace of this kind can be made. */
    static void requireNamespaces(String kind) throws IOException, InterruptedException {
        boolean made = false;
        try {
            Process process = new ProcessBuilder("unshare", kind, "--fork", "true")
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            made = process.waitFor(Hand.GUARD_SECONDS, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException noSuchProgram) {
            // said below
        }
        if (!made) {
            throw new NotTried("'unshare " + kind + "' is refused or missing: run as root, with util-linux");
        }
    }
}
