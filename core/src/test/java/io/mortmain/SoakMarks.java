package io.mortmain;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

/**
 * What the workers of {@link GuardedSoakTest} say of themselves, in plain shared memory, so that a killer can aim and a loss is found.
 *
 * <pre>
 *   worker w, from w x 8:      mark (version to be + 1 while in a transaction, else 0), commits, longest wait in ns, torn, lost
 *   from 64 (by version):      version x 256 + how often a transaction began with that version
 *   from 64 + VERSIONS:        version, once it was committed
 * </pre>
 */
final class SoakMarks {
    static final int MARK = 0;
    static final int COMMITS = 1;
    static final int LONGEST_WAIT = 2;
    static final int TORN = 3;
    static final int LOST = 4;
    private static final int WORKER_SIZE = 8;
    private static final int BEGUN = 64;
    private static final int VERSIONS = 1 << 14;
    static final long SIZE = (BEGUN + 2L * VERSIONS) * Long.BYTES;

    private static final VarHandle WORDS = ValueLayout.JAVA_LONG.arrayElementVarHandle();

    private final MemorySegment words;

    SoakMarks(MemorySegment words) {
        this.words = words;
    }

    long get(int worker, int field) {
        return at((long) worker * WORKER_SIZE + field);
    }

    void set(int worker, int field, long value) {
        put((long) worker * WORKER_SIZE + field, value);
    }

    private void add(int worker, int field) {
        set(worker, field, get(worker, field) + 1);
    }

    private long at(long index) {
        return (long) WORDS.getVolatile(words, 0L, index);
    }

    private void put(long index, long value) {
        WORDS.setVolatile(words, 0L, index, value);
    }

    /** In a transaction, when it has seen the record. */
    void begin(int worker, SoakSheet seen, long waited) {
        set(worker, MARK, seen.version() + 1);
        long slot = BEGUN + seen.version() % VERSIONS;
        put(slot, at(slot) >>> Byte.SIZE == seen.version() ? at(slot) + 1 : (seen.version() << Byte.SIZE) + 1);
        set(worker, LONGEST_WAIT, Math.max(waited, get(worker, LONGEST_WAIT)));
        if (!seen.isWhole()) {
            add(worker, TORN);
        }
        if (at(committed(seen.version() + 1)) == seen.version() + 1) { // what it makes was there already
            add(worker, LOST);
        }
    }

    /** When a transaction was committed. */
    void end(int worker) {
        long made = get(worker, MARK);
        put(committed(made), made);
        set(worker, MARK, 0);
        add(worker, COMMITS);
    }

    private static long committed(long version) {
        return BEGUN + VERSIONS + version % VERSIONS;
    }

    /** How many transactions began with that version; 1 where none of them was undone. */
    long begun(long version) {
        long begun = at(BEGUN + version % VERSIONS);
        return begun >>> Byte.SIZE == version ? begun & 0xff : 0;
    }
}
