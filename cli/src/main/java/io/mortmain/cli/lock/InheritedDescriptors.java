package io.mortmain.cli.lock;

import io.mortmain.internal.linux.Descriptors;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The descriptors above the three streams that this process was started with, as by {@code 3>file} in a shell. flock(1) passes them on,
 * and so do we. What the JVM opened for itself before it came to us is told by its name: a file of the JDK, or a jar in a folder of the
 * module path or the class path.
 */
final class InheritedDescriptors {
    private static final Path FOLDER = Path.of("/proc/self/fd");
    private static final String JAR = ".jar";
    private static final String REMOVED = " (deleted)";

    private final Path jdk = Path.of(System.getProperty("java.home"));
    private final Set<Path> foldersOfJars = new HashSet<>();

    private InheritedDescriptors() {
        for (String property : List.of("jdk.module.path", "java.class.path")) {
            for (String entry : System.getProperty(property, "").split(File.pathSeparator, -1)) {
                if (!entry.isEmpty()) { // as a path, nothing would be the working directory
                    addFolderOf(entry);
                }
            }
        }
    }

    /** To be read before anything else is opened. */
    static Set<Integer> read() {
        InheritedDescriptors descriptors = new InheritedDescriptors();
        Set<Integer> inherited = new TreeSet<>(Descriptors.open());
        inherited.removeIf(descriptors::isOfTheJvm);
        return inherited;
    }

    /** A jar leads to others in its folder by its manifest. */
    private void addFolderOf(String entry) {
        try {
            Path path = Path.of(entry).toRealPath();
            foldersOfJars.add(Files.isDirectory(path) ? path : path.getParent());
        } catch (IOException | InvalidPathException missing) {
            // then no jar of it is open
        }
    }

    private boolean isOfTheJvm(int descriptor) {
        try {
            return isOfTheJvm(Files.readSymbolicLink(FOLDER.resolve(Integer.toString(descriptor))));
        } catch (IOException closed) {
            return true; // that of the look itself
        }
    }

    /** The name is not made a path again: the locale may be unable to spell it. */
    private boolean isOfTheJvm(Path file) {
        String name = file.toString();
        boolean isJar = name.endsWith(JAR) || name.endsWith(JAR + REMOVED);
        return file.startsWith(jdk) || (isJar && foldersOfJars.contains(file.getParent()));
    }
}
