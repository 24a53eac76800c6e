package io.mortmain.process;

import io.mortmain.internal.linux.Epoll;
import io.mortmain.internal.linux.OwnDescriptor;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Takes the end of every child that {@link Spawn} started, once, in one thread for all: it sleeps until one of their pidfds is readable. It
 * ends when there has been no child for a while.
 */
final class Reaper {
    static final Reaper INSTANCE = new Reaper();

    private static final int LINGER_MILLIS = 1_000;
    /** While there is nobody to wait for: a JVM that ends waits for threads that are in native calls, for 0.3 s if need be. */
    private static final int LONGEST_IDLE_SLEEP_MILLIS = 20;

    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
    private static final long STACK_SIZE = 256 * 1024;

    private final Map<Long, Child> children = new HashMap<>();
    private long lastToken;
    private int expected;
    private @Nullable Epoll epoll;

    private Reaper() {}

    /**
     * A child is about to be born: what its end needs is there before. Each call is followed by {@link #watch} or {@link #expectNoMore}.
     *
     * @return keeps a number for its pidfd: to be closed just before that is opened
     * @throws io.mortmain.internal.linux.LinuxException where there is no descriptor left
     * @throws OutOfMemoryError where there can be no thread
     */
    synchronized OwnDescriptor expect() {
        if (epoll == null) {
            Epoll fresh = new Epoll();
            boolean started = false;
            try {
                Thread.ofPlatform()
                        .daemon()
                        .name("mortmain-children")
                        .stackSize(STACK_SIZE)
                        .inheritInheritableThreadLocals(false)
                        .start(() -> reap(fresh));
                started = true;
            } finally {
                if (!started) {
                    fresh.close();
                }
            }
            epoll = fresh;
        }
        OwnDescriptor place = epoll.placeholder();
        expected++;
        return place;
    }

    synchronized void expectNoMore() {
        expected--;
    }

    /** In place of the expected one, which is born. */
    synchronized void watch(Child child) {
        if (epoll == null) {
            throw new IllegalStateException("no child was expected");
        }
        long token = ++lastToken;
        children.put(token, child);
        boolean added = false;
        try {
            epoll.add(child.descriptor(), token);
            added = true;
        } finally {
            if (!added) {
                children.remove(token);
            }
        }
        expected--;
    }

    private void reap(Epoll own) {
        int idleMillis = 0;
        while (idleMillis < LINGER_MILLIS || !endIfNobodyIsLeft(own)) {
            int idleBefore = idleMillis < LINGER_MILLIS ? idleMillis : 0; // a child is expected: another second
            idleMillis = 0;
            try {
                int millis = longestSleep();
                long[] ready = own.await(millis);
                idleMillis = ready.length == 0 && millis >= 0 ? idleBefore + millis : 0;
                boolean all = true;
                for (long token : ready) {
                    all &= reap(own, token);
                }
                if (!all) { // a tracer sees the end first
                    LockSupport.parkNanos(PAUSE_NANOS);
                }
            } catch (RuntimeException | Error failed) { // for want of memory: whoever has ended stays readable
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
    }

    private synchronized int longestSleep() {
        return children.isEmpty() ? LONGEST_IDLE_SLEEP_MILLIS : -1;
    }

    private synchronized boolean endIfNobodyIsLeft(Epoll own) {
        if (expected > 0 || !children.isEmpty()) {
            return false;
        }
        epoll = null;
        own.close();
        return true;
    }

    private boolean reap(Epoll own, long token) {
        Child child;
        synchronized (this) {
            child = children.get(token);
        }
        if (child == null) {
            return true;
        }
        if (!child.tryReap(own)) {
            return false;
        }
        synchronized (this) {
            children.remove(token);
        }
        return true;
    }
}
