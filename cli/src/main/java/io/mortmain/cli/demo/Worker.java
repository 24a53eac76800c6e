package io.mortmain.cli.demo;

import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;

/** A Java worker: moves money until it dies, now and then by its own hand, on order. {@code worker.c} does the same in C. */
final class Worker {
    private static final int TRANSFERS_A_ROUND = 32;
    private static final int LONGEST_TRANSFER = 100;
    private static final int LONGEST_PAUSE_NANOS = 100_000;

    private final Desk desk;
    private final SplittableRandom random;

    Worker(Desk desk, long seed) {
        this.desk = desk;
        this.random = new SplittableRandom(seed);
    }

    /** Returns when sent home. */
    void work() {
        desk.slot().beginLife();
        for (; ; ) {
            long order = desk.slot().takeOrder();
            if (order == Slot.GO_HOME) {
                return;
            }
            round(order);
            pause();
        }
    }

    /** Some transfers; with an order, the last ones. */
    private void round(long order) {
        int pausedIn = random.nextInt(TRANSFERS_A_ROUND);
        for (int i = 0; i < TRANSFERS_A_ROUND; i++) {
            if (i == pausedIn && order != 0) {
                move(() -> end(DeathKind.ofCode(order)));
            } else if (i == pausedIn) {
                move(this::pause);
            } else {
                move(() -> {});
            }
        }
    }

    private void move(Runnable midway) {
        int from = random.nextInt(Accounts.COUNT);
        int to = (from + 1 + random.nextInt(Accounts.COUNT - 1)) % Accounts.COUNT;
        desk.transfer(from, to, 1 + random.nextInt(LONGEST_TRANSFER), midway);
    }

    private void end(DeathKind kind) {
        desk.slot().sayLastWords(kind);
        switch (kind) {
            case EXIT -> System.exit(0);
            case HALT -> Runtime.getRuntime().halt(0);
            default -> throw new IllegalStateException("a Java worker cannot die by " + kind.label());
        }
    }

    private void pause() {
        LockSupport.parkNanos(random.nextInt(LONGEST_PAUSE_NANOS));
    }
}
