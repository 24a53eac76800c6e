package io.mortmain.cli;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mortmain.cli.CliProcess.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The command as an ordinary user, nobody, started by root. The jars are copied: the repository of root's Maven is root's alone. */
final class AnotherUser {
    static final int ID = 65534;

    private static final List<String> AS_NOBODY =
            List.of("setpriv", "--reuid=" + ID, "--regid=" + ID, "--clear-groups");

    private final Path jars;

    private AnotherUser(Path jars) {
        this.jars = jars;
    }

    /** Ends the test where we cannot act as others. */
    static AnotherUser require(Path folder) throws IOException {
        assumeTrue(Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0), "root can act as others");
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        AnotherUser user = new AnotherUser(Files.createDirectory(folder.resolve("jars")));
        for (Path module : CliProcess.modules().toList()) {
            copy(module, user.jars.resolve(module.getParent().getParent().getFileName() + "-" + module.getFileName()));
        }
        assumeTrue(user.run("--version").exitCode() == 0, "another user can run java");
        return user;
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Path copy = to.resolve(from.relativize(file).toString());
                Files.copy(file, from.equals(file) ? to : copy);
            }
        }
    }

    Result run(String... arguments) {
        List<String> command = new ArrayList<>(AS_NOBODY);
        command.addAll(CliProcess.commandIn(modulePath(), arguments));
        return CliProcess.run(command, Map.of("HOME", jars.toString()));
    }

    private String modulePath() {
        try (Stream<Path> copies = Files.list(jars)) {
            return String.join(":", copies.map(Path::toString).toList());
        } catch (IOException gone) {
            throw new AssertionError(gone);
        }
    }
}
