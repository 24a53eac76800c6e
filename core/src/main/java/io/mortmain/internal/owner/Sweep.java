package io.mortmain.internal.owner;

import java.util.function.IntPredicate;

/** All mutexes of a region, that of the directory included, as seen by whoever declares holders dead. */
@FunctionalInterface
public interface Sweep {
    /** Marks each word that has the number of a dead holder as the kernel would have at its death, and wakes a waiter of each. */
    void mark(IntPredicate isDead);
}
