package io.mortmain.errors;

import org.jspecify.annotations.Nullable;

/** Whatever Mortmain refuses or fails at. The message is one sentence with the values and the cure. */
public class MortmainException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public MortmainException(String message) {
        super(message);
    }

    public MortmainException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
