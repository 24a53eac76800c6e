package io.mortmain.process;

import io.mortmain.Region;
import io.mortmain.errors.SpawnException;
import io.mortmain.errors.SpawnException.Reason;
import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** The command line of a JVM that runs a class of this very program: the same JDK, the same module path and class path. */
final class JavaProgram {
    private final Class<?> main;

    JavaProgram(Class<?> main) {
        // a hidden one, such as a lambda's, has the loader and no file
        if (main.isHidden() || !ClassLoader.getSystemClassLoader().equals(main.getClassLoader())) {
            throw new SpawnException(
                    Reason.INVALID_ARGUMENT,
                    main + " was not loaded from the class path or module path, so another JVM would not find it;"
                            + " compile it to a file there");
        }
        this.main = main;
    }

    /** @param options further ones for the JVM; of several for the same, the last counts */
    List<String> command(List<String> options) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        String modulePath = modulePath();
        String classPath = classPath();
        boolean isModule = main.getModule().isNamed();
        if (!modulePath.isEmpty()) {
            command.addAll(List.of("--module-path", modulePath));
        }
        if (!classPath.isEmpty()) {
            command.addAll(List.of("--class-path", classPath));
        }
        Module library = Region.class.getModule();
        command.add("--enable-native-access=" + (library.isNamed() ? library.getName() : "ALL-UNNAMED"));
        if (library.isNamed()) {
            command.addAll(List.of("--add-modules", library.getName()));
        }
        command.addAll(options);
        if (isModule) {
            command.addAll(List.of("--module", main.getModule().getName() + "/" + main.getName()));
        } else {
            command.add(main.getName());
        }
        return command;
    }

    private static String modulePath() {
        String path = System.getProperty("jdk.module.path", "");
        return path.isEmpty() ? "" : absolute(path);
    }

    /** An empty one is the working folder, but where the JVM was started with a module. */
    private static String classPath() {
        String path = System.getProperty("java.class.path", "");
        return path.isEmpty() && System.getProperty("jdk.module.main") != null ? "" : absolute(path);
    }

    /** Entries are relative to our working folder, an empty one is that folder, and the child may have another. */
    private static String absolute(String path) {
        return Arrays.stream(path.split(File.pathSeparator, -1))
                .map(entry -> Path.of(entry).toAbsolutePath().toString())
                .collect(Collectors.joining(File.pathSeparator));
    }
}
