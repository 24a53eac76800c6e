package io.mortmain.cli.experiment;

import io.mortmain.cli.process.CCompiler;
import io.mortmain.cli.process.ChildJvm;
import io.mortmain.cli.process.Leftovers;
import io.mortmain.cli.process.NotTried;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Where the experiments take place: their files, their processes, the compiled program. Thread-safe. */
public final class Laboratory implements AutoCloseable {
    /**
     * Proves nothing; so that a defect cannot stop the whole run. Longer than the guard of the programs in C, 40 s, and than all that of {@link ForkedJvm}
     * together, whose 4 children have 5 s each, up to 8 times.
     */
    private static final long GUARD_SECONDS = 200;

    /** How an experiment ends that is not possible here; it says why, as {@link #REASON}. */
    static final int NOT_TRIED = 3;

    static final String REASON = "reason";

    /** How a value begins that says why something cannot be made to happen here, while the rest of the experiment can. */
    public static final String IMPOSSIBLE = "not tried: ";

    private static final List<String> PARTS = List.of(
            "stage.h",
            "robust.h",
            "fork_locks.h",
            "fork_handlers.h",
            "signals.h",
            "programs.h",
            "identities.h",
            "inherited.h",
            "outlive.h");

    private final Path folder;
    private final String prefix;
    private final Map<Experiment, FutureTask<Map<String, String>>> runs = new ConcurrentHashMap<>();
    private final Collection<Process> processes = new ConcurrentLinkedQueue<>();
    private CCompiler.@Nullable Result compiled;
    private CCompiler.@Nullable Result compiledLibrary;
    private boolean closed;

    private Laboratory(Path folder, String prefix) {
        this.folder = folder;
        this.prefix = prefix;
    }

    /** Whoever asks for it closes it, on a Ctrl-C too. */
    public static Laboratory prepare() throws IOException {
        Leftovers.remove();
        Path folder = Files.createTempDirectory(Leftovers.prefix());
        return new Laboratory(folder, Leftovers.prefix() + Long.toHexString(System.nanoTime()) + "-");
    }

    /** What it sees; it is run when it is asked for first, and whoever asks meanwhile waits. */
    public Map<String, String> seen(Experiment experiment) throws Exception {
        FutureTask<Map<String, String>> run =
                runs.computeIfAbsent(experiment, ignored -> new FutureTask<>(() -> run(experiment)));
        run.run(); // does nothing but the first time
        try {
            return run.get();
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof Exception cause) {
                throw cause;
            }
            throw failed;
        }
    }

    /** Runs it to its end. */
    public Map<String, String> run(Experiment experiment) throws IOException, InterruptedException {
        String program = program().toString();
        List<String> command = new ArrayList<>();
        if (experiment.isInJava()) {
            command.addAll(ChildJvm.command(MortmainMain.class, "--enable-native-access=io.mortmain.cli"));
            command.addAll(List.of(
                    experiment.program(),
                    regions(experiment),
                    program,
                    library().toString()));
        } else {
            command.addAll(List.of(program, experiment.program()));
        }
        return run(command, experiment.name());
    }

    /** How the paths of an experiment's regions begin. */
    private String regions(Experiment experiment) {
        return Leftovers.SHARED_MEMORY.resolve(prefix + experiment.name()).toString();
    }

    private Map<String, String> run(List<String> command, String name) throws IOException, InterruptedException {
        Path said = folder.resolve(name + ".out");
        Process process = start(command, said);
        try {
            if (!process.waitFor(GUARD_SECONDS, TimeUnit.SECONDS)) {
                throw new ExperimentFailed(
                        "the experiment " + name + " was not over in " + GUARD_SECONDS + " s", read(said));
            }
        } finally {
            end(process);
        }
        Map<String, String> seen = read(said);
        if (process.exitValue() == NOT_TRIED) {
            throw new NotTried(seen.getOrDefault(REASON, "the experiment did not say why"));
        }
        if (process.exitValue() != 0) {
            throw new ExperimentFailed(
                    "the experiment " + name + " ended with " + process.exitValue()
                            + (seen.containsKey(REASON) ? ": " + seen.get(REASON) : ""),
                    seen);
        }
        return seen;
    }

    /** Processes are started while this is open, or not at all: what came later would be left behind. */
    private synchronized Process start(List<String> command, Path out) throws IOException {
        requireOpen();
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(out.toFile())
                .start();
        process.getOutputStream().close();
        processes.add(process);
        return process;
    }

    /** With what it started. */
    private static void end(Process process) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }

    private static Map<String, String> read(Path said) throws IOException {
        Map<String, String> seen = new HashMap<>();
        // a program that was killed may have left half a character
        for (String line :
                Files.readString(said, StandardCharsets.ISO_8859_1).lines().toList()) {
            int end = line.indexOf('=');
            if (end > 0) {
                seen.put(line.substring(0, end), line.substring(end + 1));
            }
        }
        return seen;
    }

    private synchronized Path program() throws IOException, InterruptedException {
        requireOpen();
        CCompiler.Result result = compiled == null ? compile() : compiled;
        compiled = result;
        return result.program().orElseThrow(() -> new NotTried(result.sentence()));
    }

    private CCompiler.Result compile() throws IOException, InterruptedException {
        copyParts();
        return CCompiler.compile(Laboratory.class, "experiments", folder, "-w", "-I", folder.toString(), "-ldl");
    }

    private void copyParts() throws IOException {
        for (String part : PARTS) {
            Path copy = folder.resolve(part);
            if (!Files.exists(copy)) {
                CCompiler.copy(Laboratory.class, part, copy);
            }
        }
    }

    /** That forks in the JVM that loads it, see {@link ForkLibrary}. */
    public synchronized Path library() throws IOException, InterruptedException {
        requireOpen();
        CCompiler.Result result = compiledLibrary == null ? compileLibrary() : compiledLibrary;
        compiledLibrary = result;
        return result.program().orElseThrow(() -> new NotTried(result.sentence()));
    }

    private CCompiler.Result compileLibrary() throws IOException, InterruptedException {
        copyParts();
        return CCompiler.library(Laboratory.class, "jvm_forks", folder);
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("the run was ended");
        }
    }

    /** Ends the processes and removes the files. */
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
        }
        processes.forEach(Laboratory::end);
        Leftovers.remove(Leftovers.SHARED_MEMORY, prefix);
        Leftovers.removeFolder(folder);
    }
}
