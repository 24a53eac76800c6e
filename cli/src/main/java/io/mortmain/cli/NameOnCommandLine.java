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
        if (name.indexOf(NOT_DECODED) >= 0) {
            throw new RegionException(
                    RegionException.Reason.INVALID_ARGUMENT,
                    "name \"" + name
                            + "\" has bytes that are not text in this locale; give a name in UTF-8, and a UTF-8 locale,"
                            + " for example LC_ALL=C.UTF-8");
        }
        return name;
    }
}
