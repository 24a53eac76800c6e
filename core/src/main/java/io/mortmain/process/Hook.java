package io.mortmain.process;

import java.util.Objects;

/** What is to be done before and after each fork. One that was registered twice is two. */
final class Hook {
    private final Runnable prepare;
    private final Runnable parent;

    Hook(Runnable prepare, Runnable parent) {
        this.prepare = Objects.requireNonNull(prepare, "prepare");
        this.parent = Objects.requireNonNull(parent, "parent");
    }

    void prepare() {
        prepare.run();
    }

    void parent() {
        parent.run();
    }
}
