package io.mortmain.cli;

import io.mortmain.GuardedSnapshot;
import io.mortmain.MutexSnapshot;
import io.mortmain.RegionSnapshot.NamedObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The data of an object that says what its bytes mean, as they stand in the file. */
final class DataDescription {
    private static final int MOST_ELEMENTS = 10;
    private static final String HALF_WRITTEN = "may be half-written; mortmain get waits for the lock";

    private DataDescription() {}

    /** For people. */
    static List<String> text(NamedObject object) {
        List<String> lines = new ArrayList<>();
        object.counter().ifPresent(value -> lines.add("  value   " + value));
        object.heap().ifPresent(heap -> lines.addAll(HeapDescription.text(heap)));
        object.guarded().ifPresent(guarded -> {
            if (guarded.elements() > 0) {
                shape(guarded, lines);
                data(object, guarded, lines);
            }
            guarded.problem().ifPresent(why -> lines.add("  not all " + Printable.of(why)));
        });
        return lines;
    }

    private static void shape(GuardedSnapshot guarded, List<String> lines) {
        labelled("schema", guarded.schema().lines().map(Printable::of).toList(), lines);
        lines.add("  records " + guarded.elements() + " of " + guarded.elementSize() + " bytes");
        lines.add("  journal " + guarded.journalCapacity() + " words, " + used(guarded.journalUsed()));
    }

    /** How many words of a journal are used, and what that means. */
    static String used(int used) {
        return used == 0
                ? "none used"
                : used + " used: a transaction is under way, or its writer died: " + used
                        + (used == 1 ? " word" : " words") + " will be rolled back";
    }

    private static void data(NamedObject object, GuardedSnapshot guarded, List<String> lines) {
        if (guarded.waiters()) {
            lines.add("  waits   somebody may wait for a change");
        }
        if (guarded.lost()) {
            lines.add(
                    "  lost    the machine was rebooted or who replaced all of the data died: what was written last may be there in"
                            + " part; set all of it anew");
        }
        if (isUnsettled(object, guarded)) {
            lines.add("  values  " + HALF_WRITTEN);
        }
        List<Map<String, Object>> values = guarded.values();
        if (guarded.elements() > values.size() && !values.isEmpty()) {
            lines.add("  values  the first " + values.size() + " of " + guarded.elements() + " records");
        }
        List<String> fields = guarded.elements() == 1 && !values.isEmpty()
                ? DataText.lines(values.getFirst(), MOST_ELEMENTS)
                : values.isEmpty() ? List.of() : DataText.lines(values, MOST_ELEMENTS);
        labelled("data", fields, lines);
    }

    /** The first line gets the label. */
    private static void labelled(String label, List<String> texts, List<String> lines) {
        for (int i = 0; i < texts.size(); i++) {
            lines.add("  " + (i == 0 ? label : "").concat("       ").substring(0, 7) + " " + texts.get(i));
        }
    }

    /** Whether somebody was writing, or died over it, or might have been. */
    private static boolean isUnsettled(NamedObject object, GuardedSnapshot guarded) {
        return guarded.journalUsed() != 0
                || object.mutex()
                        .map(mutex -> mutex.state() != MutexSnapshot.State.FREE)
                        .orElse(false);
    }

    /** For programs: what the description of the object has more. */
    static Map<String, Object> json(NamedObject object) {
        Map<String, Object> json = new LinkedHashMap<>();
        object.counter().ifPresent(value -> json.put("value", value));
        object.heap().ifPresent(heap -> json.put("heap", HeapDescription.json(heap)));
        object.guarded().ifPresent(guarded -> json.put("guarded", json(object, guarded)));
        return json;
    }

    private static Map<String, Object> json(NamedObject object, GuardedSnapshot guarded) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("schema", guarded.schema());
        json.put("elements", guarded.elements());
        json.put("elementSize", guarded.elementSize());
        json.put("journalCapacity", guarded.journalCapacity());
        json.put("journalUsed", guarded.journalUsed());
        json.put("lost", guarded.lost());
        json.put("waiters", guarded.waiters());
        json.put("mayBeHalfWritten", isUnsettled(object, guarded));
        json.put("values", DataText.json(guarded.values()));
        guarded.problem().ifPresent(why -> json.put("problem", why));
        return json;
    }
}
