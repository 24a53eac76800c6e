package io.mortmain.internal.layout;

import java.util.Arrays;
import java.util.Optional;

/** What a named object of a region is, as its directory entry says. */
public enum ObjectType {
    /** A mutex alone; its data is wherever its users say. */
    MUTEX(DirectoryEntryLayout.TYPE_MUTEX, true, false),
    /** Bytes, guarded by whatever their users say. */
    MEMORY(DirectoryEntryLayout.TYPE_MEMORY, false, true),
    /** A mutex and its data with a journal, see {@link GuardedBlockLayout}. */
    GUARDED(DirectoryEntryLayout.TYPE_GUARDED, true, true),
    /** Eight bytes that are changed in one step. */
    COUNTER(DirectoryEntryLayout.TYPE_COUNTER, false, true),
    /** A mutex and a heap with a journal, see {@link HeapLayout}. */
    HEAP(DirectoryEntryLayout.TYPE_HEAP, true, true);

    private final int number;
    private final boolean hasMutex;
    private final boolean hasData;

    ObjectType(int number, boolean hasMutex, boolean hasData) {
        this.number = number;
        this.hasMutex = hasMutex;
        this.hasData = hasData;
    }

    /** As an entry has it. */
    public int number() {
        return number;
    }

    /** Whether the slot of its entry is its mutex. */
    public boolean hasMutex() {
        return hasMutex;
    }

    /** Whether its entry leads to bytes of the data area. */
    public boolean hasData() {
        return hasData;
    }

    /** The type of that number, if there is one. */
    public static Optional<ObjectType> of(int number) {
        return Arrays.stream(values()).filter(type -> type.number == number).findFirst();
    }
}
