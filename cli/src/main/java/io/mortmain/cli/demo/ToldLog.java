package io.mortmain.cli.demo;

import java.util.ArrayList;
import java.util.List;

/**
 * What the holders wrote down that found that the one before them had died, as the first thing they did. Each writes under the mutex; the
 * demo reads without it. One that dies before the count is published is written over by the next, who finds the same.
 */
final class ToldLog {
    private final SharedLongs bank;
    private long read;

    ToldLog(SharedLongs bank) {
        this.bank = bank;
    }

    /**
     * One telling.
     *
     * @param time when the next holder went on, {@link System#nanoTime}
     * @param holderWord what it found in {@link HolderWord}: the dead one
     * @param by the life that found it
     * @param turns taken by all until then; none is taken between the death of a holder and the telling of it
     */
    record Told(long time, long holderWord, long by, long turns) {}

    void write(Told told) {
        long count = count();
        long at = BankLayout.told(count);
        bank.setOpaque(at + BankLayout.TOLD_TIME, told.time());
        bank.setOpaque(at + BankLayout.TOLD_HOLDER, told.holderWord());
        bank.setOpaque(at + BankLayout.TOLD_BY, told.by());
        bank.setOpaque(at + BankLayout.TOLD_TURNS, told.turns());
        bank.publish(BankLayout.TOLD, count + 1);
    }

    long count() {
        return bank.getAcquire(BankLayout.TOLD);
    }

    /** What was written since the last call. */
    List<Told> readNew() {
        long count = count();
        if (count - read > BankLayout.TOLD_ENTRIES) {
            throw new IllegalStateException("the demo was too slow to read " + (count - read)
                    + " entries of its log of deaths; give the machine more time and run it again");
        }
        List<Told> fresh = new ArrayList<>();
        for (; read < count; read++) {
            long at = BankLayout.told(read);
            fresh.add(new Told(
                    bank.getOpaque(at + BankLayout.TOLD_TIME),
                    bank.getOpaque(at + BankLayout.TOLD_HOLDER),
                    bank.getOpaque(at + BankLayout.TOLD_BY),
                    bank.getOpaque(at + BankLayout.TOLD_TURNS)));
        }
        return fresh;
    }
}
