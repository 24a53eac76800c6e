package io.mortmain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mortmain.process.Child;
import io.mortmain.process.Spawn;
import io.mortmain.testing.TestProcess;
import io.mortmain.testing.TestRegion;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/**
 * A JVM that ends waits for threads that are in native calls, for 0.3 s if need be: those of the library sleep there for 20 ms at a time,
 * when nobody needs them any more. Seen in what the kernel says of the system call that each is in.
 */
class SleepingThreadsTest {
    private static final int POLL = 7;
    private static final int EPOLL_WAIT = 232;
    private static final Path TASKS = Path.of("/proc/self/task");
    private static final int MOST_ATTEMPTS = 50;
    private static final int LOOKS = 100;
    private static final int ENOUGH_LOOKS = 10;

    /** The longest sleep of each thread of the library, once each has been met asleep some times. On a busy machine one may end before. */
    public static void main(String[] arguments) throws Exception {
        Map<String, Long> longest = new TreeMap<>();
        Map<String, Integer> looks = new TreeMap<>();
        for (int attempt = 0; attempt < MOST_ATTEMPTS && !isEnough(looks); attempt++) {
            waitForAHolder();
            try (Child child = Spawn.of("true").start()) {
                child.await();
            }
            for (int look = 0; look < LOOKS; look++) {
                look(longest, looks);
                Thread.sleep(1);
            }
        }
        System.out.println("longest sleeps: " + longest);
    }

    private static boolean isEnough(Map<String, Integer> looks) {
        return looks.size() == 2 && looks.values().stream().allMatch(number -> number >= ENOUGH_LOOKS);
    }

    private static void look(Map<String, Long> longest, Map<String, Integer> looks) throws IOException {
        try (DirectoryStream<Path> threads = Files.newDirectoryStream(TASKS)) {
            for (Path thread : threads) {
                String name = read(thread.resolve("comm"));
                long millis = millisAsleep(read(thread.resolve("syscall")));
                if (name.startsWith("mortmain-") && millis != 0) {
                    longest.merge(name, millis, Math::max);
                    looks.merge(name, 1, Integer::sum);
                }
            }
        }
    }

    private static void waitForAHolder() throws InterruptedException {
        try (TestRegion name = new TestRegion();
                Region region = Region.create(name.name(), 0)) {
            RobustMutex mutex = region.mutex("m");
            CountDownLatch isHeld = new CountDownLatch(1);
            Thread holder = Thread.ofPlatform().start(() -> {
                try (Hold _ = mutex.lock()) {
                    isHeld.countDown();
                    Thread.sleep(200); // longer than anybody waits before he watches
                } catch (InterruptedException impossible) {
                    throw new AssertionError(impossible);
                }
            });
            isHeld.await();
            mutex.lock().close();
            holder.join();
        }
    }

    private static String read(Path file) throws IOException {
        try {
            return Files.readString(file).strip();
        } catch (IOException ended) {
            return "";
        }
    }

    /** Its number, its arguments in hexadecimal digits, and more; 0 where it is no sleep. A sleep without end is as long as can be. */
    private static long millisAsleep(String systemCall) {
        String[] words = systemCall.split(" ", -1);
        if (words[0].equals(Integer.toString(POLL))) {
            return millis(words[3]);
        }
        return words[0].equals(Integer.toString(EPOLL_WAIT)) ? millis(words[4]) : 0;
    }

    private static long millis(String argument) {
        int millis = (int) Long.parseUnsignedLong(argument.substring(2), 16);
        return millis < 0 ? Long.MAX_VALUE : millis;
    }

    @Test
    void shouldSleepShortlyWhenNobodyNeedsThem() {
        assumeTrue(System.getProperty("os.arch").equals("amd64"), "the numbers of the system calls");
        try (TestProcess process = TestProcess.peer(SleepingThreadsTest.class)) {
            assertThat(process.expect("longest sleeps: "))
                    .matches("longest sleeps: \\{mortmain-childr=(1?\\d|20), mortmain-owner-=(1?\\d|20)}");
        }
    }
}
