package io.mortmain.stress.memory;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.mortmain.internal.journal.Journal;
import io.mortmain.internal.layout.GuardedBlockLayout;
import io.mortmain.internal.words.MappedBytes;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * The order of a transaction's stores. Its reader comes after the writer's death and sees what the writer's processor did, in the order of
 * instructions; that the compiler did not change that order is what it needs, and is what another thread can see here while the
 * writer lives. It looks at what is stored later first, each time by acquire.
 */
public final class WrittenJournal {
    private static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle();
    private static final VarHandle INT = ValueLayout.JAVA_INT.varHandle();
    private static final int CAPACITY = 2;
    private static final long DATA = GuardedBlockLayout.data(CAPACITY, 0);
    private static final long FIRST = DATA;
    private static final long SECOND = DATA + Long.BYTES;
    private static final long OLD = 5;
    private static final long NEW = 7;

    private WrittenJournal() {}

    /** A block with two words, each with its old value. */
    abstract static class Writing {
        final MemorySegment memory = NativeMemory.next();
        final MappedBytes bytes = new MappedBytes(memory);
        final Journal journal = new Journal(bytes, 0, CAPACITY, DATA, 2L * Long.BYTES, "of a test");

        Writing() {
            bytes.putLong(FIRST, OLD);
            bytes.putLong(SECOND, OLD);
        }

        final long word(long offset) {
            return (long) LONG.getAcquire(memory, offset);
        }

        final int used() {
            return (int) INT.getAcquire(memory, (long) GuardedBlockLayout.JOURNAL_USED);
        }

        final int loggedWord() {
            return (int) word(GuardedBlockLayout.entry(0) + GuardedBlockLayout.ENTRY_WORD);
        }

        final int loggedValue() {
            return (int) word(GuardedBlockLayout.entry(0) + GuardedBlockLayout.ENTRY_OLD_VALUE);
        }
    }

    /** A word is logged, counted, changed. Results: the word; entries used; its old value as it is logged. */
    @JCStressTest
    @State
    @Outcome(id = "5, 0, [05]", expect = ACCEPTABLE, desc = "not counted yet")
    @Outcome(id = "[57], 1, 5", expect = ACCEPTABLE, desc = "counted")
    @Outcome(expect = FORBIDDEN, desc = "changed before it is counted, or counted before it is logged")
    public static class ShippedPublishing extends Writing {
        /** The first half of a transaction. */
        @Actor
        public void writes() {
            journal.log(0, FIRST, OLD);
            journal.publish(1);
            bytes.putLong(FIRST, NEW);
        }

        /** Looks. */
        @Actor
        public void looks(III_Result r) {
            r.r1 = (int) word(FIRST);
            r.r2 = used();
            r.r3 = loggedValue();
        }
    }

    /** Two words are changed and committed. Results: entries used; the two words. */
    @JCStressTest
    @State
    @Outcome(id = "0, 7, 7", expect = ACCEPTABLE, desc = "committed")
    @Outcome(id = "2, [57], [57]", expect = ACCEPTABLE, desc = "not yet")
    @Outcome(expect = FORBIDDEN, desc = "committed, and a word is old")
    public static class ShippedCommit extends Writing {
        /** With the words logged. */
        public ShippedCommit() {
            journal.log(0, FIRST, OLD);
            journal.log(1, SECOND, OLD);
            journal.publish(2);
        }

        /** The second half of a transaction. */
        @Actor
        public void commits() {
            bytes.putLong(FIRST, NEW);
            bytes.putLong(SECOND, NEW);
            journal.commit();
        }

        /** Looks. */
        @Actor
        public void looks(III_Result r) {
            r.r1 = used();
            r.r2 = (int) word(FIRST);
            r.r3 = (int) word(SECOND);
        }
    }

    /** A transaction is committed, the next begins. Results: whether the first entry is of the next; entries used. */
    @JCStressTest
    @State
    @Outcome(id = "1, 1", expect = FORBIDDEN, desc = "a valid entry is written over")
    @Outcome(expect = ACCEPTABLE, desc = "the first, or committed, or the next")
    public static class ShippedNextTransaction extends Writing {
        /** With one word logged. */
        public ShippedNextTransaction() {
            journal.log(0, FIRST, OLD);
            journal.publish(1);
        }

        /** The end of a transaction, and the beginning of the next. */
        @Actor
        public void goesOn() {
            journal.commit();
            journal.log(0, SECOND, OLD);
        }

        /** Looks. */
        @Actor
        public void looks(II_Result r) {
            r.r1 = loggedWord() == SECOND ? 1 : 0;
            r.r2 = used();
        }
    }

    /** The word is changed before it is counted. Results as in {@link ShippedPublishing}. */
    @JCStressTest
    @State
    @Outcome(id = "7, 0, 5", expect = ACCEPTABLE_INTERESTING, desc = "changed before it is counted")
    @Outcome(expect = ACCEPTABLE, desc = "not yet, or counted")
    public static class PlantedEarlyWord extends Writing {
        /** The first half of a transaction. */
        @Actor
        public void writes() {
            journal.log(0, FIRST, OLD);
            bytes.putLong(FIRST, NEW);
            DirectKernel.pause();
            journal.publish(1);
        }

        /** Looks. */
        @Actor
        public void looks(III_Result r) {
            r.r1 = (int) word(FIRST);
            r.r2 = used();
            r.r3 = loggedValue();
        }
    }

    /** The commit comes before the last word. Results as in {@link ShippedCommit}. */
    @JCStressTest
    @State
    @Outcome(id = "0, 7, 5", expect = ACCEPTABLE_INTERESTING, desc = "committed, and a word is old")
    @Outcome(expect = ACCEPTABLE, desc = "not yet, or committed")
    public static class PlantedEarlyCommit extends Writing {
        /** With the words logged. */
        public PlantedEarlyCommit() {
            journal.log(0, FIRST, OLD);
            journal.log(1, SECOND, OLD);
            journal.publish(2);
        }

        /** The second half of a transaction. */
        @Actor
        public void commits() {
            bytes.putLong(FIRST, NEW);
            journal.commit();
            DirectKernel.pause();
            bytes.putLong(SECOND, NEW);
        }

        /** Looks. */
        @Actor
        public void looks(III_Result r) {
            r.r1 = used();
            r.r2 = (int) word(FIRST);
            r.r3 = (int) word(SECOND);
        }
    }
}
