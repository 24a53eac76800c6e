package io.mortmain.cli.demo;

/**
 * One worker's own part of the shared memory: where it is and how far it came, readable after its death.
 *
 * <p>A life is one mover of money: one process between its start, or its exec, and its end; or one thread that is to end while holding.
 * Its number is different from that of any other life of the run, and says which slot it was in.
 */
final class Slot {
    static final long NOBODY = 0;
    /** An order, beside the codes of {@link DeathKind}: end in an orderly way. */
    static final long GO_HOME = 100;

    private final SharedLongs bank;
    private final int index;
    private final long at;

    Slot(SharedLongs bank, int index) {
        this.bank = bank;
        this.index = index;
        this.at = BankLayout.slot(index);
    }

    /** Which slot a life was in. */
    static int slotOf(long life) {
        return (int) (life % BankLayout.SLOTS);
    }

    /** The number of the life that is, or was last, in this slot; 0 before the first. */
    long life() {
        return bank.getAcquire(at + BankLayout.SLOT_LIFE);
    }

    /** Begins a new life. */
    void beginLife() {
        phase(Phase.ELSEWHERE);
        long last = life();
        bank.publish(
                at + BankLayout.SLOT_LIFE, last == NOBODY ? BankLayout.SLOTS + (long) index : last + BankLayout.SLOTS);
    }

    Phase phase() {
        return Phase.ofCode(bank.getAcquire(at + BankLayout.SLOT_PHASE));
    }

    void phase(Phase phase) {
        bank.publish(at + BankLayout.SLOT_PHASE, phase.code());
    }

    /** Written by the demo, taken by the worker before its next turn. */
    void order(long order) {
        bank.publish(at + BankLayout.SLOT_ORDER, order);
    }

    long takeOrder() {
        return bank.getAndSet(at + BankLayout.SLOT_ORDER, 0);
    }

    /** Says how and when this life ends; the next thing the worker does is to end it. */
    void sayLastWords(DeathKind kind) {
        bank.setOpaque(at + BankLayout.SLOT_LAST_WORDS_KIND, kind.code());
        bank.setOpaque(at + BankLayout.SLOT_LAST_WORDS_TIME, System.nanoTime());
        bank.publish(at + BankLayout.SLOT_LAST_WORDS_LIFE, life());
    }

    /** The last life in this slot that said last words. */
    long lastWordsLife() {
        return bank.getAcquire(at + BankLayout.SLOT_LAST_WORDS_LIFE);
    }

    DeathKind lastWordsKind() {
        return DeathKind.ofCode(bank.getAcquire(at + BankLayout.SLOT_LAST_WORDS_KIND));
    }

    long lastWordsTime() {
        return bank.getAcquire(at + BankLayout.SLOT_LAST_WORDS_TIME);
    }

    /** Times that this slot had the mutex. */
    long turns() {
        return bank.getAcquire(at + BankLayout.SLOT_TURNS);
    }

    /** Transfers that its worker came to the end of, and had the time to count. */
    long transfers() {
        return bank.getAcquire(at + BankLayout.SLOT_TRANSFERS);
    }

    void countTransfer() {
        bank.publish(at + BankLayout.SLOT_TRANSFERS, transfers() + 1);
    }

    void countTurn() {
        bank.publish(at + BankLayout.SLOT_TURNS, turns() + 1);
    }
}
