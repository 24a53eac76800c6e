package io.mortmain.process;

import io.mortmain.errors.SpawnException;
import io.mortmain.errors.SpawnException.Reason;
import io.mortmain.internal.linux.ChildWait;
import io.mortmain.internal.linux.Epoll;
import io.mortmain.internal.linux.Errno;
import io.mortmain.internal.linux.LinuxException;
import io.mortmain.internal.linux.PidDescriptor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.ByteChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A process that {@link Spawn} started. It is held by its pidfd: a signal never reaches another process that got its number later.
 *
 * <p>Its end is taken as soon as it ends, whether anybody asks or not: it leaves no zombie. This is done by one thread for all children of this
 * process, by waitid(2) for this one child: those of {@link ProcessBuilder} and of native code keep theirs. The thread ends a second after the last
 * child. Where SIGCHLD is ignored, the kernel takes the ends, and nobody knows how: reason {@code REAPED_ELSEWHERE}, also if the child ended
 * before {@link Spawn#start} returned.
 *
 * <p>Thread-safe.
 */
public final class Child implements AutoCloseable {
    static final String STDIN = "stdin of the child";
    static final String STDOUT = "stdout of the child";
    static final String STDERR = "stderr of the child";

    private static final int SIGKILL = 9;
    private static final long MICRO = 1_000;
    private static final long KIB = 1_024;

    private final int pid;
    private final @Nullable PidDescriptor process;
    private final String program;
    private final Map<String, DescriptorChannel> channels;
    private final CompletableFuture<ChildExit> ended = new CompletableFuture<>();
    private @Nullable ChildExit exit;
    private @Nullable SpawnException unknown;
    private boolean keepsNumber;
    private boolean watched = true;
    private boolean reaped;

    /** @param process null where there can be none: then {@link #endUnknown} is called at once */
    Child(
            int pid,
            @Nullable PidDescriptor process,
            String program,
            Map<String, DescriptorChannel> channels,
            boolean keepsNumber) {
        this.pid = pid;
        this.process = process;
        this.program = program;
        this.channels = channels;
        this.keepsNumber = keepsNumber;
    }

    int descriptor() {
        return process().number();
    }

    private PidDescriptor process() {
        return Objects.requireNonNull(process, "it had ended before there was a pidfd");
    }

    /** Somebody took its end before it could be held. */
    synchronized void endUnknown(LinuxException taken) {
        unknown = unknown(taken);
        reaped = true;
        watched = false;
        ended.completeExceptionally(unknown);
    }

    /**
     * Takes the end, if there is one. What fails on the way, for want of memory, is done by the next call.
     *
     * @return whether nobody need look any more
     */
    boolean tryReap(Epoll watch) {
        synchronized (this) {
            if (exit == null && unknown == null && !look()) {
                return false;
            }
            if (watched) {
                watch.remove(process().number());
                watched = false;
            }
            if (!keepsNumber) {
                reap();
            }
        }
        if (exit == null) {
            ended.completeExceptionally(unknown);
        } else {
            ended.complete(exit);
        }
        return true;
    }

    private synchronized void reap() {
        if (!reaped) {
            ChildWait.reap(process());
            reaped = true;
            process().close();
        }
    }

    private boolean look() {
        try {
            ChildWait.Ending ending = ChildWait.look(process());
            if (ending == null) {
                return false;
            }
            exit = exitOf(ending);
        } catch (LinuxException taken) {
            unknown = unknown(taken);
        }
        return true;
    }

    private SpawnException unknown(LinuxException taken) {
        return new SpawnException(
                Reason.REAPED_ELSEWHERE,
                taken.number(),
                "process " + pid + " (" + program + ") has ended, and how is not known: " + taken.sentence(),
                taken);
    }

    private static ChildExit exitOf(ChildWait.Ending ending) {
        OptionalInt status = OptionalInt.of(ending.status());
        return new ChildExit(
                ending.signalled() ? OptionalInt.empty() : status,
                ending.signalled() ? status : OptionalInt.empty(),
                ending.dumped(),
                Duration.ofNanos(ending.userMicros() * MICRO),
                Duration.ofNanos(ending.systemMicros() * MICRO),
                ending.peakKib() * KIB);
    }

    /**
     * Its number, in the PID namespace of this process; after its end perhaps another's, unless it is {@linkplain Spawn#keepNumber kept}.
     */
    public int pid() {
        return pid;
    }

    /** Whether its end has not yet been taken. */
    public boolean isAlive() {
        return !ended.isDone();
    }

    /**
     * How it ended; empty while it lives.
     *
     * @throws SpawnException reason {@code REAPED_ELSEWHERE} where that is not known
     */
    public Optional<ChildExit> exit() {
        return isAlive() ? Optional.empty() : Optional.of(result());
    }

    /**
     * Is completed when the process has ended; exceptionally with {@link SpawnException}, reason {@code REAPED_ELSEWHERE}, where nobody knows
     * how. What is attached to it before the end runs in the common pool, what is attached afterwards in the
     * attaching thread; to cancel it has no effect on the process.
     */
    public CompletableFuture<ChildExit> onExit() {
        return ended.thenApplyAsync(Function.identity());
    }

    /**
     * Waits for its end.
     *
     * @throws SpawnException reason {@code REAPED_ELSEWHERE}
     */
    public ChildExit await() throws InterruptedException {
        try {
            return ended.get();
        } catch (ExecutionException failed) {
            return result();
        }
    }

    /**
     * Waits for its end, at most so long.
     *
     * @param time nanoseconds count; zero or less: it only looks
     * @return empty if it lives on
     * @throws SpawnException reason {@code REAPED_ELSEWHERE}
     */
    public Optional<ChildExit> await(Duration time) throws InterruptedException {
        try {
            return Optional.of(ended.get(Math.max(0, TimeUnit.NANOSECONDS.convert(time)), TimeUnit.NANOSECONDS));
        } catch (TimeoutException lives) {
            return Optional.empty();
        } catch (ExecutionException failed) {
            return Optional.of(result());
        }
    }

    private synchronized ChildExit result() {
        if (exit == null) {
            int errno = unknown == null ? 0 : unknown.errno();
            String sentence = unknown == null
                    ? "process " + pid + " (" + program + ") has ended, and how is not known"
                    : String.valueOf(unknown.getMessage());
            throw new SpawnException(Reason.REAPED_ELSEWHERE, errno, sentence, unknown);
        }
        return exit;
    }

    /**
     * Sends a signal; 0 only asks.
     *
     * @param number as kill(1) -l lists them
     * @return false where the process has ended and its number was given back
     * @throws SpawnException reason {@code NO_PERMISSION} where it runs as another user by now, {@code INVALID_ARGUMENT} for a number
     *     that is no signal
     */
    public synchronized boolean signal(int number) {
        if (number < 0 || number > Spawn.LAST_SIGNAL) {
            throw new SpawnException(
                    Reason.INVALID_ARGUMENT,
                    Errno.EINVAL.number(),
                    "there is no signal " + number + "; give 1 to " + Spawn.LAST_SIGNAL + ", or 0 to send none",
                    null);
        }
        if (reaped) {
            return false;
        }
        try {
            return process().signal(number);
        } catch (LinuxException failed) {
            throw SpawnFailures.ofKernel("signal " + number + " cannot be sent to process " + pid, failed);
        }
    }

    /** Sends SIGKILL. */
    public boolean kill() {
        return signal(SIGKILL);
    }

    /**
     * Writes to its standard input, a {@link Handover#pipeToChild} or {@link Handover#socket}.
     *
     * @throws IllegalStateException where that is no pipe or socket
     */
    public WritableByteChannel stdin() {
        return channel(STDIN);
    }

    /**
     * Reads its standard output, a {@link Handover#pipeFromChild} or {@link Handover#socket}.
     *
     * @throws IllegalStateException where that is no pipe or socket
     */
    public ReadableByteChannel stdout() {
        return channel(STDOUT);
    }

    /**
     * Reads its standard error, a {@link Handover#pipeFromChild} or {@link Handover#socket}.
     *
     * @throws IllegalStateException where that is no pipe or socket
     */
    public ReadableByteChannel stderr() {
        return channel(STDERR);
    }

    /**
     * Our end of a pipe or socket that the child was given by a name. Closing it is what the child sees as the end of what it reads; an interrupt of
     * a thread that waits at it closes it, as with the channels of the JDK. A virtual thread that waits does without its carrier, and looks every 5 ms
     * at the latest.
     *
     * @throws IllegalStateException where it was given no pipe or socket of that name
     */
    public ByteChannel channel(String name) {
        DescriptorChannel channel = channels.get(name);
        if (channel == null) {
            throw new IllegalStateException("process " + pid + " (" + program + ") has no pipe or socket " + name
                    + "; give it one by Handover.pipeToChild, pipeFromChild or socket");
        }
        return channel;
    }

    /**
     * Closes our ends of its pipes and sockets. The process itself is left alone: it is neither killed nor waited for, and its end is still taken
     * when it comes; a number that was {@linkplain Spawn#keepNumber kept} is given back. A child whose channels are not all read and closed by the
     * program should be closed, or they stay open.
     */
    @Override
    public void close() {
        try {
            giveNumberBack();
        } finally {
            closeChannels();
        }
    }

    private synchronized void giveNumberBack() {
        keepsNumber = false;
        if (exit != null || unknown != null) {
            reap();
        }
    }

    /** All of them, whatever one of them says. */
    private void closeChannels() {
        List<IOException> failures = new ArrayList<>();
        for (DescriptorChannel channel : channels.values()) {
            try {
                channel.close();
            } catch (IOException failed) {
                failures.add(failed);
            }
        }
        if (!failures.isEmpty()) {
            throw new UncheckedIOException(failures.getFirst());
        }
    }

    @Override
    public String toString() {
        return "process " + pid + " (" + program + ")";
    }
}
