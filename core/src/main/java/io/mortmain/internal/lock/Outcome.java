package io.mortmain.internal.lock;

/** How an attempt to acquire, or a release, ended. In every case after the first three the calling thread holds nothing new. */
public enum Outcome {
    /** Acquired. */
    ACQUIRED,
    /** Acquired; the predecessor died, and the mutex is inconsistent until it is declared consistent. */
    ACQUIRED_AFTER_DEATH,
    /** Entered once more by the holder of a recursive mutex. */
    REENTERED,
    /** Released. */
    RELEASED,
    /** Held by somebody else; the attempt did not want to wait, or not longer. */
    BUSY,
    INTERRUPTED,
    NOT_RECOVERABLE,
    /** An error-checking mutex that the calling thread holds already. */
    WOULD_DEADLOCK,
    /** A recursive mutex whose count is at its limit. */
    TOO_DEEP,
    /** The thread's robust list is full: the kernel would lose the oldest locks at its death. */
    TOO_MANY,
    /** Release or {@code markConsistent} by a thread that does not hold the mutex. */
    NOT_HOLDER,
    /** The region handle was closed. */
    CLOSED,
    /** The memory is not the mutex that was created there: file truncated, hole punched, or overwritten. */
    DAMAGED,
    /** A page was gone on the way; nothing was acquired, and the attempt can be made again. Does not leave the package. */
    FAULTED,
    /** This process is a forked child; the parent's locks are not its own. */
    FORKED_CHILD,
    /** A reset was asked for, and the mutex is not "not recoverable". */
    NOTHING_TO_RESET
}
