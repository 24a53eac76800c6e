package io.mortmain.explore.machine;

/**
 * The explorer's own error: two ways of a thread's code were to be taken for one, and would not go on alike, so what the thread remembers is
 * more than is compared. Whatever an exploration says that went on would be worth nothing.
 */
public final class MergedWrongly extends RuntimeException {
    private static final long serialVersionUID = 1L;

    MergedWrongly(String what) {
        super(what);
    }
}
