package io.mortmain.cli.claims;

/** Whether the declared verdict is what this machine shows. */
public enum Outcome {
    CONFIRMED("confirmed"),
    NOT_CONFIRMED("not confirmed"),
    NOT_TRIED("not tried");

    private final String text;

    Outcome(String text) {
        this.text = text;
    }

    /** As printed. */
    public String text() {
        return text;
    }
}
