package io.mortmain.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

/** The journal, with a death before each store of transfer and repair; the demo itself does it to real processes. */
class LedgerTest {
    private static final int STORES_OF_A_TRANSFER = 12;

    private final MemorySegment memory = Arena.ofAuto().allocate(BankLayout.SIZE, Long.BYTES);
    private final Ledger ledger = new Ledger(new SharedLongs(memory));

    @Test
    void shouldMoveMoney() {
        ledger.fill();
        transfer(ledger);
        assertThat(balance(3)).isEqualTo(Ledger.STARTING_BALANCE - 70);
        assertThat(balance(5)).isEqualTo(Ledger.STARTING_BALANCE + 70);
        assertThat(ledger.transfers()).isEqualTo(1);
        assertThat(ledger.sum()).isEqualTo(Ledger.TOTAL);
    }

    @Test
    void shouldBeWholeAfterADeathAtEachStoreAndADeathAtEachStoreOfTheRepair() {
        int rolledBack = 0;
        int rolledForward = 0;
        for (int died = 0; died < STORES_OF_A_TRANSFER; died++) {
            for (int diedRepairing = 0; diedRepairing <= 4; diedRepairing++) {
                memory.fill((byte) 0);
                ledger.fill();
                transfer(ledger);
                Ledger dying = new Ledger(new Dying(memory, died));
                assertThatThrownBy(() -> transfer(dying)).isInstanceOf(Died.class);
                repairAndDie(diedRepairing);
                repairAndDie(diedRepairing);
                ledger.repair(() -> {});
                assertThat(ledger.sum()).as("%d, %d", died, diedRepairing).isEqualTo(Ledger.TOTAL);
                long moved = Ledger.STARTING_BALANCE - balance(3);
                assertThat(moved).isEqualTo(70 * ledger.transfers());
                assertThat(ledger.transfers()).isIn(1L, 2L);
                rolledBack += ledger.transfers() == 1 ? 1 : 0;
                rolledForward += ledger.transfers() == 2 ? 1 : 0;
            }
        }
        assertThat(rolledBack).isPositive();
        assertThat(rolledForward).isPositive();
        Ledger living = new Ledger(new Dying(memory, STORES_OF_A_TRANSFER));
        transfer(living); // there are no more stores than were tried
    }

    @Test
    void shouldNotFollowAJournalThatNamesNoAccount() {
        ledger.fill();
        ledger.transfer(3, 5, 70, () -> false);
        new SharedLongs(memory).publish(BankLayout.JOURNAL_TO, BankLayout.ACCOUNTS);
        assertThatThrownBy(() -> ledger.repair(() -> {})).hasMessageContaining("names account 64");
    }

    private void repairAndDie(int store) {
        try {
            new Ledger(new Dying(memory, store)).repair(() -> {});
        } catch (Died expected) {
            // what this is about
        }
    }

    private static void transfer(Ledger ledger) {
        ledger.transfer(3, 5, 70, () -> true);
    }

    private long balance(int account) {
        return new SharedLongs(memory).getOpaque(BankLayout.account(account));
    }

    private static final class Died extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    /** Dies before the store of that number. */
    private static final class Dying extends SharedLongs {
        private int left;

        Dying(MemorySegment memory, int stores) {
            super(memory);
            this.left = stores;
        }

        private void store() {
            if (left-- == 0) {
                throw new Died();
            }
        }

        @Override
        void setOpaque(long offset, long value) {
            store();
            super.setOpaque(offset, value);
        }

        @Override
        void publish(long offset, long value) {
            store();
            super.publish(offset, value);
        }
    }
}
