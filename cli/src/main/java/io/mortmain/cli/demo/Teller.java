package io.mortmain.cli.demo;

import io.mortmain.Hold;
import io.mortmain.Region;
import java.time.Duration;
import java.util.OptionalLong;

/** The demo's own way to the accounts: adds them up under the mutex, and repairs when it is the one who is told. */
final class Teller {
    /** Not that of any worker. */
    private static final int SLOT = BankLayout.SLOTS - 1;

    private final Desk desk;

    Teller(Region region) {
        this.desk = new Desk(region, SLOT, PlantedBug.NONE);
        desk.slot().beginLife();
    }

    /** Empty when the mutex was not to be had in that time. */
    OptionalLong sum(Duration patience) throws InterruptedException {
        Hold hold = desk.tryEnter(patience);
        if (hold == null) {
            return OptionalLong.empty();
        }
        long sum = desk.ledger().sum();
        desk.leave(hold);
        return OptionalLong.of(sum);
    }

    long transfers() {
        return desk.ledger().transfers();
    }
}
