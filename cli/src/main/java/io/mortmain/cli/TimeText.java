package io.mortmain.cli;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A length of time as it is given on the command line: 500ms, 2s, 1.5m, 1h; a plain number is seconds. */
final class TimeText {
    static final int MOST_DAYS = 10_000;

    private static final Pattern FORM = Pattern.compile("([0-9]{1,12}(?:\\.[0-9]{1,9})?)(ms|s|m|h)?");
    private static final Map<String, Duration> UNITS = Map.of(
            "ms", Duration.ofMillis(1),
            "s", Duration.ofSeconds(1),
            "m", Duration.ofMinutes(1),
            "h", Duration.ofHours(1));

    private TimeText() {}

    /** Empty for anything else, and for more than {@link #MOST_DAYS} days. */
    static Optional<Duration> parse(String text) {
        Matcher parts = FORM.matcher(text);
        if (!parts.matches()) {
            return Optional.empty();
        }
        Duration unit = UNITS.getOrDefault(String.valueOf(parts.group(2)), Duration.ofSeconds(1));
        BigDecimal nanos = new BigDecimal(parts.group(1)).multiply(BigDecimal.valueOf(unit.toNanos()));
        BigDecimal most = BigDecimal.valueOf(Duration.ofDays(MOST_DAYS).toNanos());
        return nanos.compareTo(most) > 0 ? Optional.empty() : Optional.of(Duration.ofNanos(nanos.longValue()));
    }
}
