package io.mortmain.internal.linux;

/** Sizes of what posix_spawn(3) is told by (spawn.h): structures that only the C library looks into, and the set of signals. */
public final class SpawnLayout {
    public static final int ATTRIBUTES_SIZE = 336;
    public static final int FILE_ACTIONS_SIZE = 80;
    public static final int SIGNAL_SET_SIZE = 128;

    static {
        Layouts.require(SIGNAL_SET_SIZE % Long.BYTES == 0, "a set of signals is made of words");
    }

    private SpawnLayout() {}
}
