package io.mortmain.cli.demo;

/** How a worker dies. All but SIGKILL it does itself, on order, in the middle of a transfer. The codes are those of worker.c. */
enum DeathKind {
    SIGKILL(0, "SIGKILL", "killed"),
    /** The process lives on. Only C: Java code that ends by whatever exception has left its transaction, and released the mutex. */
    THREAD_ENDED(1, "thread ended", "threadEnded"),
    /** {@code System.exit}, {@code exit}. */
    EXIT(2, "exit", "exit"),
    /** {@code Runtime.halt}, {@code _exit}. */
    HALT(3, "halt, _exit", "halt"),
    /** The process lives on as a new image. Only C: Java code never runs in the main thread, whose exec it must be. */
    EXEC(4, "exec", "exec");

    private final long code;
    private final String label;
    private final String key;

    DeathKind(long code, String label, String key) {
        this.code = code;
        this.label = label;
        this.key = key;
    }

    /** For people. */
    String label() {
        return label;
    }

    /** For programs. */
    String key() {
        return key;
    }

    long code() {
        return code;
    }

    static DeathKind ofCode(long code) {
        for (DeathKind kind : values()) {
            if (kind.code == code) {
                return kind;
            }
        }
        throw new IllegalStateException("a worker left the unknown kind of death " + code);
    }
}
