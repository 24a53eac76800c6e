package io.mortmain.cli.claims;

/** What a sentence can rest on besides what is seen here. */
enum Ground {
    /** It speaks of programs in general, and the standard says so too. */
    STANDARD,
    /** It speaks of Linux or of the GNU C library itself, so what is seen here decides. */
    THIS_SYSTEM,
    /** It speaks of programs in general, and the standard does not promise it. */
    THIS_LIBRARY_ALONE
}
