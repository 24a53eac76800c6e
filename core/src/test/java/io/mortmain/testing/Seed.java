package io.mortmain.testing;

import java.util.Random;

/** What decides a test's random choices. */
public final class Seed {
    private static final String PROPERTY = "io.mortmain.test.seed";

    private Seed() {}

    /** Another one each time, or the one given; printed, so that what fails can be repeated. */
    public static long of(String what) {
        long seed = Long.getLong(PROPERTY, new Random().nextLong());
        System.out.println(what + " with -D" + PROPERTY + "=" + seed);
        return seed;
    }
}
