package io.mortmain.cli.torture;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A child process that does on order what faults are made of. Thread-safe. Ends when this process does. */
final class Hand implements AutoCloseable {
    /** Proves nothing; so that a defect cannot stop the whole run. */
    static final long GUARD_SECONDS = 60;

    private final Process process;
    private final Path saidOnError;
    private final Writer orders;
    private final CompletableFuture<Answer> ready = new CompletableFuture<>();
    private final Map<String, Queue<CompletableFuture<Answer>>> open = new ConcurrentHashMap<>();
    private volatile boolean gone;

    private Hand(Process process, Path saidOnError) {
        this.process = process;
        this.saidOnError = saidOnError;
        this.orders = process.outputWriter(StandardCharsets.UTF_8);
        Thread.ofPlatform().daemon().name("listens to hand " + process.pid()).start(this::listen);
    }

    /** Does not wait until it is ready: its orders do. */
    static Hand start(List<String> command, Path folder) throws IOException {
        return start(command, folder, ProcessBuilder.Redirect.PIPE);
    }

    static Hand start(List<String> command, Path folder, ProcessBuilder.Redirect out) throws IOException {
        Path saidOnError = Files.createTempFile(folder, "hand-", ".err");
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectError(saidOnError.toFile())
                .redirectOutput(out)
                .start();
        return new Hand(process, saidOnError);
    }

    long pid() {
        return process.pid();
    }

    /** Gives an order, which is answered when it is done; fails with {@link HandGone} when the process ends before. */
    CompletableFuture<Answer> tell(String thread, String order) {
        CompletableFuture<Answer> answer = new CompletableFuture<>();
        synchronized (this) {
            open.computeIfAbsent(thread, ignored -> new ConcurrentLinkedQueue<>())
                    .add(answer);
            send(thread, order);
        }
        if (gone) {
            failOpenOnes();
        }
        return answer;
    }

    /** Gives an order whose answer nobody wants, or that has none: it ends the thread or the process. */
    synchronized void send(String thread, String order) {
        try {
            orders.write(thread + " " + order + "\n");
            orders.flush();
        } catch (IOException itEnded) {
            gone = true;
        }
    }

    /** Waits for the answer. */
    Answer ask(String thread, String order) throws InterruptedException {
        return answer(tell(thread, order));
    }

    /** Waits for the answer, which must be 0. */
    Answer must(String thread, String order) throws InterruptedException {
        Answer answer = ask(thread, order);
        if (!answer.isDone()) {
            throw new IllegalStateException("\"" + order + "\" gave " + answer.code() + " " + answer.text());
        }
        return answer;
    }

    static Answer answer(CompletableFuture<Answer> answer) throws InterruptedException {
        try {
            return answer.get(GUARD_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException failed) {
            throw new HandGone(String.valueOf(failed.getCause()));
        } catch (TimeoutException hangs) {
            throw new IllegalStateException("an order was not done in " + GUARD_SECONDS + " s", hangs);
        }
    }

    void awaitReady() throws InterruptedException {
        answer(ready);
    }

    /** SIGKILL. */
    void kill() {
        process.destroyForcibly();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Waits until the process is gone, its threads included, and says how it ended: 128 + signal, or its exit code. */
    int awaitEnd() throws InterruptedException {
        if (!process.waitFor(GUARD_SECONDS, TimeUnit.SECONDS)) {
            throw new IllegalStateException("process " + pid() + " does not end");
        }
        return process.exitValue();
    }

    boolean isOver(long patience, TimeUnit unit) throws InterruptedException {
        return process.waitFor(patience, unit);
    }

    /** The first line that it wrote on standard error, or nothing. */
    String lastWords() {
        try {
            return Files.readString(saidOnError).lines().findFirst().orElse("");
        } catch (IOException unreadable) {
            return "";
        }
    }

    /** Everything that it wrote on standard error until now. */
    String saidOnError() {
        try {
            return Files.readString(saidOnError);
        } catch (IOException unreadable) {
            return "";
        }
    }

    private void listen() {
        try (BufferedReader in = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                hear(line);
            }
        } catch (IOException closed) {
            // as the end of what it says
        }
        gone = true;
        failOpenOnes();
    }

    private void hear(String line) {
        int end = line.indexOf(' ');
        String thread = end < 0 ? line : line.substring(0, end);
        Answer answer = Answer.parse(line.substring(end + 1));
        if (answer.code().equals("ready")) {
            ready.complete(answer);
            return;
        }
        Queue<CompletableFuture<Answer>> waiting = open.get(thread);
        CompletableFuture<Answer> first = waiting == null ? null : waiting.poll();
        if (first != null) {
            first.complete(answer);
        }
    }

    private void failOpenOnes() {
        HandGone why = new HandGone("the process ended before it answered; it said \"" + lastWords() + "\"");
        ready.completeExceptionally(why);
        open.values().forEach(queue -> {
            for (CompletableFuture<Answer> one = queue.poll(); one != null; one = queue.poll()) {
                one.completeExceptionally(why);
            }
        });
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
