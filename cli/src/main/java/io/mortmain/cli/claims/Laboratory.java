package io.mortmain.cli.claims;

import io.mortmain.cli.process.CCompiler;
import io.mortmain.cli.process.ChildJvm;
import io.mortmain.cli.process.Leftovers;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Where the experiments take place: their files, their processes, the compiled program. Thread-safe. */
final class Laboratory implements AutoCloseable {
    /** Proves nothing; so that a defect cannot stop the whole run. The programs have a guard of their own, which is shorter. */
    private static final long GUARD_SECONDS = 60;

    /** How an experiment ends that is not possible here; it says why, as {@link #REASON}. */
    static final int NOT_TRIED = 3;

    static final String REASON = "reason";
    private static final List<String> PARTS =
            List.of("stage.h", "robust.h", "fork_locks.h", "fork_handlers.h", "signals.h", "programs.h");

    private final Path folder;
    private final String prefix;
    private final Collection<Process> processes = new ConcurrentLinkedQueue<>();
    private CCompiler.@Nullable Result compiled;
    private boolean closed;

    private Laboratory(Path folder, String prefix) {
        this.folder = folder;
        this.prefix = prefix;
    }

    /** Whoever asks for it closes it, on a Ctrl-C too. */
    static Laboratory prepare() throws IOException {
        Leftovers.remove();
        Path folder = Files.createTempDirectory(Leftovers.prefix());
        return new Laboratory(folder, Leftovers.prefix() + Long.toHexString(System.nanoTime()) + "-");
    }

    /** Runs it to its end. */
    Map<String, String> run(Experiment experiment) throws IOException, InterruptedException {
        boolean forks = experiment == Experiment.MORTMAIN_HOOKS;
        String program = (forks ? library() : program()).toString();
        List<String> command = new ArrayList<>();
        if (experiment.isInJava()) {
            command.addAll(ChildJvm.command(MortmainMain.class, "--enable-native-access=io.mortmain.cli"));
            command.addAll(List.of(experiment.program(), regions(experiment), program));
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
                throw new IllegalStateException("the experiment was not over in " + GUARD_SECONDS + " s");
            }
        } finally {
            end(process);
        }
        Map<String, String> seen = read(said);
        if (process.exitValue() == NOT_TRIED) {
            throw new NotTried(seen.getOrDefault(REASON, "the experiment did not say why"));
        }
        if (process.exitValue() != 0) {
            throw new IllegalStateException("the experiment " + name + " ended with " + process.exitValue()
                    + (seen.containsKey(REASON) ? ": " + seen.get(REASON) : ""));
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
        for (String part : PARTS) {
            CCompiler.copy(Laboratory.class, part, folder.resolve(part));
        }
        return CCompiler.compile(Laboratory.class, "claims", folder, "-w", "-I", folder.toString(), "-ldl");
    }

    /** That forks in the JVM that loads it. */
    private synchronized Path library() throws IOException, InterruptedException {
        requireOpen();
        CCompiler.Result result = CCompiler.library(Laboratory.class, "jvm_forks", folder);
        return result.program().orElseThrow(() -> new NotTried(result.sentence()));
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
