package io.mortmain.testing;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A process that a test started: it says lines, the test answers lines and kills it. Each wait has a hang guard of {@link #GUARD_SECONDS}
 * seconds, which is never a proof of anything. Closing kills it.
 */
public final class TestProcess implements AutoCloseable {
    public static final int GUARD_SECONDS = 60;

    /**
     * What the JVMs are told that are but peers: they end before optimised code would pay; and two that are the first of their PID
     * namespaces would write performance data to one file in /tmp, and say so.
     */
    static final List<String> PEER_OPTIONS = List.of(
            "-XX:-UsePerfData",
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-ea",
            "--enable-native-access=ALL-UNNAMED");

    private static final String END = "\0end";
    private static final int FUTEX_CALL = System.getProperty("os.arch").equals("aarch64") ? 98 : 202;
    private static final int FUTEX_PRIVATE_FLAG = 128;
    private static final Path CLASSES = Path.of("target", "classes").toAbsolutePath();
    private static final Path TEST_CLASSES = Path.of("target", "test-classes").toAbsolutePath();

    private final Process process;
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
    private final List<String> seen = new ArrayList<>();
    private long pid;

    private TestProcess(Process process) {
        this.process = process;
        this.pid = process.pid();
        Thread.ofPlatform().daemon().start(this::pump);
    }

    /** A JVM that runs the main method of a test class, with the library on its class path; stderr comes with stdout. */
    public static TestProcess java(Class<?> main, String... arguments) {
        return java(List.of(), main, arguments);
    }

    /** As {@link #java(Class, String...)}, with options for the JVM. */
    public static TestProcess java(List<String> options, Class<?> main, String... arguments) {
        return start(javaCommand(options, main, arguments));
    }

    /** What {@link #java(List, Class, String...)} starts, for whoever starts it in a way of his own. */
    public static List<String> javaCommand(List<String> options, Class<?> main, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto", "-ea"));
        command.add("--enable-native-access=ALL-UNNAMED");
        command.add("-Dio.mortmain.without=" + System.getProperty("io.mortmain.without", ""));
        command.addAll(options);
        command.addAll(List.of("-cp", CLASSES + File.pathSeparator + TEST_CLASSES, main.getName()));
        command.addAll(List.of(arguments));
        return command;
    }

    /** As {@link #java(Class, String...)}, for a class that is but a peer of the test: it starts faster, see {@link PeerCache}. */
    public static TestProcess peer(Class<?> main, String... arguments) {
        return peer(List.of(), main, arguments);
    }

    /** As {@link #peer(Class, String...)}, with options for the JVM. */
    public static TestProcess peer(List<String> options, Class<?> main, String... arguments) {
        return start(peerCommand(options, main, arguments));
    }

    /** What {@link #peer(List, Class, String...)} starts. */
    public static List<String> peerCommand(List<String> options, Class<?> main, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(PEER_OPTIONS);
        command.add("-Dio.mortmain.without=" + System.getProperty("io.mortmain.without", ""));
        command.addAll(options);
        command.addAll(PeerCache.options());
        command.add(main.getName());
        command.addAll(List.of(arguments));
        return command;
    }

    /** A C program of src/test/c, compiled when first asked for. */
    public static TestProcess c(String program, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(CProgram.compile(program).toString());
        command.addAll(List.of(arguments));
        return start(command);
    }

    public static TestProcess start(List<String> command) {
        try {
            return new TestProcess(
                    new ProcessBuilder(command).redirectErrorStream(true).start());
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private void pump() {
        try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                lines.add(line);
            }
        } catch (IOException closed) {
            // the process was killed; what it said before is in the queue
        }
        lines.add(END);
    }

    public long pid() {
        return pid;
    }

    /** Of a command that runs another one as its child, as unshare --fork does: from now on signals and looks are that one's. */
    public TestProcess meansItsChild() {
        pid = process.children().findFirst().orElseThrow().pid();
        return this;
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** Waits for a line that begins with the text, and returns the whole line; fails when the process ends without saying it. */
    public String expect(String start) {
        for (; ; ) {
            String line = next();
            if (line.startsWith(start)) {
                return line;
            }
        }
    }

    /** All lines until it ends. */
    public List<String> untilEnd() {
        List<String> rest = new ArrayList<>();
        for (String line = nextOrEnd(); !line.equals(END); line = nextOrEnd()) {
            rest.add(line);
        }
        return rest;
    }

    /** The next line, whatever it is. */
    public String next() {
        String line = nextOrEnd();
        if (line.equals(END)) {
            throw new AssertionError("process " + pid() + " ended; it said " + seen);
        }
        return line;
    }

    private String nextOrEnd() {
        try {
            String line = lines.poll(GUARD_SECONDS, TimeUnit.SECONDS);
            if (line == null) {
                throw new AssertionError("process " + pid() + " hangs; it said " + seen);
            }
            if (line.equals(END)) {
                lines.add(END); // for whoever asks again
            } else {
                seen.add(line);
            }
            return line;
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    /** Whether it has said nothing that the test has not read yet. */
    public boolean isSilent() {
        return lines.isEmpty();
    }

    /** Sends a line. */
    public void say(String line) {
        try {
            process.outputWriter(StandardCharsets.UTF_8).write(line + "\n");
            process.outputWriter(StandardCharsets.UTF_8).flush();
        } catch (IOException failed) {
            throw new AssertionError("process " + pid() + " does not listen; it said " + seen, failed);
        }
    }

    /** SIGKILL, and waits until the process is gone. */
    public void kill() {
        process.destroyForcibly();
        exitCode();
    }

    /** Any other signal, by name, e.g. STOP. */
    public void signal(String name) {
        try {
            int exit = new ProcessBuilder("kill", "-" + name, Long.toString(pid()))
                    .inheritIO()
                    .start()
                    .waitFor();
            if (exit != 0) {
                throw new AssertionError("kill -" + name + " " + pid() + ": " + exit);
            }
        } catch (IOException | InterruptedException failed) {
            throw new AssertionError(failed);
        }
    }

    /** SIGSTOP, and waits until each thread stands still; {@code signal("CONT")} lets them go on. */
    public void stop() {
        signal("STOP");
        long guard = System.nanoTime() + TimeUnit.SECONDS.toNanos(GUARD_SECONDS);
        while (!isStopped()) {
            if (System.nanoTime() - guard > 0) {
                throw new AssertionError("process " + pid() + " does not stop; it said " + seen);
            }
            Thread.onSpinWait();
        }
    }

    private boolean isStopped() {
        try (var threads = Files.newDirectoryStream(Path.of("/proc", Long.toString(pid()), "task"))) {
            for (Path thread : threads) {
                String stat = Files.readString(thread.resolve("stat"));
                if (stat.charAt(stat.lastIndexOf(')') + 2) != 'T') {
                    return false;
                }
            }
            return true;
        } catch (IOException gone) {
            if (!isAlive()) {
                throw new AssertionError("process " + pid() + " ended; it said " + seen, gone);
            }
            return false; // one of its threads ended meanwhile
        }
    }

    /** Waits for the end; 128 + signal when a signal ended it. */
    public int exitCode() {
        try {
            if (!process.waitFor(GUARD_SECONDS, TimeUnit.SECONDS)) {
                throw new AssertionError("process " + pid() + " does not end; it said " + seen);
            }
            return process.exitValue();
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    /**
     * Waits until a thread of the process that is named "waits" sleeps in a futex call of the shared form: it waits for a mutex in shared
     * memory. The JVM's own waits are of the private form, so they are not mistaken for it.
     */
    public void awaitSleepingInFutex() {
        awaitSleepingInFutex(1);
    }

    /** As {@link #awaitSleepingInFutex()}, for so many threads. */
    public void awaitSleepingInFutex(int threads) {
        awaitSleepingInFutex(threads, false);
    }

    /** As {@link #awaitSleepingInFutex()}, for a wait that may be over before it was seen: then the process has said something. */
    public void awaitSleepingInFutexOrSpeaking() {
        awaitSleepingInFutex(1, true);
    }

    private void awaitSleepingInFutex(int threads, boolean orSpeaking) {
        long guard = System.nanoTime() + TimeUnit.SECONDS.toNanos(GUARD_SECONDS);
        while (System.nanoTime() - guard < 0) {
            if (sleepersInFutex() == threads || (orSpeaking && !isSilent())) {
                return;
            }
            try {
                Thread.sleep(1);
            } catch (InterruptedException interrupted) {
                throw new AssertionError(interrupted);
            }
        }
        throw new AssertionError("process " + pid() + " does not wait; it said " + seen);
    }

    private int sleepersInFutex() {
        int sleepers = 0;
        try (var threads = Files.newDirectoryStream(Path.of("/proc", Long.toString(pid()), "task"))) {
            for (Path thread : threads) {
                sleepers += isSleepingInFutex(thread) ? 1 : 0;
            }
            return sleepers;
        } catch (IOException gone) {
            throw new AssertionError("process " + pid() + " ended; it said " + seen, gone);
        }
    }

    /** As /proc/PID/task/TID/syscall says: number and arguments of the call in which it sleeps, or "running". */
    private static boolean isSleepingInFutex(Path thread) {
        try {
            if (!Files.readString(thread.resolve("comm")).strip().equals("waits")) {
                return false;
            }
            String[] call = Files.readString(thread.resolve("syscall")).split(" ", -1);
            return call.length > 2
                    && Integer.parseInt(call[0]) == FUTEX_CALL
                    && (Long.decode(call[2]) & FUTEX_PRIVATE_FLAG) == 0;
        } catch (IOException ended) {
            return false;
        }
    }

    /** Waits until that many threads of the process sleep in a call whose first argument is the address, as futex has the word's. */
    public void awaitWaiters(long word, int count) {
        String argument = " 0x" + Long.toHexString(word) + " ";
        long guard = System.nanoTime() + TimeUnit.SECONDS.toNanos(GUARD_SECONDS);
        while (System.nanoTime() - guard < 0) {
            int waiting = 0;
            try (var threads = Files.newDirectoryStream(Path.of("/proc", Long.toString(pid()), "task"))) {
                for (Path thread : threads) {
                    waiting += systemCall(thread).contains(argument) ? 1 : 0;
                }
                if (waiting == count) {
                    return;
                }
                Thread.sleep(1);
            } catch (IOException | InterruptedException gone) {
                throw new AssertionError("process " + pid() + " ended; it said " + seen, gone);
            }
        }
        throw new AssertionError("process " + pid() + " does not wait " + count + " times; it said " + seen);
    }

    private static String systemCall(Path thread) {
        try {
            return Files.readString(thread.resolve("syscall"));
        } catch (IOException ended) {
            return "";
        }
    }

    /** Kills it, and removes the regions that it made for itself as a {@link TestRegion} and could not remove. */
    @Override
    public void close() {
        process.destroyForcibly();
        exitCode();
        Path sharedMemory = Path.of("/dev/shm");
        try (var left = Files.newDirectoryStream(sharedMemory, TestRegion.prefix(pid()) + "*")) {
            for (Path region : left) {
                Files.deleteIfExists(region);
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
