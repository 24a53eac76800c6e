package io.mortmain.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.mortmain.Region;
import io.mortmain.bench.peer.Belongings;
import io.mortmain.bench.peer.SharingPeer;
import java.io.File;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is left of a run after SIGKILL: nothing for long. Each wait has a hang guard, which proves nothing. */
class KilledRunTest {
    private static final int GUARD_SECONDS = 120;
    private static final int ATTEMPTS = 20;
    private static final Path SHARED_MEMORY = Path.of("/dev/shm");
    private static final String PEERS = SharingPeer.class.getPackageName() + ".";
    private static final Path TEMPORARY = Path.of(System.getProperty("java.io.tmpdir"));
    /** All that comes before the process number. */
    private static final String START = Belongings.name()
            .substring(
                    0,
                    Belongings.name().length()
                            - Long.toString(ProcessHandle.current().pid()).length());

    @ParameterizedTest
    @ValueSource(strings = {"uncontended", "contended", "kill"})
    void shouldLeaveNothingWhenKilledWithPeers(String section, @TempDir Path folder) throws Exception {
        Process run = start(section, folder);
        try {
            await("the run has a peer in Java", () -> javaPeers(run) > 0);
            List<ProcessHandle> peers = run.descendants().toList();
            assertThat(traces(run.pid())).isNotEmpty();
            run.destroyForcibly().waitFor();
            for (ProcessHandle peer : peers) {
                peer.onExit().get(GUARD_SECONDS, TimeUnit.SECONDS);
            }
            await("nothing is left", () -> traces(run.pid()).isEmpty());
        } finally {
            run.destroyForcibly();
        }
    }

    @Test
    void shouldRemoveWhatTheDeadLeftAndSaySoWhenRun() throws Exception {
        long living = ProcessHandle.current().parent().orElseThrow().pid();
        String unknown = "mortmain-bench-1-" + deadProcess(); // as seen from another PID namespace
        Path ofLiving = makeTraces(START + living);
        Path ofNobodyKnown = makeTraces(unknown);
        try {
            long dead = deadWhoseTracesThisRunRemoved();

            assertThat(traces(dead)).isEmpty();
            assertThat(ofLiving.resolve("file")).exists();
            assertThat(ofNobodyKnown.resolve("file")).exists();
            assertThat(Region.list()).contains(START + living, unknown).doesNotContain(START + dead);
            assertThat(list()).doesNotContain("removed: " + ofLiving, "removed: " + ofNobodyKnown);
        } finally {
            removeTraces(ofLiving);
            removeTraces(ofNobodyKnown);
        }
    }

    /** A run of another test may come first, and say it in place of ours; then somebody else has to be dead. */
    private static long deadWhoseTracesThisRunRemoved() throws Exception {
        String said = "";
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            long dead = deadProcess();
            Path region = SHARED_MEMORY.resolve(START + dead);
            try {
                Path folder = makeTraces(START + dead);
                said = list();
                if (said.contains("removed: " + region) && said.contains("removed: " + folder)) {
                    return dead;
                }
            } catch (NoSuchFileException removedMeanwhile) {
                said = removedMeanwhile.toString();
            }
            // removed by whoever was faster, and by the next run if he was killed
        }
        throw new AssertionError("in " + ATTEMPTS + " runs none said what it removed; the last said: " + said);
    }

    private static void removeTraces(Path folder) throws Exception {
        Belongings.removeTree(folder);
        String region = folder.getFileName().toString().replaceAll("-[^-]*$", "");
        Files.deleteIfExists(SHARED_MEMORY.resolve(region));
    }

    /** Makes a region of that name, and a folder with a file in it, which is returned. */
    private static Path makeTraces(String name) throws Exception {
        Region.create(name, 0).close();
        Path folder = Files.createTempDirectory(name + "-");
        Files.createFile(folder.resolve("file"));
        return folder;
    }

    private static long deadProcess() throws Exception {
        Process process = new ProcessBuilder("true").start();
        process.waitFor();
        return process.pid();
    }

    /** Runs what takes least: JMH lists its benchmarks. */
    private static String list() {
        StringWriter out = new StringWriter();
        int exitCode = BenchMain.commandLine().setOut(new PrintWriter(out)).execute("lock", "--jmh", "--", "-l");
        assertThat(exitCode).isZero();
        return out.toString();
    }

    private static Process start(String section, Path folder) throws Exception {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        BenchMain.class.getName(),
                        "lock",
                        "--only",
                        section,
                        "--out",
                        folder.resolve("raw.json").toString())
                .redirectErrorStream(true)
                .redirectOutput(Redirect.DISCARD)
                .start();
    }

    /** By the class that they run: a process on its way to become one is still the run's own program, and comes to nothing without it. */
    private static long javaPeers(Process run) {
        assertThat(run.isAlive()).as("the run goes on").isTrue();
        return run.children()
                .filter(child -> child.info().commandLine().orElse("").contains(PEERS))
                .count();
    }

    /** What is in /dev/shm and in the folder for temporary files with that process number. */
    private static List<String> traces(long process) {
        return Stream.of(SHARED_MEMORY, TEMPORARY)
                .flatMap(folder -> Stream.of(folder.toFile().listFiles()))
                .map(File::toString)
                .filter(path -> path.matches(".*/\\Q" + START + process + "\\E(-.*)?"))
                .toList();
    }

    private interface Condition {
        boolean holds();
    }

    private static void await(String what, Condition condition) throws InterruptedException {
        long guard = System.nanoTime() + TimeUnit.SECONDS.toNanos(GUARD_SECONDS);
        while (!condition.holds()) {
            assertThat(System.nanoTime() - guard).as(what).isNegative();
            Thread.sleep(10);
        }
    }
}
