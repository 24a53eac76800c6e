package io.mortmain.cli.stepper;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.mortmain.Region;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.util.List;

/**
 * The words of shared memory by which a victim, its tracer and the next acquirers understand each other, a cache line each. The C program
 * is compiled with the same numbers.
 *
 * @param memory of {@link #SIZE} bytes
 */
record SectionWords(MemorySegment memory) {
    /** How the mutex and the memory are called in a region. */
    static final String MUTEX = "mutex";

    static final String MEMORY = "words";

    /** The value that the victim's next section will store, once it waits to be let go. */
    static final int WAITING = 0;
    /** The same value when it may go. */
    static final int GO = 64;

    static final int PHASE = 128;
    /** The invariant that the mutex protects: these two are equal. */
    static final int FIRST = 192;

    static final int SECOND = 256;
    static final int SIZE = 320;

    /** Phase: the victim has begun to lock and has not unlocked. */
    static final long INSIDE = 1;

    static final long THROUGH = 2;

    private static final VarHandle WORD = JAVA_LONG.varHandle();

    static SectionWords in(Region region) {
        return new SectionWords(region.memory(MEMORY, SIZE));
    }

    /** For the C compiler. */
    static List<String> macros() {
        return List.of(
                "-DMUTEX=\"" + MUTEX + "\"",
                "-DMEMORY=\"" + MEMORY + "\"",
                "-DWAITING=" + WAITING,
                "-DGO=" + GO,
                "-DPHASE=" + PHASE,
                "-DFIRST=" + FIRST,
                "-DSECOND=" + SECOND,
                "-DINSIDE=" + INSIDE,
                "-DTHROUGH=" + THROUGH);
    }

    long get(int word) {
        return (long) WORD.getVolatile(memory, (long) word);
    }

    void set(int word, long value) {
        WORD.setVolatile(memory, (long) word, value);
    }
}
