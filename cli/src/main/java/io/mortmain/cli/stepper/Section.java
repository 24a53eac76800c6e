package io.mortmain.cli.stepper;

import static io.mortmain.cli.stepper.SectionWords.FIRST;
import static io.mortmain.cli.stepper.SectionWords.GO;
import static io.mortmain.cli.stepper.SectionWords.INSIDE;
import static io.mortmain.cli.stepper.SectionWords.PHASE;
import static io.mortmain.cli.stepper.SectionWords.SECOND;
import static io.mortmain.cli.stepper.SectionWords.THROUGH;
import static io.mortmain.cli.stepper.SectionWords.WAITING;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.mortmain.Hold;
import io.mortmain.RobustMutex;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;

/**
 * What is done instruction by instruction: lock, store two words, unlock.
 *
 * <p>The wait for the tracer stands in the same method, so that the thread is in the second compiler's code when it is let go, and no way
 * from the interpreter into it lies between.
 */
final class Section {
    static final String METHOD = "io.mortmain.cli.stepper.Section.once(";
    static final long ENDLESSLY = 0;

    /** For a test: a mistake that must be found. */
    static final String DEFECT = "io.mortmain.cli.stepper.defect";

    private static final boolean STORES_EARLY = "early".equals(System.getProperty(DEFECT));
    private static final boolean STORES_LATE = "late".equals(System.getProperty(DEFECT));

    private static final VarHandle WORD = JAVA_LONG.varHandle();

    private Section() {}

    /**
     * Waits for the word {@code GO} to be {@code value}, then does the section. The phases are volatile stores, so that nothing of the
     * section happens outside of them; the two words are stored plainly, as a program would.
     *
     * @param step added to {@code GO} while it waits: the compiler has seen the wait of a warm-up, which ends by itself, and must not have
     *     anything left to find out about one that does not
     */
    @SuppressWarnings("try") // the hold is the lock
    static void once(RobustMutex mutex, MemorySegment words, long value, long step) {
        WORD.setVolatile(words, (long) WAITING, value);
        while ((long) WORD.getVolatile(words, (long) GO) != value) {
            WORD.getAndAdd(words, (long) GO, step);
        }
        WORD.setVolatile(words, (long) PHASE, INSIDE);
        if (STORES_EARLY) {
            words.set(JAVA_LONG, FIRST, value);
        }
        try (Hold hold = mutex.lock()) {
            if (!STORES_EARLY) {
                words.set(JAVA_LONG, FIRST, value);
            }
            if (!STORES_LATE) {
                words.set(JAVA_LONG, SECOND, value);
            }
        }
        if (STORES_LATE) {
            words.set(JAVA_LONG, SECOND, value);
        }
        WORD.setVolatile(words, (long) PHASE, THROUGH);
    }
}
