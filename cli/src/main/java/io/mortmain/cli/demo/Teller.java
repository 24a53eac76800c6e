package io.mortmain.cli.demo;

import io.mortmain.Region;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** The demo's own way to the accounts: adds them up under the mutex, in a thread of its own, so that the demo goes on where that hangs. */
final class Teller {
    /** Not that of any worker. */
    private static final int SLOT = BankLayout.SLOTS - 1;

    private final ExecutorService adder = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("adds the accounts up").factory());
    private final Desk desk;
    private @Nullable Future<Long> adding;

    Teller(Region region) {
        this.desk = new Desk(region, SLOT, PlantedBug.NONE);
        desk.slot().beginLife();
    }

    /** Empty when they were not to be had in that time; the next call gets what this one began. */
    OptionalLong sum(Duration patience) throws InterruptedException {
        Future<Long> begun = adding == null ? adder.submit(desk::sum) : adding;
        adding = begun;
        try {
            long sum = begun.get(patience.toNanos(), TimeUnit.NANOSECONDS);
            adding = null;
            return OptionalLong.of(sum);
        } catch (TimeoutException later) {
            return OptionalLong.empty();
        } catch (ExecutionException failed) {
            throw new IllegalStateException("the accounts cannot be added up: " + failed.getCause(), failed);
        }
    }
}
