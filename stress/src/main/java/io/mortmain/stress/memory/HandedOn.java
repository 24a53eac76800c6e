package io.mortmain.stress.memory;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.mortmain.internal.layout.GlibcMutexLayout;
import io.mortmain.internal.layout.MutexSlotLayout;
import io.mortmain.internal.lock.LockThread;
import io.mortmain.internal.lock.RobustProtocol;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/**
 * From one holder to the next, through the futex word: what the mutex guards, and its own owner, users and count, are read plainly and
 * stored by release while the word is held.
 */
public final class HandedOn {
    private HandedOn() {}

    /** Both actors try once; the third result is the number of rounds that the guarded counter has. */
    abstract static class TwoHolders extends Scene {
        final boolean round(RobustProtocol protocol, LockThread me) {
            if (!protocol.lockUncontended(me, mutex, KIND, gate)) {
                return false;
            }
            long counter = mutex + MutexSlotLayout.CONTENDED;
            WORDS.putLongRelease(counter, WORDS.getLongPlain(counter) + 1); // as MutexWords.count
            if (!protocol.unlockUncontended(me, mutex, gate)) {
                throw new IllegalStateException("the holder cannot release");
            }
            return true;
        }

        /** -1 where the mutex is not as its last holder must leave it. */
        final int rounds() {
            boolean isFree = word() == 0
                    && WORDS.getLongVolatile(mutex + GlibcMutexLayout.OWNER) == 0
                    && WORDS.getIntVolatile(mutex + GlibcMutexLayout.COUNT) == 1;
            return isFree ? (int) WORDS.getLongVolatile(mutex + MutexSlotLayout.CONTENDED) : -1;
        }
    }

    /** The shipped protocol over the shipped words. */
    @JCStressTest
    @State
    @Outcome(id = "1, 1, 2", expect = ACCEPTABLE, desc = "one after the other")
    @Outcome(id = "1, 0, 1", expect = ACCEPTABLE, desc = "the second found it held")
    @Outcome(id = "0, 1, 1", expect = ACCEPTABLE, desc = "the first found it held")
    @Outcome(expect = FORBIDDEN, desc = "two held it, or the next did not see what the last left")
    public static class Shipped extends TwoHolders {
        /** One round. */
        @Actor
        public void first(III_Result r) {
            r.r1 = bit(round(SHIPPED, first));
        }

        /** Another. */
        @Actor
        public void second(III_Result r) {
            r.r2 = bit(round(SHIPPED, second));
        }

        /** What is left. */
        @Arbiter
        public void afterwards(III_Result r) {
            r.r3 = rounds();
        }
    }

    /** The word is looked at and then stored to. */
    @JCStressTest
    @State
    @Outcome(
            id = {"1, 1, 2", "1, 0, 1", "0, 1, 1"},
            expect = ACCEPTABLE,
            desc = "as shipped")
    @Outcome(expect = ACCEPTABLE_INTERESTING, desc = "two held it")
    public static class PlantedLookAndStore extends TwoHolders {
        private static final RobustProtocol PROTOCOL = protocol(new LookAndStore(), new DirectKernel());

        /** One round. */
        @Actor
        public void first(III_Result r) {
            r.r1 = bit(tryRound(first));
        }

        /** Another. */
        @Actor
        public void second(III_Result r) {
            r.r2 = bit(tryRound(second));
        }

        /** What is left. */
        @Arbiter
        public void afterwards(III_Result r) {
            r.r3 = rounds();
        }

        private boolean tryRound(LockThread me) {
            try {
                return round(PROTOCOL, me);
            } catch (IllegalStateException robbed) {
                return true;
            }
        }
    }

    private static final class LookAndStore extends DecoratedWords {
        @Override
        public boolean compareAndSetInt(long address, int expected, int value) {
            if (getIntVolatile(address) != expected) {
                return false;
            }
            putIntRelease(address, value);
            return true;
        }
    }
}
