package io.mortmain.bench.peer;

/** Names of the objects in the region that the peers share. */
public final class SharedNames {
    public static final String FIRST = "first";
    public static final String SECOND = "second";
    /** Memory for two mutexes that C code makes, and for a counter. */
    public static final String MEMORY = "memory";

    public static final int PLAIN_FIRST = 0;
    public static final int PLAIN_SECOND = 128;
    public static final int COUNTER = 256;
    public static final int MEMORY_SIZE = 384;
    /** With room for guarded data, which the peers make that measure it. */
    public static final int REGION_SIZE = 1 << 16;

    private SharedNames() {}
}
