package io.mortmain.cli.stepper;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Victims of one kind, some of which are being prepared while another dies: to warm up takes the most time. */
final class Victims implements AutoCloseable {
    private static final int AHEAD = 2;
    /** Proves nothing; so that a defect cannot stop the whole run. */
    private static final long GUARD_SECONDS = 120;

    private final Workplace place;
    private final Holder holder;
    private final ExecutorService pool = Executors.newFixedThreadPool(
            AHEAD, Thread.ofPlatform().daemon().name("prepares a victim ", 1).factory());
    private final Queue<Future<Victim>> prepared = new ArrayDeque<>();
    private final Collection<Process> started = new ConcurrentLinkedQueue<>();

    private volatile boolean ended;

    Victims(Workplace place, Holder holder) {
        this.place = place;
        this.holder = holder;
    }

    /** One that is ready; whoever gets it closes it. */
    Victim next() throws IOException, InterruptedException {
        while (prepared.size() < AHEAD) {
            prepared.add(pool.submit(this::prepare));
        }
        started.removeIf(process -> !process.isAlive());
        return of(prepared.remove());
    }

    private Victim prepare() throws IOException {
        if (ended) {
            throw new IOException("no more are needed");
        }
        return Victim.prepare(place, holder, started::add);
    }

    private static Victim of(Future<Victim> future) throws IOException, InterruptedException {
        try {
            return future.get(GUARD_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException failed) {
            throw new IOException(
                    "a process to be killed could not be prepared: " + failed.getCause(), failed.getCause());
        } catch (TimeoutException hangs) {
            throw new IOException("a process to be killed was not ready after " + GUARD_SECONDS + " s", hangs);
        }
    }

    /** Ends those that are left, ready or not. */
    @Override
    public void close() throws InterruptedException {
        ended = true;
        pool.shutdown();
        started.forEach(Process::destroyForcibly);
        for (Future<Victim> future : prepared) {
            try {
                of(future).close();
            } catch (IOException notReady) {
                // it closed what it had
            }
        }
    }
}
