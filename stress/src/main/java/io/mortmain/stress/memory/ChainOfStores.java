package io.mortmain.stress.memory;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.mortmain.internal.layout.RobustListLayout;
import io.mortmain.internal.lock.RobustProtocol;
import io.mortmain.internal.lock.StressThread;
import java.lang.invoke.VarHandle;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/**
 * The chain of release stores to pending word, list and futex word. Its first reader, the kernel at the thread's death, runs in that
 * thread and sees what the processor has done so far in program order; that the compiler did not change that order is all it needs, and
 * is what another thread can see here. Such readers exist too: who looks at the lists of others before he declares a death ({@code
 * RobustListLook}), and who closes a region ({@code LockThreads.isTaking}).
 */
public final class ChainOfStores {
    /** What is forbidden lasts for a store or two, so there are several looks; the result is the first that is wrong, or the last. */
    private static final int LOOKS = 16;

    private ChainOfStores() {}

    /** Results: the word has the number, the pending word leads to the mutex, the list does. Looked at in this order. */
    abstract static class Taking extends Scene {
        final void look(III_Result r) {
            for (int i = 0; i < LOOKS && !(r.r1 == 1 && r.r2 == 0 && r.r3 == 0); i++) {
                r.r1 = bit(word() == FIRST_NUMBER);
                r.r2 = bit(isPending(first));
                r.r3 = bit(isListed(first));
            }
        }
    }

    /** Results: the list leads to the mutex, the pending word does, the word has the number. Looked at in this order. */
    abstract static class Releasing extends Scene {
        Releasing() {
            if (!SHIPPED.lockUncontended(first, mutex, KIND, gate)) {
                throw new IllegalStateException("a new mutex is not free");
            }
        }

        final void look(III_Result r) {
            r.r1 = 1;
            for (int i = 0; i < LOOKS && !(r.r1 == 0 && r.r2 == 0 && r.r3 == 1); i++) {
                r.r1 = bit(isListed(first));
                r.r2 = bit(isPending(first));
                r.r3 = bit(word() == FIRST_NUMBER);
            }
        }
    }

    /** The shipped acquisition. */
    @JCStressTest
    @State
    @Outcome(id = "1, 0, 0", expect = FORBIDDEN, desc = "held, and nothing led there")
    @Outcome(expect = ACCEPTABLE, desc = "free, or pending, or listed")
    public static class ShippedTaking extends Taking {
        /** Takes it. */
        @Actor
        public void takes() {
            boolean unusedAnswer = SHIPPED.lockUncontended(first, mutex, KIND, gate);
        }

        /** Looks. */
        @Actor
        public void looks(III_Result r) {
            look(r);
        }
    }

    /** The shipped release. */
    @JCStressTest
    @State
    @Outcome(id = "0, 0, 1", expect = FORBIDDEN, desc = "nothing led there, and still held")
    @Outcome(expect = ACCEPTABLE, desc = "listed, or pending, or free")
    public static class ShippedReleasing extends Releasing {
        /** Releases it. */
        @Actor
        public void releases() {
            boolean unusedAnswer = SHIPPED.unlockUncontended(first, mutex, gate);
        }

        /** Looks. */
        @Actor
        public void looks(III_Result r) {
            look(r);
        }
    }

    /** The pending word is cleared before the list leads to the mutex. */
    @JCStressTest
    @State
    @Outcome(id = "1, 0, 0", expect = ACCEPTABLE_INTERESTING, desc = "held, and nothing led there")
    @Outcome(expect = ACCEPTABLE, desc = "free, or pending, or listed")
    public static class PlantedClearedEarly extends Taking {
        private final RobustProtocol protocol =
                protocol(new ClearedEarly(StressThread.head(first)), new DirectKernel());

        /** Takes it. */
        @Actor
        public void takes() {
            boolean unusedAnswer = protocol.lockUncontended(first, mutex, KIND, gate);
        }

        /** Looks. */
        @Actor
        public void looks(III_Result r) {
            look(r);
        }
    }

    private static final class ClearedEarly extends DecoratedWords {
        private final long head;

        ClearedEarly(long head) {
            this.head = head;
        }

        @Override
        public void putLongRelease(long address, long value) {
            if (address == head + RobustListLayout.FIRST) {
                super.putLongRelease(head + RobustListLayout.PENDING, 0);
                DirectKernel.pause();
            }
            super.putLongRelease(address, value);
        }
    }

    /**
     * The stores of the release to plain fields, that to the futex word too: the compiler leaves the first one to the pending word out,
     * since it sees another one follow.
     */
    @JCStressTest
    @State
    @Outcome(id = "0, 0, 1", expect = ACCEPTABLE_INTERESTING, desc = "nothing led there, and still held")
    @Outcome(expect = ACCEPTABLE, desc = "listed, or pending, or free")
    @SuppressWarnings("UnusedVariable") // read by their handles
    public static class PlantedPlainFields {
        private static final VarHandle LISTED = Fields.handle(PlantedPlainFields.class, "listed", int.class);
        private static final VarHandle PENDING = Fields.handle(PlantedPlainFields.class, "pending", int.class);
        private static final VarHandle WORD = Fields.handle(PlantedPlainFields.class, "word", int.class);

        private int listed = 1;
        private int pending;
        private int word = 1;

        /** Releases it. */
        @Actor
        public void releases() {
            pending = 1;
            listed = 0;
            word = 0;
            pending = 0;
        }

        /** Looks. */
        @Actor
        public void looks(III_Result r) {
            r.r1 = (int) LISTED.getVolatile(this);
            r.r2 = (int) PENDING.getVolatile(this);
            r.r3 = (int) WORD.getVolatile(this);
        }
    }
}
