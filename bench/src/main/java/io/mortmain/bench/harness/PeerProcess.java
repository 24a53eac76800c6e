package io.mortmain.bench.harness;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A process that answers commands, one line each. It ends when it is closed, or when this JVM does: its input ends then. */
final class PeerProcess implements AutoCloseable {
    /** Beyond the time that a command takes by itself. */
    private static final int GUARD_SECONDS = 60;

    private static final String END = "end";

    private final String name;
    private final Process process;
    private final Writer input;
    private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();
    private final int threadId;

    private PeerProcess(String name, Process process) {
        this.name = name;
        this.process = process;
        this.input = process.outputWriter(StandardCharsets.UTF_8);
        Thread.ofPlatform().daemon().name("output of " + name).start(this::pump);
        this.threadId = Integer.parseInt(await("ready")[0]);
    }

    /** Starts it and waits until it is ready. */
    static PeerProcess start(String name, List<String> command) {
        try {
            return new PeerProcess(
                    name,
                    new ProcessBuilder(command).redirectError(Redirect.INHERIT).start());
        } catch (IOException failed) {
            throw new BenchException("the peer " + name + " could not be started by " + command, failed);
        }
    }

    private void pump() {
        try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                answers.add(line);
            }
        } catch (IOException killed) {
            // what it said before is in the queue
        }
        answers.add(END);
    }

    String name() {
        return name;
    }

    long id() {
        return process.pid();
    }

    /** The thread that answers commands. */
    int threadId() {
        return threadId;
    }

    /** Tells it something whose answer is awaited later. */
    void tell(String command) {
        try {
            input.write(command + "\n");
            input.flush();
        } catch (IOException gone) {
            throw new BenchException("the peer " + name + " is gone and cannot be told to " + command, gone);
        }
    }

    /** Waits for the answer of that kind and returns its words. */
    String[] await(String kind) {
        String line = next(kind);
        if (!line.startsWith(kind + " ") && !line.equals(kind)) {
            throw unexpected(kind, line);
        }
        return line.substring(kind.length()).strip().split(" ", -1);
    }

    private BenchException unexpected(String kind, String line) {
        return new BenchException("the peer " + name + " was to answer \"" + kind + "\" and said: " + line);
    }

    private String next(String kind) {
        try {
            String line = answers.poll(GUARD_SECONDS, TimeUnit.SECONDS);
            if (line == null) {
                throw new BenchException(
                        "the peer " + name + " hangs: no \"" + kind + "\" for " + GUARD_SECONDS + " s");
            }
            return line;
        } catch (InterruptedException interrupted) {
            throw new BenchException("interrupted while waiting for the peer " + name, interrupted);
        }
    }

    /** Waits for any answer; empty when there was none for that long. */
    Optional<String> awaitAny(long millis) {
        try {
            return Optional.ofNullable(answers.poll(millis, TimeUnit.MILLISECONDS));
        } catch (InterruptedException interrupted) {
            throw new BenchException("interrupted while waiting for the peer " + name, interrupted);
        }
    }

    /** Waits for an answer of one of two words. */
    String awaitEither(String one, String other) {
        String line = next(one + "\" or \"" + other);
        if (!line.equals(one) && !line.equals(other)) {
            throw unexpected(one + "\" or \"" + other, line);
        }
        return line;
    }

    String[] ask(String command, String kindOfAnswer) {
        tell(command);
        return await(kindOfAnswer);
    }

    /** Waits until it was killed and is gone. */
    void awaitDeath() {
        try {
            if (!process.waitFor(GUARD_SECONDS, TimeUnit.SECONDS)) {
                throw new BenchException("the peer " + name + " was killed and does not end");
            }
        } catch (InterruptedException interrupted) {
            throw new BenchException("interrupted while the peer " + name + " dies", interrupted);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
        awaitDeath();
    }
}
