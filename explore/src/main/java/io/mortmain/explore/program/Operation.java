package io.mortmain.explore.program;

/** What a thread of a program does with the mutex: takes it in some way, and, if it got it, gives it back in some way. */
public enum Operation {
    LOCK,
    /** Without waiting. */
    TRY,
    /** For {@link LibraryThread#TIMED_NANOS}. */
    TIMED,
    INTERRUPTIBLE,
    /** Makes it not recoverable. */
    GIVE_UP,
    /** Releases without having declared the data consistent, if told of a death; else as {@link #LOCK}. */
    LEAVE_INCONSISTENT,
    /** As a repair that failed: the next is told too, if told of a death; else as {@link #LOCK}. */
    HAND_ON,
    RESET,
    /** Two mutexes, released in the order of their locking. */
    TWO,
    /** As glibc locks and unlocks, by C code. */
    C_LOCK,
    C_TRY
}
