package io.mortmain.process;

import java.util.Objects;

/** What is to be done before and after each fork. One that was registered twice is two. */
final class Hook {
    private final Half before;
    private final Half after;
    private volatile boolean isBegun;

    Hook(Runnable prepare, Runnable parent) {
        this.before = new Half(Objects.requireNonNull(prepare, "prepare"), false);
        this.after = new Half(Objects.requireNonNull(parent, "parent"), true);
    }

    /** One of the two things to do. */
    final class Half {
        private final Runnable work;
        private final boolean isAfter;

        private Half(Runnable work, boolean isAfter) {
            this.work = work;
            this.isAfter = isAfter;
        }

        Hook hook() {
            return Hook.this;
        }

        /** After the fork; else before it. */
        boolean isAfter() {
            return isAfter;
        }

        void run() {
            work.run();
        }

        @Override
        public String toString() {
            return "the hook " + work.getClass().getName() + (isAfter ? " after" : " before") + " the fork";
        }
    }

    Half before() {
        return before;
    }

    Half after() {
        return after;
    }

    /** Whether it was begun for a fork, and has not ended for it. */
    boolean isBegun() {
        return isBegun;
    }

    void begin() {
        isBegun = true;
    }

    void end() {
        isBegun = false;
    }
}
