package io.mortmain.cli.experiment;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;

/**
 * What children note of their acts, in memory that they have in common with their parent. A child that was let in is not forgotten because
 * it came to no end, and another in its place was refused.
 */
@SuppressWarnings("restricted")
final class ChildNotes {
    /** How the note of a refusal begins. */
    static final String REFUSED = "refused, ";

    static final long PAGE = 4096;
    private static final int TEXT = 256;
    /** Set when a note is complete: a child may stop at any step. */
    private static final int COMPLETE = TEXT - 1;

    private static final int READ_AND_WRITE = 3;
    private static final int SHARED_ANONYMOUS = 0x21;

    private final MemorySegment page;

    /** In a page of memory, all zero. */
    ChildNotes(MemorySegment page) {
        this.page = page;
    }

    /** For the children that this process forks from here on. */
    static ChildNotes shared() throws Throwable {
        Linker linker = Linker.nativeLinker();
        MethodHandle mmap = linker.downcallHandle(
                linker.defaultLookup().findOrThrow("mmap"),
                FunctionDescriptor.of(ADDRESS, ADDRESS, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG));
        MemorySegment page =
                (MemorySegment) mmap.invokeExact(MemorySegment.NULL, PAGE, READ_AND_WRITE, SHARED_ANONYMOUS, -1, 0L);
        return new ChildNotes(page.reinterpret(PAGE));
    }

    /** In a child. What is kept of another child stays. */
    void note(int act, String text) {
        if (!isComplete(act)) {
            MemorySegment note = noteOf(act);
            note.setString(0, text.substring(0, Math.min(text.length(), COMPLETE - 1)), StandardCharsets.ISO_8859_1);
            note.set(JAVA_BYTE, COMPLETE, (byte) 1);
        }
    }

    /** Before another child does the same. */
    void forgetRefusals() {
        for (int act = 0; act < PAGE / TEXT; act++) {
            if (!isComplete(act) || text(act).startsWith(REFUSED)) {
                noteOf(act).fill((byte) 0);
            }
        }
    }

    /** Before children with other acts. */
    void forgetAll() {
        page.fill((byte) 0);
    }

    String text(int act) {
        return isComplete(act) ? noteOf(act).getString(0, StandardCharsets.ISO_8859_1) : "the child died";
    }

    private boolean isComplete(int act) {
        return noteOf(act).get(JAVA_BYTE, COMPLETE) != 0;
    }

    private MemorySegment noteOf(int act) {
        return page.asSlice((long) act * TEXT, TEXT);
    }
}
