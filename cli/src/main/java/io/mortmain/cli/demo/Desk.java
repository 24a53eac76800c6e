package io.mortmain.cli.demo;

import io.mortmain.GuardedArray;
import io.mortmain.Region;
import io.mortmain.cli.demo.Accounts.Account;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

/**
 * One slot's way to the accounts. Each transfer is one transaction: whoever dies in it has moved nothing, and there is nothing to repair. All that
 * a holder does beside is to leave traces in the bank, for the demo to see who held the mutex when he died, and when the next one went on.
 */
final class Desk {
    private static final long BUG_PAUSE_NANOS = 100_000;

    private final Slot slot;
    private final HolderWord holder;
    private final ToldLog told;
    private final GuardedArray<Account> accounts;
    private final PlantedBug bug;

    Desk(Region region, int slot, PlantedBug bug) {
        SharedLongs bank = new SharedLongs(region.memory(BankLayout.NAME, BankLayout.SIZE));
        this.slot = new Slot(bank, slot);
        this.holder = new HolderWord(bank);
        this.told = new ToldLog(bank);
        this.accounts = Accounts.of(region);
        this.bug = bug;
    }

    Slot slot() {
        return slot;
    }

    /**
     * Moves at most {@code wanted}, as far as the balance goes.
     *
     * @param midway run between the two changes
     */
    void transfer(int from, int to, long wanted, Runnable midway) {
        slot.phase(Phase.ACQUIRING);
        switch (bug) {
            case NONE -> transferInOne(from, to, wanted, midway);
            case TWO_TRANSACTIONS -> transferInTwo(from, to, wanted, midway);
            case SKIP_LOCK -> transferWithoutLock(from, to, wanted, midway);
        }
        slot.phase(Phase.ELSEWHERE);
        slot.countTransfer();
    }

    private void transferInOne(int from, int to, long wanted, Runnable midway) {
        accounts.update(new int[] {from, to}, both -> {
            entered();
            long amount = Math.min(wanted, both.get(from).balance());
            both.update(from, account -> account.plus(-amount));
            midway.run();
            both.update(to, account -> account.plus(amount));
            leaving();
        });
    }

    private void transferInTwo(int from, int to, long wanted, Runnable midway) {
        long[] amount = {0};
        accounts.update(from, account -> {
            entered();
            amount[0] = Math.min(wanted, account.balance());
            midway.run();
            leaving();
            return account.plus(-amount[0]);
        });
        LockSupport.parkNanos(BUG_PAUSE_NANOS);
        accounts.update(to, account -> account.plus(amount[0]));
    }

    private void transferWithoutLock(int from, int to, long wanted, Runnable midway) {
        entered();
        Account poorer = accounts.get(from);
        Account richer = accounts.get(to);
        long amount = Math.min(wanted, poorer.balance());
        accounts.set(from, poorer.plus(-amount));
        midway.run();
        accounts.set(to, richer.plus(amount));
        leaving();
    }

    /** All accounts together. */
    long sum() {
        long[] sum = {0};
        int[] all = IntStream.range(0, Accounts.COUNT).toArray();
        slot.phase(Phase.ACQUIRING);
        accounts.update(all, each -> {
            entered();
            sum[0] = IntStream.of(all)
                    .mapToLong(account -> each.get(account).balance())
                    .sum();
            leaving();
        });
        slot.phase(Phase.ELSEWHERE);
        return sum[0];
    }

    /** The first thing that a holder does: before anything else he writes down that the one before him did not come to the end of his turn. */
    private void entered() {
        long found = holder.value();
        if (HolderWord.isDead(found)) {
            told.write(new ToldLog.Told(System.nanoTime(), found, slot.life(), holder.turns()));
        }
        holder.take(slot.life());
        holder.countTurn();
        slot.countTurn();
        slot.phase(Phase.HOLDING);
    }

    private void leaving() {
        slot.phase(Phase.RELEASING);
        holder.release(slot.life());
    }
}
