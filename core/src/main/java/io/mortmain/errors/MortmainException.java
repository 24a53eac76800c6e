package io.mortmain.errors;

import org.jspecify.annotations.Nullable;

/** What Mortmain refuses or fails at, see the package. The message has the values and the cure, mostly in one sentence. */
public class MortmainException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public MortmainException(String message) {
        super(message);
    }

    public MortmainException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
