package io.mortmain.cli.claims;

import java.util.List;

/**
 * What to do, for people who write in any language.
 *
 * @param title the rule
 * @param text why, and how
 * @param claims that show it
 */
record Rule(String title, String text, List<String> claims) {
    static Rule of(String title, String text, String... claims) {
        return new Rule(title, text, List.of(claims));
    }
}
