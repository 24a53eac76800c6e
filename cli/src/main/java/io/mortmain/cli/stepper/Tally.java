package io.mortmain.cli.stepper;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/** What came of the kill points of one holder. Not thread-safe. */
final class Tally {
    private static final int SHOWN = 20;

    private final Holder holder;
    private final Map<Finding.Kind, Integer> kinds = new EnumMap<>(Finding.Kind.class);
    private final NavigableMap<Integer, Finding.Kind> found = new TreeMap<>();
    private final List<String> failures = new ArrayList<>();
    private int points;
    private int failed;
    private int tornAndTold;
    private int different;
    private int through;
    private int highest;
    private int reached;
    private int anew;

    Tally(Holder holder) {
        this.holder = holder;
    }

    /**
     * A death, and what those found that came next; both came to the same mutex, by a copy of it.
     *
     * @param c empty if there was none in C
     */
    void add(int wanted, Execution execution, Remains remains, Finding java, List<Finding> c) {
        points++;
        through += execution.through() ? 1 : 0;
        highest = Math.max(highest, wanted);
        reached = Math.max(reached, execution.through() ? 0 : wanted);
        List<Finding> all = new ArrayList<>(c);
        all.add(java);
        Finding.Kind worst = all.stream()
                .filter(finding -> !remains.calls(finding))
                .findFirst()
                .orElse(java)
                .kind();
        boolean equal = c.stream().allMatch(finding -> finding.kind() == java.kind());
        kinds.merge(worst, 1, Integer::sum);
        tornAndTold += remains.isTorn() && worst == Finding.Kind.TOLD ? 1 : 0;
        different += equal ? 0 : 1;
        found.put(wanted, java.kind());
        if (!remains.calls(java) || !equal) {
            boolean glibcs = holder == Holder.C && isHanging(c) && remains.calls(java);
            failed += glibcs ? 0 : 1;
            note("after instruction " + execution.executed() + " of " + wanted + ": the next in Java: " + java
                    + (c.isEmpty() ? "" : ", in C: " + c.getFirst()) + "; " + remains);
        }
    }

    /** The one failure that glibc's own lock is excused for. */
    private static boolean isHanging(List<Finding> c) {
        return !c.isEmpty() && c.stream().allMatch(finding -> finding.kind() == Finding.Kind.HANGS);
    }

    /**
     * Where nobody was told though one before and one after it were, in words; empty if nowhere. From the lock to the unlock each is told.
     * Near the ends nothing can be said: some JVMs get to the lock, and to the unlock, a few instructions before others.
     */
    String gap() {
        List<Integer> told = found.keySet().stream()
                .filter(point -> found.get(point) == Finding.Kind.TOLD)
                .toList();
        return found.entrySet().stream()
                .filter(point -> point.getValue() == Finding.Kind.FREE)
                .map(Map.Entry::getKey)
                .filter(point -> !told.isEmpty()
                        && point > told.getFirst() + Stepper.MARGIN
                        && point < told.getLast() - Stepper.MARGIN)
                .findFirst()
                .map(point -> "free after instruction " + point + ", between " + told.getFirst() + " and "
                        + told.getLast() + ", which were told")
                .orElse("");
    }

    /** A victim that did not stay in the second compiler's code, and was replaced. */
    void addReplaced() {
        anew++;
    }

    /** A kill point that none of its victims got to. */
    void addFailure(String why) {
        failed++;
        note(why);
    }

    private void note(String failure) {
        if (failures.size() < SHOWN) {
            failures.add(failure);
        }
    }

    int points() {
        return points;
    }

    int failed() {
        return failed;
    }

    int tornAndTold() {
        return tornAndTold;
    }

    int different() {
        return different;
    }

    int through() {
        return through;
    }

    /** Whether the victim with the highest number was still in its section there, so that there may be more instructions. */
    boolean reachedEveryPoint() {
        return reached >= highest;
    }

    int anew() {
        return anew;
    }

    int count(Finding.Kind kind) {
        return kinds.getOrDefault(kind, 0);
    }

    /** The first of those that were not as they must be. */
    List<String> failures() {
        return List.copyOf(failures);
    }
}
