package io.mortmain.cli.explore;

import io.mortmain.explore.machine.Rule;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/** The rules that are looked at, for people and for programs. */
public final class RuleList {
    private RuleList() {}

    /** For people: number and sentence of each. */
    public static List<String> lines() {
        return Stream.of(Rule.values())
                .map(rule -> String.format(Locale.ROOT, "%4d  %s", rule.number(), rule.text()))
                .toList();
    }

    /** For programs. */
    public static List<Map<String, Object>> toJson() {
        return Stream.of(Rule.values()).map(RuleList::toJson).toList();
    }

    private static Map<String, Object> toJson(Rule rule) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("rule", rule.number());
        json.put("text", rule.text());
        return json;
    }
}
