package io.mortmain.cli.claims;

import io.mortmain.cli.experiment.ForkKinds;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The evidence of a claim as one cell of a table: what is the same for several kinds of mutexes is said once. */
final class SeenText {
    private static final Pattern OF_KIND =
            Pattern.compile("(private|shared) ((?:plain|robust) (?:normal|recursive|error-checking))(, held by .*)");
    private static final String NO_KIND = "";

    private SeenText() {}

    static String of(List<Evidence> evidence) {
        Map<String, List<String>> kinds = new LinkedHashMap<>();
        for (Evidence one : evidence) {
            Matcher ofKind = OF_KIND.matcher(one.observation());
            boolean matches = ofKind.matches();
            String text = matches ? ofKind.group(1) + " %s" + ofKind.group(3) : one.observation();
            kinds.computeIfAbsent(text + value(one), ignored -> new ArrayList<>())
                    .add(matches ? ofKind.group(2) : NO_KIND);
        }
        return kinds.entrySet().stream()
                .map(entry -> entry.getKey().replace("%s", names(entry.getValue())))
                .collect(Collectors.joining("<br>"));
    }

    private static String value(Evidence evidence) {
        String value = " → " + evidence.expected();
        return evidence.isAsSaid(evidence.expected()) ? value : value + " (said: " + evidence.said() + ")";
    }

    private static String names(List<String> kinds) {
        List<String> others =
                ForkKinds.KINDS.stream().filter(kind -> !kinds.contains(kind)).toList();
        if (kinds.size() <= others.size()) {
            return String.join(" or ", kinds);
        }
        return "of each kind" + (others.isEmpty() ? "" : " but " + String.join(" and ", others));
    }
}
