package io.mortmain.cli.demo;

/**
 * Whose turn it is: written by each holder right after it has the mutex and right before it gives it up. It shows the successor of a dead
 * one that somebody died and who that was, shows the killer whom to aim at, and shows up two holders at once. Values: twice the life, plus one when it is
 * about to release.
 */
final class HolderWord {
    private final SharedLongs bank;

    HolderWord(SharedLongs bank) {
        this.bank = bank;
    }

    long value() {
        return bank.getAcquire(BankLayout.HOLDER);
    }

    static long lifeIn(long value) {
        return value >> 1;
    }

    static boolean isReleasing(long value) {
        return (value & 1) != 0;
    }

    /** Whether the holder that wrote it did not come to its end: for who has the mutex after it. */
    static boolean isDead(long value) {
        return !isReleasing(value) && lifeIn(value) != Slot.NOBODY;
    }

    void take(long life) {
        bank.publish(BankLayout.HOLDER, life << 1);
    }

    /** Counts an intrusion when somebody else took a turn in between. */
    void release(long life) {
        if (value() != life << 1) {
            bank.publish(BankLayout.INTRUSIONS, intrusions() + 1);
        }
        bank.publish(BankLayout.HOLDER, life << 1 | 1);
    }

    long intrusions() {
        return bank.getAcquire(BankLayout.INTRUSIONS);
    }

    /** Turns taken by all. */
    long turns() {
        return bank.getAcquire(BankLayout.TURNS);
    }

    void countTurn() {
        bank.publish(BankLayout.TURNS, turns() + 1);
    }
}
