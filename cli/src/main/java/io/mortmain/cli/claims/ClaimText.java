package io.mortmain.cli.claims;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A claim and what came of it, for people: the sentence, the verdict, and what was seen. */
public final class ClaimText {
    private static final int WIDTH = 110;
    private static final int INDENT = 7;
    private static final int NAME_WIDTH = 64;

    private ClaimText() {}

    /** Without line ends. */
    public static List<String> lines(ClaimResult result) {
        Claim claim = result.claim();
        List<String> lines = new ArrayList<>();
        lines.add("");
        wrap(lines, String.format(Locale.ROOT, "%-" + INDENT + "s", claim.id()), claim.sentence());
        String verdict = claim.verdict().text() + " (" + result.outcome().text() + ")";
        wrap(lines, "  is   ", result.reason().isEmpty() ? verdict : verdict + ": " + result.reason());
        wrap(lines, "       ", "Made to happen: " + claim.made());
        result.seen().stream()
                .filter(seen -> claim.evidence().contains(seen.evidence()))
                .forEach(seen -> lines.add(line("  ", seen)));
        if (!claim.remark().isEmpty()) {
            wrap(lines, "       ", claim.remark());
        }
        wrap(lines, "       ", "Rests on: " + claim.clause() + ".");
        if (!claim.instead().isEmpty()) {
            wrap(lines, "       ", "Mortmain: " + claim.instead());
            result.seen().stream()
                    .filter(seen -> claim.shown().contains(seen.evidence()))
                    .forEach(seen -> lines.add(line("  ", seen)));
        }
        return lines;
    }

    private static String line(String indent, ClaimResult.Seen seen) {
        Evidence evidence = seen.evidence();
        String value = seen.value().isEmpty() ? "(nothing)" : seen.value();
        String said = evidence.isAsSaid(seen.value()) ? "" : "; the sentence says: " + evidence.said();
        return String.format(
                Locale.ROOT,
                "%s%s%-" + NAME_WIDTH + "s  %s%s",
                " ".repeat(INDENT),
                indent,
                evidence.observation(),
                value,
                said);
    }

    private static void wrap(List<String> lines, String start, String text) {
        StringBuilder line = new StringBuilder(start);
        for (String word : text.split(" ", -1)) {
            if (line.length() > INDENT && line.length() + word.length() > WIDTH) {
                lines.add(line.toString().stripTrailing());
                line.setLength(0);
                line.append(" ".repeat(INDENT));
            }
            line.append(word).append(' ');
        }
        lines.add(line.toString().stripTrailing());
    }
}
