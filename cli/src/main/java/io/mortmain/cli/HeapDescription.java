package io.mortmain.cli;

import io.mortmain.HeapSnapshot;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How full a heap is, and whether it is whole, as it stands in the file. */
final class HeapDescription {
    private HeapDescription() {}

    /** For people. */
    static List<String> text(HeapSnapshot heap) {
        if (heap.problem().isPresent()) {
            return List.of("  not all " + Printable.of(heap.problem().get()));
        }
        List<String> lines = new ArrayList<>();
        lines.add("  used    " + heap.used() + " of " + heap.size() + " bytes, blocks that were freed among them");
        lines.add("  root    " + (heap.root() == 0 ? "none" : "block " + heap.root()));
        lines.add("  journal " + heap.journalCapacity() + " words, " + DataDescription.used(heap.journalUsed()));
        if (heap.lost()) {
            lines.add(
                    "  lost    the machine was rebooted: what was written last may be there in part; a program must clear it");
        }
        return lines;
    }

    /** For programs. */
    static Map<String, Object> json(HeapSnapshot heap) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("size", heap.size());
        json.put("used", heap.used());
        json.put("root", heap.root());
        json.put("journalCapacity", heap.journalCapacity());
        json.put("journalUsed", heap.journalUsed());
        json.put("lost", heap.lost());
        heap.problem().ifPresent(why -> json.put("problem", why));
        return json;
    }
}
