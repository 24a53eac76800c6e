package io.mortmain.stress.memory;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.mortmain.internal.layout.GlibcMutexLayout;
import io.mortmain.internal.lock.RobustProtocol;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * What is read plainly or opaquely before the word is taken is read again afterwards: here the owner field, while the holder makes the
 * mutex not recoverable.
 */
public final class LookedAtAgain {
    private LookedAtAgain() {}

    /** The second thread holds it; result 1: the first has acquired it, though nobody may any more. */
    abstract static class GivenUp extends Scene {
        GivenUp() {
            if (!SHIPPED.lockUncontended(second, mutex, KIND, gate)) {
                throw new IllegalStateException("a new mutex is not free");
            }
        }

        final boolean isAcquired(RobustProtocol protocol) {
            return protocol.lockUncontended(first, mutex, KIND, gate);
        }

        /** The end of SlowRelease.giveUp; by hand, so that it is as quick as the attempt. */
        final void giveUp() {
            WORDS.putIntRelease(mutex + GlibcMutexLayout.OWNER, GlibcMutexLayout.OWNER_NOT_RECOVERABLE);
            int unusedWord = WORDS.getAndSetInt(mutex + GlibcMutexLayout.LOCK, 0);
        }
    }

    /** The shipped attempt. */
    @JCStressTest
    @State
    @Outcome(id = "0", expect = ACCEPTABLE, desc = "held, or refused")
    @Outcome(id = "1", expect = FORBIDDEN, desc = "acquired after it was given up")
    public static class Shipped extends GivenUp {
        /** Tries. */
        @Actor
        public void tries(I_Result r) {
            r.r1 = bit(isAcquired(SHIPPED));
        }

        /** Gives up. */
        @Actor
        public void givesUp() {
            giveUp();
        }
    }

    /** What was read before is believed. */
    @JCStressTest
    @State
    @Outcome(id = "0", expect = ACCEPTABLE, desc = "held, or refused")
    @Outcome(id = "1", expect = ACCEPTABLE_INTERESTING, desc = "acquired after it was given up")
    public static class PlantedOneLook extends GivenUp {
        private final RobustProtocol protocol = protocol(new OneLook(), new DirectKernel());

        /** Tries. */
        @Actor
        public void tries(I_Result r) {
            r.r1 = bit(isAcquired(protocol));
        }

        /** Gives up. */
        @Actor
        public void givesUp() {
            giveUp();
        }
    }

    private static final class OneLook extends DecoratedWords {
        private long seen;

        @Override
        public long getLongPlain(long address) {
            seen = super.getLongPlain(address);
            return seen;
        }

        /** The protocol's last plain read of 8 bytes before this was of the same word. */
        @Override
        public long getLongOpaque(long address) {
            return seen;
        }
    }
}
