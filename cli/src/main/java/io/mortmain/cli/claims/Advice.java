package io.mortmain.cli.claims;

import java.util.List;

/**
 * A piece of advice, for people who write in any language.
 *
 * @param title what to do
 * @param text why, and how
 * @param claims that show it
 */
record Advice(String title, String text, List<String> claims) {
    static Advice of(String title, String text, String... claims) {
        return new Advice(title, text, List.of(claims));
    }
}
