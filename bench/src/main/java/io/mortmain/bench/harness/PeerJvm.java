package io.mortmain.bench.harness;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Starts peers in Java, with default flags but for those given. */
final class PeerJvm {
    /**
     * A heap that was touched, with 32 MiB for new objects: who allocates would else be measured with the page faults of memory that nobody
     * has used yet, in some runs and not in others.
     */
    private static final List<String> TOUCHED_HEAP = List.of("-Xms64m", "-Xmn32m", "-XX:+AlwaysPreTouch");

    private PeerJvm() {}

    /** These options, for a JVM whose single operations are measured. */
    static List<String> withTouchedHeap(List<String> options) {
        return Stream.concat(TOUCHED_HEAP.stream(), options.stream()).toList();
    }

    static PeerProcess start(String name, Class<?> main, List<String> options, String... arguments) {
        return startOn(classPath(), name, main, options, arguments);
    }

    /** With another build of the library. */
    static PeerProcess startWith(Path library, String name, Class<?> main, List<String> options, String... arguments) {
        return startOn(library.toAbsolutePath() + File.pathSeparator + classPath(), name, main, options, arguments);
    }

    private static PeerProcess startOn(
            String classPath, String name, Class<?> main, List<String> options, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("--enable-native-access=ALL-UNNAMED");
        if (!options.isEmpty()) {
            command.add("-XX:CompileCommand=quiet");
        }
        command.addAll(options);
        command.addAll(List.of("-cp", classPath, main.getName()));
        command.addAll(List.of(arguments));
        return PeerProcess.start(name, command);
    }

    /** Absolute, because a peer must find it wherever it runs. */
    private static String classPath() {
        return String.join(
                File.pathSeparator,
                Stream.of(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                        .map(entry -> new File(entry).getAbsolutePath())
                        .toList());
    }
}
