package io.mortmain.internal.lock;

import io.mortmain.internal.linux.OpenFile;
import io.mortmain.internal.owner.RegionTurns;
import io.mortmain.internal.owner.Sweep;
import java.lang.foreign.MemorySegment;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** The threads of this process by the kernel's numbers, with the robust lists that the kernel walks: as C programs lock. */
public final class KernelLockers extends Lockers {
    /** In memory of this process alone. */
    public static final Lockers INSTANCE = new KernelLockers(0);

    private final long lockArea;

    private KernelLockers(long lockArea) {
        this.lockArea = lockArea;
    }

    /** In a region whose lock area is mapped: {@code size} bytes at {@code lockArea}, which stand in the file at {@code offset}. */
    public static Lockers attach(long lockArea, long size, OpenFile region, long offset) {
        RegionTurns.INSTANCE.add(lockArea, size, region, offset);
        return new KernelLockers(lockArea);
    }

    @Override
    public LockThread current() {
        return LockThread.current();
    }

    @Override
    public SlowPaths slowPaths() {
        return RobustProtocol.OF_THIS_PROCESS.slowPaths();
    }

    @Override
    public String nameOf(int number) {
        return LockThreads.nameOf(number);
    }

    @Override
    public @Nullable LockThread inside(Gate gate) {
        return LockThreads.inside(gate);
    }

    @Override
    public boolean isTaking(int number, long mutex) {
        return LockThreads.isTaking(number, mutex);
    }

    @Override
    public OptionalInt threadIdOf(int number) {
        return OptionalInt.of(number);
    }

    @Override
    public OptionalInt processIdOf(int number) {
        return OptionalInt.empty();
    }

    /** A thread's number is its own in every word that it could reach late. */
    @Override
    public Latecomers latecomers() {
        return Latecomers.NONE;
    }

    @Override
    public MemorySegment forC(long mutex, String name) {
        return MemorySegment.ofAddress(mutex);
    }

    @Override
    public void close(Sweep pages) {
        RegionTurns.INSTANCE.remove(lockArea);
    }
}
