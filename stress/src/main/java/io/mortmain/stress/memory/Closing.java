package io.mortmain.stress.memory;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.mortmain.internal.layout.GlibcMutexLayout;
import io.mortmain.internal.lock.StressThread;
import java.lang.invoke.VarHandle;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * A thread in a lock path and the closer of the region: each tells the other first, and then looks. At least one must see the other, so
 * both stores must be done before the looks; release and acquire do not give that.
 */
public final class Closing {
    private Closing() {}

    /** Takes the word, then looks at the gate; the closer closes the gate, then looks at the word. Results: acquired, closed. */
    @JCStressTest
    @State
    @Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "the closer saw it and gave up")
    @Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "the gate was seen")
    @Outcome(expect = FORBIDDEN, desc = "held in a region that is closed; or neither, and nobody was there")
    public static class ShippedTaking extends Scene {
        /** Takes it; a thread in doubt waits for the closer's decision. */
        @Actor
        public void takes(II_Result r) {
            r.r1 = bit(SHIPPED.lockUncontended(first, mutex, KIND, gate));
        }

        /** As OpenRegion.close, with one mutex to look at. */
        @Actor
        public void closes(II_Result r) {
            gate.beginClosing();
            VarHandle.fullFence(); // as HeldSlots
            if (WORDS.getIntPlain(mutex + GlibcMutexLayout.LOCK) == 0) {
                gate.close();
                r.r2 = 1;
            } else {
                gate.reopen();
            }
        }
    }

    /** As {@link ShippedTaking}, with a gate that is stored to by release, and no fence. */
    @JCStressTest
    @State
    @Outcome(id = "1, 1", expect = ACCEPTABLE_INTERESTING, desc = "held in a region that is closed")
    @Outcome(expect = ACCEPTABLE, desc = "one saw the other")
    public static class PlantedReleasedGate extends Scene {
        private static final VarHandle CLOSING = Fields.handle(PlantedReleasedGate.class, "closing", int.class);

        @SuppressWarnings("UnusedVariable") // by its handle
        private int closing;

        /** The two looks of the taker. */
        @Actor
        public void takes(II_Result r) {
            boolean taken = WORDS.compareAndSetInt(mutex + GlibcMutexLayout.LOCK, 0, FIRST_NUMBER);
            r.r1 = bit(taken && (int) CLOSING.getVolatile(this) == 0);
        }

        /** The closer's. */
        @Actor
        public void closes(II_Result r) {
            CLOSING.setRelease(this, 1);
            r.r2 = bit(WORDS.getIntPlain(mutex + GlibcMutexLayout.LOCK) == 0);
        }
    }

    /** Announces that it waits, then looks at the gate. Results: goes on to wait, nobody was seen by the closer. */
    @JCStressTest
    @State
    @Outcome(id = "1, 1", expect = FORBIDDEN, desc = "waits behind a gate where the closer saw nobody")
    @Outcome(expect = ACCEPTABLE, desc = "one saw the other")
    public static class ShippedAnnouncing extends Scene {
        /** As each slow path begins. */
        @Actor
        public void waits(II_Result r) {
            StressThread.enter(first, gate, mutex);
            r.r1 = bit(gate.isOpen());
        }

        /** The first of the closer's looks. */
        @Actor
        public void closes(II_Result r) {
            gate.beginClosing();
            r.r2 = bit(first.mutexInside(gate) == 0);
        }
    }

    /** As {@link ShippedAnnouncing}, by a release store. */
    @JCStressTest
    @State
    @Outcome(id = "1, 1", expect = ACCEPTABLE_INTERESTING, desc = "waits behind a gate where the closer saw nobody")
    @Outcome(expect = ACCEPTABLE, desc = "one saw the other")
    public static class PlantedReleasedAnnouncement extends Scene {
        private static final VarHandle INSIDE = Fields.handle(PlantedReleasedAnnouncement.class, "inside", long.class);

        @SuppressWarnings("UnusedVariable") // by its handle
        private long inside;

        /** As each slow path begins. */
        @Actor
        public void waits(II_Result r) {
            INSIDE.setRelease(this, mutex);
            r.r1 = bit(gate.isOpen());
        }

        /** The first of the closer's looks. */
        @Actor
        public void closes(II_Result r) {
            gate.beginClosing();
            r.r2 = bit((long) INSIDE.getVolatile(this) == 0);
        }
    }
}
