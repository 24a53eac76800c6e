package io.mortmain.explore.search;

import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;

/** A growing set of numbers that are not 0, in open addressing: millions of them in one array. */
final class LongSet {
    private long[] slots = new long[1 << 12];
    private int size;

    /** False when it was there already. */
    boolean add(long number) {
        long value = number == 0 ? 1 : number;
        int at = slot(slots, value);
        if (slots[at] == value) {
            return false;
        }
        slots[at] = value;
        size++;
        if (size > slots.length / 2) {
            grow();
        }
        return true;
    }

    Set<Long> all() {
        return Arrays.stream(slots).filter(value -> value != 0).boxed().collect(Collectors.toSet());
    }

    int size() {
        return size;
    }

    private void grow() {
        long[] larger = new long[slots.length * 2];
        Arrays.stream(slots).filter(value -> value != 0).forEach(value -> larger[slot(larger, value)] = value);
        slots = larger;
    }

    private static int slot(long[] slots, long value) {
        int mask = slots.length - 1;
        int at = (int) (value ^ value >>> 32) & mask;
        while (slots[at] != 0 && slots[at] != value) {
            at = (at + 1) & mask;
        }
        return at;
    }
}
