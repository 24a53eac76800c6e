package io.mortmain.cli;

import io.mortmain.errors.RegionException;

/** The name of a region or an object as the JDK decoded it by the locale: where it could not, two names may have become one. */
final class NameOnCommandLine {
    private static final char NOT_DECODED = '\ufffd';

    private NameOnCommandLine() {}

    /**
     * The name.
     *
     * @throws RegionException INVALID_ARGUMENT, where a byte of it was lost
     */
    static String require(String name) {
        return requireDecoded("name", name);
    }

    /** As {@link #require}, of text that is something else. */
    static String requireDecoded(String what, String text) {
        if (text.indexOf(NOT_DECODED) >= 0) {
            throw new RegionException(
                    RegionException.Reason.INVALID_ARGUMENT,
                    what + " \"" + text
                            + "\" has bytes that are not text in this locale; give a " + what
                            + " in UTF-8, and a UTF-8 locale,"
                            + " for example LC_ALL=C.UTF-8");
        }
        return text;
    }
}
