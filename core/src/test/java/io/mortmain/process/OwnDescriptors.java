package io.mortmain.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What is open in this process, and which children of it are zombies: before and after. */
final class OwnDescriptors {
    private OwnDescriptors() {}

    /** What each descriptor leads to, but for those of the JVM's own work: jars, its reading of /proc, and what the children are waited by. */
    static TreeMap<Integer, String> open() {
        TreeMap<Integer, String> open = new TreeMap<>();
        try (Stream<Path> entries = Files.list(Path.of("/proc/self/fd"))) {
            for (Path entry : entries.toList()) {
                String target = target(entry);
                boolean isOfTheJvm = target.isEmpty()
                        || target.endsWith(".jar")
                        || target.endsWith("/modules")
                        || target.endsWith("random")
                        || target.startsWith("/proc/")
                        || target.equals("anon_inode:[eventpoll]")
                        || target.equals("anon_inode:[eventfd]");
                if (!isOfTheJvm) {
                    open.put(Integer.valueOf(entry.getFileName().toString()), target);
                }
            }
        } catch (IOException unreadable) {
            throw new AssertionError(unreadable);
        }
        return open;
    }

    /** How many epoll(7) are open. */
    static long eventPolls() throws IOException {
        try (Stream<Path> entries = Files.list(Path.of("/proc/self/fd"))) {
            return entries.filter(entry -> target(entry).equals("anon_inode:[eventpoll]"))
                    .count();
        }
    }

    private static String target(Path entry) {
        try {
            return Files.readSymbolicLink(entry).toString();
        } catch (IOException closed) {
            return "";
        }
    }

    /** Fails unless the same is open as before, once the library's own threads have had time to put their descriptors away. */
    static void requireAs(SortedMap<Integer, String> before) throws InterruptedException {
        long guard = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        SortedMap<Integer, String> last = open();
        while (!last.equals(before) && System.nanoTime() < guard) {
            Thread.sleep(10);
            last = open();
        }
        assertThat(last).as("open descriptors").isEqualTo(before);
    }

    /** Numbers of our children that have ended and were not waited for, once they have had time. */
    static List<Long> zombies() throws InterruptedException {
        long guard = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        List<Long> zombies = zombiesNow();
        while (!zombies.isEmpty() && System.nanoTime() < guard) {
            Thread.sleep(10);
            zombies = zombiesNow();
        }
        return zombies;
    }

    private static List<Long> zombiesNow() {
        return ProcessHandle.current()
                .children()
                .map(ProcessHandle::pid)
                .filter(OwnDescriptors::isZombie)
                .collect(Collectors.toList());
    }

    private static boolean isZombie(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
            return stat.charAt(stat.lastIndexOf(')') + 2) == 'Z';
        } catch (IOException gone) {
            return false;
        }
    }
}
