package io.mortmain.explore.machine;

/** A rule of the machine was broken. */
public final class Violation extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Rule rule;

    Violation(Rule rule, String what) {
        super(rule + ": " + what);
        this.rule = rule;
    }

    public Rule rule() {
        return rule;
    }
}
