package io.mortmain.explore.machine;

/** Which of the states that add nothing are left out. */
public enum Reduction {
    /** All that {@link Machine} tells of. */
    ALL,
    /** The same, but that ways to one place stay different ones: whatever a thread remembers makes a difference. Steps are as with {@link #ALL}. */
    UNMERGED,
    /** None; only small programs can be explored so. */
    NONE
}
