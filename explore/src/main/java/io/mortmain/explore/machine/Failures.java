package io.mortmain.explore.machine;

import java.util.ArrayList;
import java.util.List;

/**
 * What code under exploration failed with; an access has only room for a number. Kept until the process ends: a failure breaks a rule, so there
 * is one for each search, or a few.
 */
final class Failures {
    private static final List<Throwable> ALL = new ArrayList<>();

    private Failures() {}

    static synchronized int number(Throwable failure) {
        ALL.add(failure);
        return ALL.size() - 1;
    }

    static synchronized Throwable of(long number) {
        return ALL.get((int) number);
    }
}
