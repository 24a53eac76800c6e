package io.mortmain.cli.rm;

/** Somebody uses the region, or may: it was left alone. */
public final class RegionInUseException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    RegionInUseException(String message) {
        super(message);
    }
}
