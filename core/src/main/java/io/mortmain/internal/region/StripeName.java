package io.mortmain.internal.region;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The names of the mutexes of a striped array: objects of their own, which its users do not know of. */
public final class StripeName {
    private static final Pattern NAME = Pattern.compile("(.+) \\(stripe [0-9]{1,2} of [0-9]{1,2}\\)", Pattern.DOTALL);

    private StripeName() {}

    /** The name of one of so many. */
    public static String of(String array, int stripe, int count) {
        return array + " (stripe " + stripe + " of " + count + ")";
    }

    /** The array whose stripe has that name; any mutex can have such a one. */
    static Optional<String> arrayOf(String name) {
        Matcher stripe = NAME.matcher(name);
        return stripe.matches() ? Optional.of(stripe.group(1)) : Optional.empty();
    }
}
