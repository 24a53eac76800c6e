package io.mortmain.internal.lock;

import io.mortmain.internal.words.MappedWords;
import io.mortmain.internal.words.Words;

/**
 * The words of a simulated memory: a heap array behind the addresses from {@link #BASE}. Each store is a step; at the chosen step the
 * thread is killed: the store is not made, and neither is any later one, whatever the unwinding code tries. Addresses outside are those
 * of the threads' slots, which are real.
 */
class HeapWords extends Words {
    static final long BASE = 0x10_0000;
    static final int SIZE = 0x8_0000;
    static final int NEVER = Integer.MAX_VALUE;

    /** What the killed thread's code ends with. Not an exception that the protocol could know. */
    static final class Killed extends Error {
        private static final long serialVersionUID = 1L;

        Killed() {
            super("killed by the test", null, false, false);
        }
    }

    /** Sees each step before it is made, to let others act in between. */
    interface Watcher {
        void before(long address);
    }

    private final int[] memory = new int[SIZE / Integer.BYTES];
    private int steps;
    private int killAt = NEVER;
    private boolean dead;
    private Watcher watcher = _ -> {};

    /** From now on steps are counted from 0; the thread is killed at that step. */
    void killAt(int step) {
        steps = 0;
        killAt = step;
        dead = false;
    }

    void watch(Watcher seesEachStep) {
        watcher = seesEachStep;
    }

    int steps() {
        return steps;
    }

    boolean isDead() {
        return dead;
    }

    /** One step; false when the thread is dead and the store must not happen. */
    boolean step(long address) {
        if (dead) {
            return false;
        }
        if (steps == killAt) {
            dead = true;
            throw new Killed();
        }
        steps++;
        watcher.before(address);
        return true;
    }

    static boolean isMapped(long address) {
        return address >= BASE && address + Long.BYTES <= BASE + SIZE && address % Integer.BYTES == 0;
    }

    int load(long address) {
        return isMapped(address) ? memory[index(address)] : MappedWords.INSTANCE.getIntPlain(address);
    }

    long loadLong(long address) {
        return Integer.toUnsignedLong(memory[index(address)]) | (long) memory[index(address) + 1] << 32;
    }

    /** Not a step: what others do, or the kernel. */
    void poke(long address, int value) {
        memory[index(address)] = value;
    }

    void pokeLong(long address, long value) {
        memory[index(address)] = (int) value;
        memory[index(address) + 1] = (int) (value >>> 32);
    }

    private static int index(long address) {
        if (!isMapped(address)) {
            throw new AssertionError("access to " + Long.toHexString(address) + ", which is not mapped: a crash");
        }
        return (int) (address - BASE) / Integer.BYTES;
    }

    @Override
    public int getIntPlain(long address) {
        return load(address);
    }

    @Override
    public int getIntOpaque(long address) {
        return load(address);
    }

    @Override
    public int getIntVolatile(long address) {
        return load(address);
    }

    @Override
    public void putIntRelease(long address, int value) {
        if (step(address)) {
            poke(address, value);
        }
    }

    @Override
    public boolean compareAndSetInt(long address, int expected, int value) {
        boolean possible = step(address) && load(address) == expected;
        if (possible) {
            poke(address, value);
        }
        return possible;
    }

    @Override
    public int getAndSetInt(long address, int value) {
        if (!step(address)) {
            return 0;
        }
        int old = load(address);
        poke(address, value);
        return old;
    }

    @Override
    public long getLongPlain(long address) {
        return loadLong(address);
    }

    @Override
    public long getLongOpaque(long address) {
        return loadLong(address);
    }

    @Override
    public long getLongVolatile(long address) {
        return loadLong(address);
    }

    @Override
    public void putLongRelease(long address, long value) {
        if (step(address)) {
            pokeLong(address, value);
        }
    }
}
