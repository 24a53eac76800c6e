package io.mortmain.cli.doctor;

/**
 * What one check found.
 *
 * @param check its name
 * @param value what is there, for people
 * @param cure what to do, as a clause in the imperative; empty where there is nothing to do
 */
public record Finding(String check, Verdict verdict, String value, String cure) {
    /** Whether Mortmain works as promised. */
    public enum Verdict {
        OK,
        /** It works, in a slower or less complete way. */
        FALLBACK,
        FAILED
    }

    static Finding ok(String check, String value) {
        return new Finding(check, Verdict.OK, value, "");
    }

    static Finding fallback(String check, String value, String cure) {
        return new Finding(check, Verdict.FALLBACK, value, cure);
    }

    static Finding failed(String check, String value, String cure) {
        return new Finding(check, Verdict.FAILED, value, cure);
    }
}
