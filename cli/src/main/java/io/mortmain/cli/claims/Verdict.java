package io.mortmain.cli.claims;

/** What a sentence comes to. */
public enum Verdict {
    TRUE("true"),
    FALSE("false"),
    /** It is so in some of the cases that it speaks of, and otherwise in others. */
    ONLY_FOR_THESE_KINDS("only for these kinds"),
    /** The standard says so; here it is otherwise. */
    ONLY_POSIX("only POSIX"),
    /** It is so here; the standard does not promise it. */
    ONLY_GLIBC("only glibc");

    private final String text;

    Verdict(String text) {
        this.text = text;
    }

    /** As printed. */
    public String text() {
        return text;
    }

    /**
     * Follows from what was seen and from what the sentence can rest on.
     *
     * @param asSaid how many of the cases were as the sentence says
     * @param cases how many there were, one or more
     */
    static Verdict of(int asSaid, int cases, Ground ground) {
        if (asSaid == cases) {
            return ground == Ground.THIS_LIBRARY_ALONE ? ONLY_GLIBC : TRUE;
        }
        if (asSaid > 0) {
            return ONLY_FOR_THESE_KINDS;
        }
        return ground == Ground.STANDARD ? ONLY_POSIX : FALSE;
    }
}
