package io.mortmain;

import io.mortmain.GuardedArray.Options;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;

/** A process that moves amounts in an array until it is killed. */
final class ArrayMover {
    static final int LENGTH = 8;
    static final long SUM = 800;

    static final String NAME = "accounts";
    private static final int WORDS = 2_000;

    /** @param marks each the number of moves; so many that most of the time is that of storing */
    record Account(long balance, long moves, @Length(WORDS) long[] marks) {
        Account(long balance, long moves) {
            this(balance, moves, new long[WORDS]);
            Arrays.fill(marks, moves);
        }

        boolean isWhole() {
            return Arrays.stream(marks).allMatch(mark -> mark == moves);
        }
    }

    private ArrayMover() {}

    static GuardedArray<Account> accounts(Region region, int stripes) {
        return region.guardedArray(
                NAME,
                LENGTH,
                new Account(SUM / LENGTH, 0),
                Options.DEFAULT.withStripes(stripes).withElementsPerTransaction(2));
    }

    /** Arguments: region, stripes, seed. */
    public static void main(String[] arguments) {
        GuardedArray<Account> accounts = accounts(Region.open(arguments[0]), Integer.parseInt(arguments[1]));
        SplittableRandom random = new SplittableRandom(Long.parseLong(arguments[2]));
        move(accounts, random);
        System.out.println("moving");
        for (; ; ) {
            move(accounts, random);
            LockSupport.parkNanos(20_000); // who comes new has to get in
        }
    }

    private static void move(GuardedArray<Account> accounts, SplittableRandom random) {
        int from = random.nextInt(LENGTH);
        int to = (from + 1 + random.nextInt(LENGTH - 1)) % LENGTH;
        accounts.update(new int[] {from, to}, several -> {
            Account poorer = several.get(from);
            Account richer = several.get(to);
            several.set(from, new Account(poorer.balance() - 1, poorer.moves() + 1));
            several.set(to, new Account(richer.balance() + 1, richer.moves() + 1));
        });
    }
}
