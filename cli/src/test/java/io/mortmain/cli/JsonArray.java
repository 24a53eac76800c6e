package io.mortmain.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** What a command prints with {@code --json}: objects that are all of one form. */
final class JsonArray {
    /** A pattern: any string. */
    static final String TEXT = "\"(?:[^\"\\\\]++|\\\\.)*+\"";

    private JsonArray() {}

    /** Each of them, in order; fails unless there is at least one, and nothing else on the line. */
    static List<MatchResult> elements(String json, String pattern) {
        assertThat(json.replaceAll(pattern, "element")).matches("\\[element(?:,element)*\\]\n");
        return Pattern.compile(pattern).matcher(json).results().toList();
    }
}
