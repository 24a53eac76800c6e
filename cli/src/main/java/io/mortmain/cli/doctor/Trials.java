package io.mortmain.cli.doctor;

import io.mortmain.Hold;
import io.mortmain.MutexSnapshot;
import io.mortmain.Region;
import io.mortmain.RobustMutex;
import io.mortmain.cli.process.Leftovers;
import io.mortmain.errors.RegionException;
import io.mortmain.internal.linux.FileLease;
import io.mortmain.internal.linux.PidDescriptor;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;

/** Promises that are tried: in a region of its own, with two JVMs that hold a mutex each and die, and one that dies in a transaction. In the order of the methods. */
final class Trials implements AutoCloseable {
    private static final String REPORTED = "reported";
    private static final String UNREPORTED = "unreported";
    private static final String FREE = "free";
    private static final String LISTED = "listed";
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    /** Long enough for a waiter to sleep and be watched for. */
    private static final Duration WHILE = Duration.ofMillis(100);

    private static final long PAUSE_NANOS = 1_000_000;
    private static final int NANOS_PER_MICRO = 1_000;
    private static final String REPORT = "report it, with what 'mortmain doctor --json' says";

    private final Region region;
    private final TrialChild reported;
    private final TrialChild unreported;
    private final TrialChild writer;
    private final Thread hook = new Thread(this::cleanUp);
    private boolean readsAnother;

    private Trials(Region region, TrialChild reported, TrialChild unreported, TrialChild writer) {
        this.region = region;
        this.reported = reported;
        this.unreported = unreported;
        this.writer = writer;
        Runtime.getRuntime().addShutdownHook(hook);
    }

    static Trials prepare() {
        Leftovers.remove();
        Region region =
                Region.create(Leftovers.prefixOfDoctor() + Long.toHexString(System.nanoTime()), WriterTrial.CAPACITY);
        region.mutex(REPORTED);
        region.mutex(UNREPORTED);
        String path = region.path().toString();
        return new Trials(
                region,
                new TrialChild(TrialHolder.class, path, REPORTED),
                new TrialChild(TrialHolder.class, path, UNREPORTED),
                new TrialChild(TrialWriter.class, path, WriterTrial.GUARDED));
    }

    /** Starts the JVMs. */
    void start() {
        reported.start();
        unreported.start();
        writer.start();
        readsAnother = reported.awaitHolding();
        unreported.awaitHolding();
    }

    /** Whether a JVM could read the list of another that it did not start. */
    boolean canReadAnother() {
        return readsAnother;
    }

    Finding processNumbers() {
        return FacilityChecks.processNumbers(PidDescriptor.uniqueNumber(reported.pid()));
    }

    /** All of us have the region mapped. */
    Finding fileLeases() {
        return FacilityChecks.fileLeases(FileLease.ask(region.path().toString()));
    }

    /** A thread ends that holds, and nobody waits who could find out by other means: the kernel must have walked its list. */
    Finding robustList() {
        RobustMutex mutex = region.mutex(LISTED);
        Thread holder = Thread.ofPlatform().daemon().start(mutex::lock);
        long begun = System.nanoTime();
        while (holder.isAlive() || stateOf(LISTED) == MutexSnapshot.State.HELD) {
            if (System.nanoTime() - begun > PATIENCE.toNanos()) {
                return Finding.failed("robust list", "the kernel did not walk that of a thread that ended", REPORT);
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
        MutexSnapshot.State state = stateOf(LISTED);
        return state == MutexSnapshot.State.OWNER_DIED
                ? Finding.ok("robust list", "walked by the kernel when a thread ends")
                : Finding.failed("robust list", "the mutex of a thread that ended is " + state, REPORT);
    }

    private MutexSnapshot.State stateOf(String name) {
        return Region.inspect(region.path().toString()).objects().stream()
                .filter(object -> object.name().equals(name))
                .flatMap(object -> object.mutex().stream())
                .findFirst()
                .orElseThrow()
                .state();
    }

    Finding virtualThread() {
        RobustMutex mutex = region.mutex(FREE);
        CompletableFuture<Boolean> locked = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> {
            try (Hold hold = mutex.lock()) {
                locked.complete(!hold.predecessorDied());
            } catch (RuntimeException refused) {
                locked.completeExceptionally(refused);
            }
        });
        return result(locked)
                ? Finding.ok("virtual thread", "locks")
                : Finding.failed("virtual thread", "told of a death that was none", REPORT);
    }

    Finding stoppedHolder() {
        reported.stop();
        try (Hold hold = region.mutex(REPORTED).tryLock(WHILE)) {
            return hold == null
                    ? Finding.ok("stopped holder", "keeps its mutex")
                    : Finding.failed("stopped holder", "robbed", REPORT);
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException("interrupted", interrupted);
        } finally {
            reported.goOn();
        }
    }

    Finding killedHolder() {
        return death("killed holder", REPORTED, reported);
    }

    /** It dies without the mutex in its memory: the kernel does not find it, and the second witness must. */
    Finding unreportedDeath() {
        unreported.unmap();
        return death("unreported death", UNREPORTED, unreported);
    }

    Finding killedWriter() {
        return new WriterTrial(region, writer).run();
    }

    private Finding death(String check, String name, TrialChild holder) {
        RobustMutex mutex = region.mutex(name);
        CompletableFuture<Long> told = new CompletableFuture<>();
        Thread.ofPlatform().daemon().start(() -> awaitDeath(mutex, told));
        sleep();
        long killed = System.nanoTime();
        holder.kill();
        long when = result(told);
        return when == Long.MIN_VALUE
                ? Finding.failed(check, "its mutex was had without a word of the death", REPORT)
                : Finding.ok(check, "told after " + (when - killed) / NANOS_PER_MICRO + " µs");
    }

    /**
     * Completes with the time when it is told; with the least there is if it is not. Without a limit of its own: one that is over looks
     * for a death by itself.
     */
    private static void awaitDeath(RobustMutex mutex, CompletableFuture<Long> told) {
        try (Hold hold = mutex.lock()) {
            long now = System.nanoTime();
            boolean died = hold.predecessorDied();
            if (died) {
                hold.markConsistent();
            }
            told.complete(died ? now : Long.MIN_VALUE);
        } catch (RuntimeException failed) {
            told.completeExceptionally(failed);
        }
    }

    private static <T> T result(CompletableFuture<T> trial) {
        try {
            return trial.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException failed) {
            Throwable cause = failed.getCause() == null ? failed : failed.getCause();
            throw new IllegalStateException(cause.getMessage() + "; " + REPORT, failed);
        } catch (TimeoutException hangs) {
            throw new IllegalStateException("still waits after " + PATIENCE.toSeconds() + " s; " + REPORT, hangs);
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException("interrupted", interrupted);
        }
    }

    private static void sleep() {
        try {
            Thread.sleep(WHILE);
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException("interrupted", interrupted);
        }
    }

    @Override
    public void close() {
        cleanUp();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException shuttingDown) {
            // then it has run, or runs
        }
    }

    /** The region stays mapped: a waiter that hangs would refuse the close. */
    private synchronized void cleanUp() {
        reported.close();
        unreported.close();
        writer.close();
        try {
            Region.delete(region.path().toString());
        } catch (RegionException gone) {
            assert gone.reason() == RegionException.Reason.NOT_FOUND : gone;
        }
    }
}
