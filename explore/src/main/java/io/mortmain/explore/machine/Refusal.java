package io.mortmain.explore.machine;

/** Why a thread did not get a mutex. */
public enum Refusal {
    BUSY(0),
    INTERRUPTED(1),
    NOT_RECOVERABLE(2),
    NOTHING_TO_RESET(3),
    /** As {@link #NOT_RECOVERABLE} by glibc, which wakes nobody then though somebody may sleep. */
    NOT_RECOVERABLE_UNWOKEN(4),
    /** As {@link #NOT_RECOVERABLE} by glibc's trylock, which leaves its number in the word. */
    NOT_RECOVERABLE_LEFT_OVER(5),
    WOULD_DEADLOCK(6);

    private final int number;

    Refusal(int number) {
        this.number = number;
    }

    /** As an access has it. */
    int number() {
        return number;
    }

    boolean isNotRecoverable() {
        return this == NOT_RECOVERABLE || this == NOT_RECOVERABLE_UNWOKEN || this == NOT_RECOVERABLE_LEFT_OVER;
    }

    static Refusal of(long number) {
        for (Refusal refusal : values()) {
            if (refusal.number == number) {
                return refusal;
            }
        }
        throw new IllegalArgumentException("no refusal has number " + number);
    }
}
