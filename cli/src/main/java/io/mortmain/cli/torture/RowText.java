package io.mortmain.cli.torture;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** A row of the table for people: the fault, then a line for each group of cells. */
public final class RowText {
    private static final int GROUP_WIDTH = 48;
    private static final int LONGEST = 120;

    private RowText() {}

    /** Without line ends. */
    public static List<String> lines(Torture.RowResult row) {
        List<String> lines = new ArrayList<>();
        lines.add("");
        lines.add(String.format(Locale.ROOT, "%-4s %s", row.id(), row.title()));
        Map<String, List<CellResult>> groups = new LinkedHashMap<>();
        row.cells()
                .forEach(cell -> groups.computeIfAbsent(cell.cell().group(), ignored -> new ArrayList<>())
                        .add(cell));
        groups.forEach((group, cells) -> lines.addAll(group(group, cells)));
        return lines;
    }

    private static List<String> group(String group, List<CellResult> cells) {
        if (cells.size() == 1) {
            return List.of(line(cells.getFirst().verdict(), group, seen(cells.getFirst())));
        }
        List<String> lines = new ArrayList<>();
        Map<Verdict, List<CellResult>> byVerdict = cells.stream().collect(Collectors.groupingBy(CellResult::verdict));
        if (byVerdict.size() == 1 && byVerdict.containsKey(Verdict.NOT_TRIED)) {
            return List.of(line(Verdict.NOT_TRIED, group, cells.getFirst().reason()));
        }
        lines.add("            " + group);
        cells.forEach(cell -> lines.add(line(cell.verdict(), "  " + cell.cell().column(), seen(cell))));
        return lines;
    }

    private static String line(Verdict verdict, String name, String seen) {
        return String.format(Locale.ROOT, "  %-9s %-" + GROUP_WIDTH + "s %s", verdict.text(), name, seen)
                .stripTrailing();
    }

    private static String seen(CellResult cell) {
        if (cell.got().isEmpty()) {
            return cell.reason();
        }
        String seen = cell.got();
        if (!Double.isNaN(cell.millis())) {
            seen += String.format(Locale.ROOT, ", %.1f ms", cell.millis());
        }
        seen = seen.length() > LONGEST ? seen.substring(0, LONGEST) + "…" : seen;
        return cell.reason().isEmpty() ? seen : seen + "; " + cell.reason();
    }
}
