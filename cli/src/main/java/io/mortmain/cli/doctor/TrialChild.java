package io.mortmain.cli.doctor;

import io.mortmain.cli.process.ChildJvm;
import io.mortmain.internal.linux.PidDescriptor;
import io.mortmain.internal.linux.ThreadStatus;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** The doctor's end of a {@link TrialHolder} or {@link TrialWriter}. It can be closed at any moment, by another thread too. */
final class TrialChild implements AutoCloseable {
    private static final int SIGCONT = 18;
    private static final int SIGSTOP = 19;
    private static final long PAUSE_NANOS = 1_000_000;
    private static final int LONGEST_PAUSES = 5_000;

    private final List<String> command;
    private @Nullable Process process;
    private boolean closed;

    /** @param object that it holds, or changes */
    TrialChild(Class<?> main, String region, String object) {
        command = new ArrayList<>(ChildJvm.command(main));
        command.addAll(
                List.of(region, object, Long.toString(ProcessHandle.current().pid())));
    }

    void start() {
        try {
            Process started =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            keep(started);
        } catch (IOException failed) {
            throw new IllegalStateException(
                    "no JVM can be started for the trials (" + failed.getMessage() + "); allow more processes", failed);
        }
    }

    private synchronized void keep(Process started) {
        if (closed) {
            started.destroyForcibly();
        }
        process = started;
    }

    private synchronized Process process() {
        return Objects.requireNonNull(process, "started");
    }

    /** Waits until it holds; returns whether it could read the list of another. */
    boolean awaitHolding() {
        return Boolean.parseBoolean(expect(TrialHolder.HOLDING).substring(TrialHolder.HOLDING.length()));
    }

    void unmap() {
        tell(TrialHolder.UNMAP);
        expect(TrialHolder.UNMAPPED);
    }

    void write() {
        tell(TrialWriter.WRITE);
        expect(TrialWriter.WRITING);
    }

    private void tell(String order) {
        try {
            process().getOutputStream().write((order + "\n").getBytes(StandardCharsets.US_ASCII));
            process().getOutputStream().flush();
        } catch (IOException gone) {
            throw new IllegalStateException("the JVM of the trials has ended", gone);
        }
    }

    /** Returns when it is stopped. */
    void stop() {
        signal(SIGSTOP);
        for (int pause = 0; ThreadStatus.state(pid()) != 'T'; pause++) {
            if (pause == LONGEST_PAUSES) {
                throw new IllegalStateException("the JVM of the trials cannot be stopped");
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    void goOn() {
        signal(SIGCONT);
    }

    private void signal(int signal) {
        try (PidDescriptor process = PidDescriptor.ofChild(pid())) {
            process.signal(signal);
        }
    }

    int pid() {
        return (int) process().pid();
    }

    void kill() {
        process().destroyForcibly();
    }

    void awaitEnd() {
        try {
            process().waitFor();
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException("interrupted", interrupted);
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (process != null) {
            process.destroyForcibly();
        }
    }

    /** A JVM may say something of its own before. */
    private String expect(String start) {
        String last = "";
        try {
            for (String line = process().inputReader().readLine();
                    line != null;
                    line = process().inputReader().readLine()) {
                if (line.startsWith(start)) {
                    return line;
                }
                last = line;
            }
        } catch (IOException gone) {
            // said below
        }
        throw new IllegalStateException("the JVM of the trials ended early (" + last.strip() + ")");
    }
}
