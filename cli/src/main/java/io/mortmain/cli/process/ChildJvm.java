package io.mortmain.cli.process;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The command line of a JVM that starts fast and small and runs a main class of this very distribution. */
public final class ChildJvm {
    /** To start fast and small. No performance data: its file would stay in /tmp after a SIGKILL. */
    public static final List<String> OPTIONS = List.of(
            "-Xms8m",
            "-Xmx32m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Xshare:auto",
            "-XX:-UsePerfData",
            "-XX:-CreateCoredumpOnCrash");

    private ChildJvm() {}

    /** The main class with these further options of the JVM; of several for the same, the last counts. */
    public static List<String> command(Class<?> main, String... options) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(OPTIONS);
        command.addAll(List.of(options));
        String modulePath = System.getProperty("jdk.module.path");
        if (main.getModule().isNamed() && modulePath != null) {
            command.addAll(List.of("-p", modulePath, "--enable-native-access=io.mortmain"));
            command.addAll(List.of("-m", main.getModule().getName() + "/" + main.getName()));
        } else {
            command.addAll(List.of("-cp", System.getProperty("java.class.path"), "--enable-native-access=ALL-UNNAMED"));
            command.add(main.getName());
        }
        return command;
    }
}
