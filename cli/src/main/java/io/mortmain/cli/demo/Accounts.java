package io.mortmain.cli.demo;

import io.mortmain.GuardedArray;
import io.mortmain.GuardedArray.Options;
import io.mortmain.Region;

/** The accounts that the workers move money between: an array whose elements are changed two at a time, as a whole or not at all. */
final class Accounts {
    /** As C programs find it, too. */
    static final String NAME = "accounts";

    static final int COUNT = 64;
    static final long STARTING_BALANCE = 100_000;
    static final long TOTAL = STARTING_BALANCE * COUNT;

    private Accounts() {}

    /** One of them. */
    record Account(long balance) {
        Account plus(long amount) {
            return new Account(balance + amount);
        }
    }

    /** Made if there are none. */
    static GuardedArray<Account> of(Region region) {
        return region.guardedArray(
                NAME, COUNT, new Account(STARTING_BALANCE), Options.DEFAULT.withElementsPerTransaction(2));
    }
}
