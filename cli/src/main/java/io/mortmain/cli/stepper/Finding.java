package io.mortmain.cli.stepper;

/**
 * What the next acquirer found.
 *
 * @param kind how it got the mutex, or not
 * @param detail what is to be said of it beyond; may be empty
 */
record Finding(Kind kind, String detail) {
    /** In words for people and programs. */
    enum Kind {
        /** Got it as from a living one, and the words are equal; good where the mutex was left free. */
        FREE("free"),
        /** Got it, and was told of the death; good where the mutex was left held. */
        TOLD("told"),
        /** Got it as from a living one, and the words differ. */
        TORN("torn without being told"),
        /** Did not get it, though its holder has ended. */
        HANGS("hangs"),
        REFUSED("refused");

        private final String text;

        Kind(String text) {
            this.text = text;
        }

        String text() {
            return text;
        }
    }

    static Finding of(boolean told, boolean equal) {
        return new Finding(told ? Kind.TOLD : equal ? Kind.FREE : Kind.TORN, "");
    }

    @Override
    public String toString() {
        return detail.isEmpty() ? kind.text() : kind.text() + " (" + detail + ")";
    }
}
