package io.mortmain.cli.stepper;

import io.mortmain.Region;
import io.mortmain.RegionOptions;
import io.mortmain.cli.process.CCompiler;
import io.mortmain.cli.process.ChildJvm;
import io.mortmain.cli.process.Leftovers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Where a run takes place: its files, its child processes, the compiled C program. Thread-safe. */
final class Workplace implements AutoCloseable {
    private static final int OBJECTS = 2;
    private static final long CAPACITY = 4096;
    private static final String PROGRAM = "section";

    private final Path folder;
    private final String prefix;
    /** With the file of what it says on standard error. */
    private final Map<Process, Path> processes = new ConcurrentHashMap<>();

    private final AtomicInteger names = new AtomicInteger();
    private boolean closed;

    private Workplace(Path folder, String prefix) {
        this.folder = folder;
        this.prefix = prefix;
    }

    /** Whoever asks for it closes it, on a Ctrl-C too. */
    static Workplace prepare() throws IOException {
        Leftovers.remove();
        String prefix = Leftovers.prefix() + Long.toHexString(System.nanoTime()) + "-";
        return new Workplace(Files.createTempDirectory(Leftovers.prefix()), prefix);
    }

    /** The program of {@code section.c}, if this machine can compile it. */
    CCompiler.Result compile() throws IOException, InterruptedException {
        CCompiler.copyHeaders(folder);
        // Linked at start, so that the first call of a function is like any other.
        List<String> options = new ArrayList<>(List.of("-w", "-Wl,-z,now", "-I", folder.toString()));
        options.addAll(SectionWords.macros());
        return CCompiler.compile(Workplace.class, PROGRAM, folder, options.toArray(String[]::new));
    }

    Process startC(String role, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(folder.resolve(PROGRAM).toString(), role));
        command.addAll(List.of(arguments));
        return start(command);
    }

    /**
     * Starts a JVM with both compilers, as any program has them. The compilers are waited for, so that warm-up ends when the code is
     * there; and there is so much memory that no collection stops the thread between two instructions.
     */
    Process startJava(String region) throws IOException {
        String defect = System.getProperty(Section.DEFECT, "");
        List<String> command = ChildJvm.command(
                VictimMain.class,
                "-XX:TieredStopAtLevel=4",
                "-XX:-BackgroundCompilation",
                "-Xms160m",
                "-Xmx160m",
                "-Xmn128m",
                "-D" + Section.DEFECT + "=" + defect,
                "--add-modules",
                "java.management,jdk.management");
        command.add(region);
        return start(command);
    }

    /** Processes and files are made while this place is open, or not at all: what came later would be left behind. */
    private synchronized Process start(List<String> command) throws IOException {
        requireOpen();
        Path said = folder.resolve("said-" + names.incrementAndGet());
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectError(said.toFile())
                .start();
        processes.put(process, said);
        return process;
    }

    /** The first line that it wrote on standard error, or nothing. */
    String saidOnError(Process process) {
        try {
            return Files.readString(processes.getOrDefault(process, folder))
                    .lines()
                    .findFirst()
                    .orElse("");
        } catch (IOException unreadable) {
            return "";
        }
    }

    /** A region with a mutex and the words. */
    synchronized Path newRegion() {
        requireOpen();
        Path path = newPath();
        try (Region region = Region.create(path.toString(), CAPACITY, RegionOptions.DEFAULT.withMaxObjects(OBJECTS))) {
            region.mutex(SectionWords.MUTEX);
            SectionWords.in(region);
        }
        return path;
    }

    /** The same bytes once more, for another acquirer. */
    synchronized Path copy(Path region) throws IOException {
        requireOpen();
        return Files.copy(region, newPath());
    }

    private Path newPath() {
        return Leftovers.SHARED_MEMORY.resolve(prefix + names.incrementAndGet());
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("the run was ended");
        }
    }

    void forget(Process process) {
        Path said = processes.remove(process);
        if (said != null) {
            Leftovers.removeFolder(said);
        }
    }

    /** Ends the children and removes the files. Those that are traced end with their tracer at the latest. */
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
        }
        processes.keySet().forEach(Process::destroyForcibly);
        Leftovers.remove(Leftovers.SHARED_MEMORY, prefix);
        Leftovers.removeFolder(folder);
    }
}
