package io.mortmain.cli.torture;

/** What a cell of the table came to. */
public enum Verdict {
    OK("ok"),
    FAILED("failed"),
    NOT_TRIED("not tried");

    private final String text;

    Verdict(String text) {
        this.text = text;
    }

    /** As printed. */
    public String text() {
        return text;
    }
}
