package io.mortmain.bench.harness;

/** The benchmark could not be run, or found something that must not be; one sentence with the values. */
public final class BenchException extends RuntimeException {
    private static final long serialVersionUID = 1;

    BenchException(String message) {
        super(message);
    }

    BenchException(String message, Throwable cause) {
        super(message, cause);
    }
}
