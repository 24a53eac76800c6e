package io.mortmain.cli.demo;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;

import io.mortmain.process.Child;
import io.mortmain.process.ChildExit;
import io.mortmain.process.Handover;
import io.mortmain.process.Spawn;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** One slot's worker as the demo sees it: a process that is started again whenever it died. Used by one thread, and by {@link #end}. */
final class Actor {
    private static final int KILLED = 128 + 9;
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Cast cast;
    private final int index;
    private final Slot slot;
    private final Path saidOnError;
    private @Nullable Child process;
    private int starts;
    private boolean killed;
    private long killedAt;
    private long lastLifeBefore;
    private boolean ordered;
    private boolean home;
    private boolean ended;

    Actor(Cast cast, int index, Slot slot) {
        this.cast = cast;
        this.index = index;
        this.slot = slot;
        this.saidOnError = cast.folder().resolve("worker-" + index + ".err");
    }

    int index() {
        return index;
    }

    Slot slot() {
        return slot;
    }

    boolean isC() {
        return cast.isC(index);
    }

    String language() {
        return cast.language(index);
    }

    int starts() {
        return starts;
    }

    /** Has no effect after {@link #end}. */
    synchronized void start() {
        if (ended) {
            return;
        }
        slot.order(0);
        ordered = false;
        lastLifeBefore = slot.life();
        killed = false;
        Spawn worker = cast.worker(index, starts);
        starts++;
        closeInput();
        process = worker.stdin(Handover.pipeToChild()) // a C worker ends with it when the demo is gone
                .stdout(Handover.nothing())
                .stderr(Handover.file(saidOnError, WRITE, CREATE, TRUNCATE_EXISTING))
                .start();
    }

    private void closeInput() {
        if (process != null) {
            process.close();
        }
    }

    /** Whether it has begun to work, and no kill is under way. */
    boolean isReady() {
        return isRunning() && !killed && slot.life() != lastLifeBefore;
    }

    boolean isRunning() {
        return process != null && process.isAlive();
    }

    /** Whether an order was given that has not yet come to its end. */
    boolean isOrdered() {
        return ordered;
    }

    void order(DeathKind kind) {
        ordered = true;
        slot.order(kind.code());
    }

    /** Its last words are in the book. */
    void orderDone() {
        ordered = false;
    }

    /** SIGKILL, with the time noted just before. */
    void kill() {
        if (process != null) {
            killed = true;
            killedAt = System.nanoTime();
            process.kill();
        }
    }

    long killedAt() {
        return killedAt;
    }

    /** Whether the process, which has ended, ended by {@link #kill} and not by itself just before. */
    boolean endedByKill() {
        return killed && exitCode() == KILLED;
    }

    int exitCode() {
        return process == null ? -1 : process.exit().map(ChildExit::shellCode).orElse(-1);
    }

    /** Its process has ended and it is not started again. */
    boolean isHome() {
        return home;
    }

    void stayHome() {
        home = true;
    }

    /** Whether the ended process had begun a life. */
    boolean hadBegun() {
        return slot.life() != lastLifeBefore;
    }

    /** How a process ended that should not have. */
    String unexpectedEnd() {
        return language() + " worker " + index + " ended by itself with exit code " + exitCode() + lastError();
    }

    private String lastError() {
        try {
            return Files.readAllLines(saidOnError).stream()
                    .filter(line -> !line.isBlank() && !line.startsWith("\tat "))
                    .findFirst()
                    .map(line -> " (" + line.strip() + ")")
                    .orElse("");
        } catch (IOException unreadable) {
            return "";
        }
    }

    /** For good, at the end of the demo; waits until the process is gone. */
    synchronized void end() {
        ended = true;
        if (process == null) {
            return;
        }
        process.kill();
        closeInput();
        try {
            if (process.await(PATIENCE).isEmpty()) {
                throw new IllegalStateException("process " + process.pid() + " does not end after SIGKILL");
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
