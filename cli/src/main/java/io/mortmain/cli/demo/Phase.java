package io.mortmain.cli.demo;

/**
 * Where a worker is, as it publishes it in its slot. HOLDING and WRITING lie wholly inside the time that it holds the mutex; whether
 * one that died ACQUIRING or RELEASING held it is known from its successor, who found its word or did not. The codes are those of worker.c.
 */
enum Phase {
    ELSEWHERE(0),
    /** About to lock, waiting, or already holding but not yet able to say so. */
    ACQUIRING(1),
    HOLDING(2),
    /** Has written a part of a transfer, which the next holder rolls back unless it is completed. Only C: Java code writes all at once. */
    WRITING(3),
    /** About to unlock, or just did. */
    RELEASING(4);

    private final long code;

    Phase(long code) {
        this.code = code;
    }

    long code() {
        return code;
    }

    static Phase ofCode(long code) {
        for (Phase phase : values()) {
            if (phase.code == code) {
                return phase;
            }
        }
        throw new IllegalStateException("a worker left the unknown phase " + code);
    }

    boolean certainlyHeld() {
        return this == HOLDING || this == WRITING;
    }

    boolean mayHaveHeld() {
        return this != ELSEWHERE;
    }
}
