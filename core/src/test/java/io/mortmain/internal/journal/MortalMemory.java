package io.mortmain.internal.journal;

import io.mortmain.internal.journal.LateBytes.Killed;
import io.mortmain.internal.words.SharedBytes;
import java.util.List;
import java.util.Random;

/** {@link LateBytes} for the tests of what is built on the journal: a memory whose writer is killed before a chosen step. */
public final class MortalMemory {
    public static final int NEVER = LateBytes.NEVER;

    private final LateBytes bytes;

    /**
     * A writer's view.
     *
     * @param words what it finds
     * @param usedOffset of the word whose store of 0 is a commit
     * @param killAt the step before which it is killed, or {@link #NEVER}
     */
    public MortalMemory(long[] words, long usedOffset, int killAt) {
        bytes = new LateBytes(words, usedOffset, killAt);
    }

    /**
     * What is in memory after a death.
     *
     * @param words all of it
     * @param isCommitted whether the transaction is
     */
    public record Left(long[] words, boolean isCommitted) {}

    public SharedBytes bytes() {
        return bytes;
    }

    /** Whether the next commit is that of the transaction, and not the end of a roll-back. */
    public void setInTransaction(boolean inTransaction) {
        bytes.begin(inTransaction ? 1 : 0);
    }

    /** Runs what the writer does; whether it was killed in the middle. */
    public static boolean isKilled(Runnable life) {
        try {
            life.run();
            return false;
        } catch (Killed death) {
            return true;
        }
    }

    /** Stores and fences so far. */
    public int steps() {
        return bytes.steps();
    }

    /** What may be left after the death. */
    public List<Left> left(Random random) {
        return bytes.left(random).stream()
                .map(left -> new Left(left.words(), left.committed() != 0))
                .toList();
    }

    /** What a writer leaves that is not killed. */
    public Left whole() {
        LateBytes.Left whole = bytes.whole();
        return new Left(whole.words(), whole.committed() != 0);
    }
}
