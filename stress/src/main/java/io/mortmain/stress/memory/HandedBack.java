package io.mortmain.stress.memory;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/** What a deputy's errand leaves in plain fields ({@code Deputy}: outcome, failure, holds), read after the volatile {@code done}. */
public final class HandedBack {
    private HandedBack() {}

    /** As shipped. Results: an early look at the outcome, done, a late look. */
    @JCStressTest
    @State
    @Outcome(
            id = {"0, 1, 0", "1, 1, 0"},
            expect = FORBIDDEN,
            desc = "done, and nothing came of it")
    @Outcome(expect = ACCEPTABLE, desc = "not yet, or whole")
    public static class Shipped {
        private int outcome;
        private volatile int done;

        /** The deputy. */
        @Actor
        public void does() {
            outcome = 1;
            done = 1;
        }

        /** The principal. */
        @Actor
        public void looks(III_Result r) {
            r.r1 = outcome;
            r.r2 = done;
            r.r3 = outcome;
        }
    }

    /** Done is a plain field. */
    @JCStressTest
    @State
    @Outcome(id = "0, 1, 0", expect = ACCEPTABLE_INTERESTING, desc = "done, and nothing came of it")
    @Outcome(expect = ACCEPTABLE, desc = "not yet, or whole")
    public static class PlantedPlainFlag {
        private int outcome;
        private int done;

        /** The deputy. */
        @Actor
        public void does() {
            outcome = 1;
            done = 1;
        }

        /** The principal. */
        @Actor
        public void looks(III_Result r) {
            r.r1 = outcome;
            r.r2 = done;
            r.r3 = outcome;
        }
    }
}
