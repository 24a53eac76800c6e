package io.mortmain.cli.torture;

/**
 * A hand's answer to an order.
 *
 * @param code 0, an error number of Linux, a number asked for, or the name of a typed error of the library
 * @param nanos time at which the order was done, on the clock of {@link System#nanoTime}, which is the same in every process
 * @param text further words
 */
record Answer(String code, long nanos, String text) {
    static final String DONE = "0";
    static final String OWNER_DIED = "130"; // EOWNERDEAD
    static final String NOT_RECOVERABLE = "131"; // ENOTRECOVERABLE
    static final String BUSY = "16"; // EBUSY
    static final String NO_SPACE = "NO_SPACE"; // of the library
    static final String TIMED_OUT = "110"; // ETIMEDOUT

    static Answer parse(String line) {
        String[] parts = line.split(" ", 3);
        long nanos = parts.length > 1 && parts[1].matches("-?\\d+") ? Long.parseLong(parts[1]) : 0;
        return new Answer(parts[0], nanos, parts.length > 2 ? parts[2].strip() : "");
    }

    boolean isDone() {
        return code.equals(DONE);
    }

    boolean isTold() {
        return code.equals(OWNER_DIED);
    }

    /** The answer to an order to acquire, in the words of the table. */
    String outcome() {
        return switch (code) {
            case DONE -> "clean";
            case OWNER_DIED -> "told";
            case NOT_RECOVERABLE -> "not recoverable";
            case BUSY -> "busy";
            case TIMED_OUT -> "waits";
            default -> code;
        };
    }
}
