package io.mortmain.internal.lock;

import io.mortmain.internal.owner.Sweep;
import java.lang.foreign.MemorySegment;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** Who locks in a region: what number stands in a word for which thread, and what such a number says. */
public abstract sealed class Lockers permits KernelLockers, RecordLockers {
    /** What the calling thread locks as; made at its first lock. Throws where the thread cannot hold a robust mutex, with the reason. */
    public abstract LockThread current();

    /** The slow paths for these threads. */
    public abstract SlowPaths slowPaths();

    /** How messages name the thread of this process with the given number; empty when it is not of this process. */
    public abstract String nameOf(int number);

    /** The thread that waits for, or hands over, a mutex behind the gate; the caller has begun to close it. */
    public abstract @Nullable LockThread inside(Gate gate);

    /** As {@link LockThreads#isTaking(int, long)}. */
    public abstract boolean isTaking(int number, long mutex);

    /** The kernel's number of the thread that has, or had, the given one, in the PID namespace of the region; empty for unknown. */
    public abstract OptionalInt threadIdOf(int number);

    /** The number of the process whose thread has, or had, the given one, in the PID namespace of that; empty for unknown. */
    public abstract OptionalInt processIdOf(int number);

    /** Who may still store to the region's addresses, where that could harm others; the caller is closing it. */
    public abstract Latecomers latecomers();

    /**
     * The mutex for C code of this process.
     *
     * @param name how messages name it
     * @throws UnsupportedOperationException where C code cannot lock
     */
    public abstract MemorySegment forC(long mutex, String name);

    /**
     * No thread of this process holds or waits, or can come to, and the region's pages are gone from where they were. What runs out of
     * memory can be called again.
     *
     * @param pages the mutexes at another address than before, where threads that ended may have left their numbers
     */
    public abstract void close(Sweep pages);
}
