package io.mortmain.cli.stepper;

/** The language of who is killed. */
public enum Holder {
    C("C"),
    JAVA("Java");

    private final String text;

    Holder(String text) {
        this.text = text;
    }

    /** As printed. */
    public String text() {
        return text;
    }
}
