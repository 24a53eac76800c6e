package io.mortmain.cli.demo;

import io.mortmain.Hold;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** A Java worker: moves money until it dies, now and then by its own hand, on order. {@code worker.c} does the same in C. */
final class Worker {
    private static final int TRANSFERS_A_TURN = 32;
    private static final int LONGEST_TRANSFER = 100;
    private static final int LONGEST_PAUSE_NANOS = 100_000;

    private final Desk desk;
    private final SplittableRandom random;

    Worker(Desk desk, long seed) {
        this.desk = desk;
        this.random = new SplittableRandom(seed);
    }

    /** Returns when sent home. */
    void work() throws InterruptedException {
        desk.slot().beginLife();
        for (; ; ) {
            long order = desk.slot().takeOrder();
            if (order == Slot.GO_HOME) {
                return;
            }
            if (order == DeathKind.THREAD_ENDED.code()) {
                endThreadWhileHolding();
            } else {
                turn(order);
                pause();
            }
        }
    }

    /** A turn with the mutex; with an order, the last one. */
    private void turn(long order) {
        Hold hold = desk.enter();
        int pausedIn = random.nextInt(TRANSFERS_A_TURN);
        for (int i = 0; i < TRANSFERS_A_TURN; i++) {
            if (i == pausedIn && order != 0) {
                move(() -> end(DeathKind.ofCode(order)));
            } else if (i == pausedIn) {
                move(this::pause);
            } else {
                move(() -> true);
            }
        }
        desk.leave(hold);
    }

    /** Another thread of this process takes the mutex, begins a transfer and ends; the process lives on. */
    private void endThreadWhileHolding() throws InterruptedException {
        Thread mover = new Thread(this::beginTransferAndEnd, "ends while holding");
        mover.start();
        mover.join();
        desk.slot().beginLife();
    }

    private void beginTransferAndEnd() {
        desk.slot().beginLife();
        @Nullable Hold neverClosed = desk.enter();
        move(() -> {
            desk.slot().sayLastWords(DeathKind.THREAD_ENDED);
            return neverClosed == null;
        });
    }

    private void move(BooleanSupplier midway) {
        int from = random.nextInt(BankLayout.ACCOUNTS);
        int to = (from + 1 + random.nextInt(BankLayout.ACCOUNTS - 1)) % BankLayout.ACCOUNTS;
        desk.ledger().transfer(from, to, 1 + random.nextInt(LONGEST_TRANSFER), midway);
    }

    private boolean end(DeathKind kind) {
        desk.slot().sayLastWords(kind);
        switch (kind) {
            case EXIT -> System.exit(0);
            case HALT -> Runtime.getRuntime().halt(0);
            default -> throw new IllegalStateException("a Java worker cannot die by " + kind.label());
        }
        return false;
    }

    private boolean pause() {
        LockSupport.parkNanos(random.nextInt(LONGEST_PAUSE_NANOS));
        return true;
    }
}
