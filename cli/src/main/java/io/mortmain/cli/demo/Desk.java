package io.mortmain.cli.demo;

import io.mortmain.Death;
import io.mortmain.Hold;
import io.mortmain.MutexKind;
import io.mortmain.Region;
import io.mortmain.RobustMutex;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** One slot's way in and out of the bank: takes the mutex, says so in shared memory, and repairs when told of a death. */
final class Desk {
    static final String MUTEX = "accounts";
    static final String MEMORY = "bank";

    private static final long REPAIR_PAUSE_NANOS = 100_000;

    private final Slot slot;
    private final HolderWord holder;
    private final ToldLog told;
    private final Ledger ledger;
    private final RobustMutex mutex;
    private final PlantedBug bug;

    Desk(Region region, int slot, PlantedBug bug) {
        SharedLongs bank = new SharedLongs(region.memory(MEMORY, BankLayout.SIZE));
        this.slot = new Slot(bank, slot);
        this.holder = new HolderWord(bank);
        this.told = new ToldLog(bank);
        this.ledger = new Ledger(bank);
        this.mutex = region.mutex(MUTEX, MutexKind.ERROR_CHECKING, this::repair);
        this.bug = bug;
    }

    Slot slot() {
        return slot;
    }

    Ledger ledger() {
        return ledger;
    }

    /** Waits for the mutex as long as it takes. {@code null} where the planted bug is to go without. */
    @Nullable
    Hold enter() {
        slot.phase(Phase.ACQUIRING);
        Hold hold = bug == PlantedBug.SKIP_LOCK ? null : mutex.lock();
        entered();
        return hold;
    }

    /** As {@link #enter}, but gives up after the time, with {@code null}. */
    @Nullable
    Hold tryEnter(Duration timeout) throws InterruptedException {
        slot.phase(Phase.ACQUIRING);
        Hold hold = mutex.tryLock(timeout);
        if (hold == null) {
            slot.phase(Phase.ELSEWHERE);
        } else {
            entered();
        }
        return hold;
    }

    private void entered() {
        holder.take(slot.life());
        holder.countTurn();
        slot.countTurn();
        slot.phase(Phase.HOLDING);
    }

    void leave(@Nullable Hold hold) {
        slot.phase(Phase.RELEASING);
        holder.release(slot.life());
        if (hold != null) {
            hold.close();
        }
        slot.phase(Phase.ELSEWHERE);
    }

    /** Before anything else the telling is written down; only then may this one die in the repair and be told of itself. */
    private void repair(Death death) {
        told.write(new ToldLog.Told(System.nanoTime(), holder.value(), slot.life(), holder.turns()));
        holder.take(slot.life());
        slot.phase(Phase.REPAIRING);
        if (bug != PlantedBug.SKIP_REPAIR) {
            ledger.repair(() -> LockSupport.parkNanos(REPAIR_PAUSE_NANOS));
        }
    }
}
