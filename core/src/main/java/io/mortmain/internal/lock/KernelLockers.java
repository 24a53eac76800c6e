package io.mortmain.internal.lock;

import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** The threads of this process by the kernel's numbers, with the robust lists that the kernel walks: as C programs lock. */
public final class KernelLockers extends Lockers {
    public static final Lockers INSTANCE = new KernelLockers();

    private KernelLockers() {}

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
    public boolean isOfKernel() {
        return true;
    }
}
