package io.mortmain.process;

import io.mortmain.internal.linux.LinuxException;
import io.mortmain.internal.linux.OwnDescriptor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.spi.AbstractInterruptibleChannel;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Reads and writes at a descriptor. Nobody sleeps long in the kernel, so that close and interrupt end what waits; the last one to leave closes
 * the descriptor, so that nobody reads at a number that is another's by then.
 */
final class DescriptorChannel extends AbstractInterruptibleChannel implements ByteChannel {
    private static final int SLICE_MILLIS = 50;
    private static final long FIRST_PAUSE_NANOS = 50_000;
    private static final long LONGEST_PAUSE_NANOS = 5_000_000;

    private final OwnDescriptor descriptor;
    private final int largestWrite;
    private final ReentrantLock reading = new ReentrantLock();
    private final ReentrantLock writing = new ReentrantLock();
    private int users;
    private boolean closing;

    /** @param largestWrite bytes that a write does not block for once it was told that it would not */
    DescriptorChannel(OwnDescriptor descriptor, int largestWrite) {
        this.descriptor = descriptor;
        this.largestWrite = largestWrite;
    }

    private interface Transfer {
        int attempt();
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
        reading.lock();
        try {
            return transfer(false, () -> descriptor.read(into), !into.hasRemaining());
        } finally {
            reading.unlock();
        }
    }

    /** Writes all of it. */
    @Override
    public int write(ByteBuffer from) throws IOException {
        int before = from.position();
        writing.lock();
        try {
            while (from.hasRemaining()) {
                transfer(true, () -> descriptor.write(from, largestWrite), false);
            }
        } finally {
            writing.unlock();
        }
        return from.position() - before;
    }

    private int transfer(boolean toWrite, Transfer transfer, boolean isEmpty) throws IOException {
        enter();
        int done = 0;
        long pause = FIRST_PAUSE_NANOS;
        try {
            begin();
            while (isOpen() && done == 0 && !isEmpty) {
                if (awaitReady(toWrite, pause)) {
                    done = transfer.attempt();
                }
                pause = Math.min(2 * pause, LONGEST_PAUSE_NANOS);
            }
        } catch (LinuxException failed) {
            throw new IOException(failed.getMessage(), failed);
        } finally {
            leave();
            end(done != 0 || isEmpty);
        }
        return done;
    }

    /** A virtual thread would keep its carrier while it sleeps in the kernel, so it sleeps by itself, and looks now and then. */
    private boolean awaitReady(boolean toWrite, long pause) {
        if (!Thread.currentThread().isVirtual()) {
            return descriptor.awaitReady(toWrite, SLICE_MILLIS);
        }
        boolean isReady = descriptor.awaitReady(toWrite, 0);
        if (!isReady) {
            LockSupport.parkNanos(pause);
        }
        return isReady;
    }

    private synchronized void enter() throws ClosedChannelException {
        if (closing) {
            throw new ClosedChannelException();
        }
        users++;
    }

    private synchronized void leave() {
        users--;
        if (closing && users == 0) {
            descriptor.close();
        }
    }

    @Override
    protected synchronized void implCloseChannel() {
        closing = true;
        if (users == 0) {
            descriptor.close();
        }
    }
}
