package io.mortmain.cli.demo;

import java.util.function.BooleanSupplier;

/**
 * The accounts and the journal that keeps them whole. Only the holder of the mutex uses it.
 *
 * <p>The state of the journal says what a successor has to do, at whatever store the holder died:
 *
 * <pre>
 *   EMPTY      nothing: no transfer is under way
 *   INTENT     roll back: put both old balances and the old count back
 *   COMMITTED  roll forward: write both new balances and the new count again
 * </pre>
 *
 * <p>INTENT is published after the record is complete and before the first balance changes; COMMITTED after both have changed; EMPTY
 * after the count. Each repair writes the same values however often it is begun, and EMPTY last: one that dies is repeated.
 */
final class Ledger {
    static final long STARTING_BALANCE = 100_000;
    static final long TOTAL = STARTING_BALANCE * BankLayout.ACCOUNTS;

    private static final long EMPTY = 0;
    private static final long INTENT = 1;
    private static final long COMMITTED = 2;

    private final SharedLongs bank;

    Ledger(SharedLongs bank) {
        this.bank = bank;
    }

    void fill() {
        for (int account = 0; account < BankLayout.ACCOUNTS; account++) {
            bank.publish(BankLayout.account(account), STARTING_BALANCE);
        }
    }

    /**
     * Moves at most {@code wanted}, as far as the balance goes.
     *
     * @param midway run between the two stores, when the money is nowhere; when it says false the transfer is left like that
     */
    void transfer(int from, int to, long wanted, BooleanSupplier midway) {
        long oldFrom = bank.getOpaque(BankLayout.account(from));
        long oldTo = bank.getOpaque(BankLayout.account(to));
        long amount = Math.min(wanted, oldFrom);
        long transfers = bank.getOpaque(BankLayout.TRANSFERS);
        bank.setOpaque(BankLayout.JOURNAL_FROM, from);
        bank.setOpaque(BankLayout.JOURNAL_TO, to);
        bank.setOpaque(BankLayout.JOURNAL_AMOUNT, amount);
        bank.setOpaque(BankLayout.JOURNAL_OLD_FROM, oldFrom);
        bank.setOpaque(BankLayout.JOURNAL_OLD_TO, oldTo);
        bank.setOpaque(BankLayout.JOURNAL_OLD_TRANSFERS, transfers);
        bank.publish(BankLayout.JOURNAL_STATE, INTENT);
        bank.setOpaque(BankLayout.account(from), oldFrom - amount);
        if (!midway.getAsBoolean()) {
            return;
        }
        bank.setOpaque(BankLayout.account(to), oldTo + amount);
        bank.publish(BankLayout.JOURNAL_STATE, COMMITTED);
        bank.setOpaque(BankLayout.TRANSFERS, transfers + 1);
        bank.publish(BankLayout.JOURNAL_STATE, EMPTY);
    }

    /**
     * Brings the accounts into the state before or after the transfer that a dead holder had begun.
     *
     * @param midway run between the two stores, so that there is time to die in
     */
    void repair(Runnable midway) {
        long state = bank.getAcquire(BankLayout.JOURNAL_STATE);
        if (state == EMPTY) {
            return;
        }
        boolean forward = state == COMMITTED;
        long moved = forward ? bank.getOpaque(BankLayout.JOURNAL_AMOUNT) : 0;
        int from = accountNamedIn(BankLayout.JOURNAL_FROM);
        int to = accountNamedIn(BankLayout.JOURNAL_TO);
        bank.setOpaque(BankLayout.account(from), bank.getOpaque(BankLayout.JOURNAL_OLD_FROM) - moved);
        midway.run();
        bank.setOpaque(BankLayout.account(to), bank.getOpaque(BankLayout.JOURNAL_OLD_TO) + moved);
        long transfers = bank.getOpaque(BankLayout.JOURNAL_OLD_TRANSFERS);
        bank.setOpaque(BankLayout.TRANSFERS, forward ? transfers + 1 : transfers);
        bank.publish(BankLayout.JOURNAL_STATE, EMPTY);
    }

    private int accountNamedIn(long field) {
        long account = bank.getOpaque(field);
        if (account < 0 || account >= BankLayout.ACCOUNTS) {
            throw new IllegalStateException("the journal names account " + account + " and there are "
                    + BankLayout.ACCOUNTS + ": somebody wrote without holding the mutex");
        }
        return (int) account;
    }

    long sum() {
        long sum = 0;
        for (int account = 0; account < BankLayout.ACCOUNTS; account++) {
            sum += bank.getOpaque(BankLayout.account(account));
        }
        return sum;
    }

    /** Transfers done; also read without the mutex, for the picture. */
    long transfers() {
        return bank.getOpaque(BankLayout.TRANSFERS);
    }
}
