package io.mortmain.bench.peer;

import io.mortmain.Region;
import io.mortmain.errors.RegionException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a benchmark has in /dev/shm and in the folder for temporary files. The names say whose it is, so that others can remove it when a
 * SIGKILL kept the owner from doing so.
 */
public final class Belongings {
    private static final Path SHARED_MEMORY = Path.of("/dev/shm");
    private static final Path SELF = Path.of("/proc/self");
    /** With the PID namespace in it, because the numbers of another one mean nothing here: who looks dead may live there. */
    private static final String START = "mortmain-bench-" + pidNamespace() + "-";

    private static final Pattern NAME = Pattern.compile(Pattern.quote(START) + "(\\d{1,9})(-.*)?");

    private Belongings() {}

    /** The name of this process's region; followed by a hyphen and anything else, that of a file or folder. */
    public static String name() {
        return START + ProcessHandle.current().pid();
    }

    /** Removes what processes left that are no more, and returns what that was. */
    public static List<Path> removeOrphaned() {
        return remove(owner -> ProcessHandle.of(owner).isEmpty());
    }

    /** Removes what belongs to the process whose region, file or folder this is; nothing when it is not that of a benchmark. */
    static void removeOf(Path region) {
        Matcher matcher = NAME.matcher(region.getFileName().toString());
        if (matcher.matches()) {
            long gone = Long.parseLong(matcher.group(1));
            remove(owner -> owner == gone);
        }
    }

    private static List<Path> remove(Predicate<Long> ofOwner) {
        List<Path> removed = new ArrayList<>();
        for (Path path : all()) {
            Matcher matcher = NAME.matcher(path.getFileName().toString());
            if (matcher.matches()
                    && ofOwner.test(Long.valueOf(matcher.group(1)))
                    && isOfThisUser(path)
                    && remove(path)) {
                removed.add(path);
            }
        }
        return removed;
    }

    /** Regions first: whoever still opens one then fails at once, and not at a file. */
    private static List<Path> all() {
        List<Path> all = new ArrayList<>();
        for (Path folder : List.of(SHARED_MEMORY, Path.of(System.getProperty("java.io.tmpdir")))) {
            try (DirectoryStream<Path> paths = Files.newDirectoryStream(folder, START + "*")) {
                paths.forEach(all::add);
            } catch (IOException unreadable) {
                // then nothing of ours is there either
            }
        }
        return all;
    }

    /** As far as possible: several processes may do it at once. */
    private static boolean remove(Path path) {
        boolean isRegion = path.startsWith(SHARED_MEMORY) && Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS);
        return isRegion ? removeRegion(path) : removeTree(path);
    }

    private static boolean removeRegion(Path path) {
        try {
            Region.delete(path.toString());
            return true;
        } catch (RegionException goneOrForeign) {
            return false;
        }
    }

    /** A file, or a folder with what is in it; false when something stays. */
    public static boolean removeTree(Path path) {
        try (Stream<Path> files = Files.walk(path)) {
            return files.sorted(Comparator.reverseOrder())
                    .map(file -> file.toFile().delete())
                    .reduce(true, Boolean::logicalAnd);
        } catch (IOException | UncheckedIOException gone) {
            return false;
        }
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
            throw new UncheckedIOException("the benchmarks need /proc", noProc);
        }
    }
}
