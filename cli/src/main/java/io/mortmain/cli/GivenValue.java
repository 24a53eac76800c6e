package io.mortmain.cli;

import io.mortmain.errors.RegionException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/** A value as it is given on the command line, for a field whose type is seen by the value that it has. */
final class GivenValue {
    private static final Pattern INTEGER = Pattern.compile("[+-]?(0[xX][0-9a-fA-F]+|[0-9]+)");
    private static final Map<String, Double> NOT_FINITE =
            Map.of("NaN", Double.NaN, "Infinity", Double.POSITIVE_INFINITY, "-Infinity", Double.NEGATIVE_INFINITY);
    private static final int HEX = 16;

    private final String field;
    private final String text;

    private GivenValue(String field, String text) {
        this.field = field;
        this.text = text;
    }

    /**
     * The value.
     *
     * @param field how messages name it
     * @param present what it has now
     * @param text what was given
     * @throws RegionException INVALID_ARGUMENT for what the type has not
     */
    static Object of(String field, Object present, String text) {
        return new GivenValue(field, text).as(present);
    }

    private Object as(Object present) {
        return switch (present) {
            case Boolean _ -> truth();
            case Byte _ -> integer(Byte.MIN_VALUE, Byte.MAX_VALUE).byteValue();
            case Short _ -> integer(Short.MIN_VALUE, Short.MAX_VALUE).shortValue();
            case Integer _ -> integer(Integer.MIN_VALUE, Integer.MAX_VALUE).intValue();
            case Long _ -> integer(Long.MIN_VALUE, Long.MAX_VALUE).longValue();
            case Character _ -> character();
            case Float _ -> single();
            case Double _ -> floating();
            case String _ -> NameOnCommandLine.requireDecoded("value", text);
            default ->
                throw refused("a value of one of its parts, such as " + field
                        + (present instanceof Map ? ".FIELD=VALUE" : "[0]=VALUE"));
        };
    }

    private Boolean truth() {
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw refused("true or false");
        };
    }

    private BigInteger integer(long least, long most) {
        String wanted = "an integer from " + least + " to " + most + ", decimal or 0x hexadecimal";
        if (!INTEGER.matcher(text).matches()) {
            throw refused(wanted);
        }
        String lower = text.toLowerCase(Locale.ROOT);
        BigInteger number = lower.contains("0x") ? new BigInteger(lower.replace("0x", ""), HEX) : new BigInteger(lower);
        if (number.compareTo(BigInteger.valueOf(least)) < 0 || number.compareTo(BigInteger.valueOf(most)) > 0) {
            throw refused(wanted);
        }
        return number;
    }

    private Character character() {
        if (text.length() != 1) {
            throw refused("a single character of 16 bits");
        }
        return NameOnCommandLine.requireDecoded("value", text).charAt(0);
    }

    private Float single() {
        Double special = NOT_FINITE.get(text);
        if (special != null) {
            return special.floatValue();
        }
        BigDecimal given = decimal();
        float number = given.floatValue();
        requireKept(given, Float.isFinite(number), number == 0, Float.MAX_VALUE, Float.MIN_VALUE);
        return number == 0 && text.startsWith("-") ? -0.0f : number;
    }

    private Double floating() {
        Double special = NOT_FINITE.get(text);
        if (special != null) {
            return special;
        }
        BigDecimal given = decimal();
        double number = given.doubleValue();
        requireKept(given, Double.isFinite(number), number == 0, Double.MAX_VALUE, Double.MIN_VALUE);
        return number == 0 && text.startsWith("-") ? -0.0 : number;
    }

    private BigDecimal decimal() {
        try {
            return new BigDecimal(text);
        } catch (NumberFormatException none) {
            throw refused("a number such as 1.5, 2e-3, NaN or -Infinity");
        }
    }

    /** Digits may be lost, a number not. */
    private void requireKept(BigDecimal given, boolean isFinite, boolean isZero, Number most, Number least) {
        if (!isFinite) {
            throw refused("a number of at most " + most);
        }
        if (isZero && given.signum() != 0) {
            throw refused("0, or a number of at least " + least);
        }
    }

    private RegionException refused(String wanted) {
        return new RegionException(
                RegionException.Reason.INVALID_ARGUMENT,
                field + " cannot be " + Printable.value(text) + "; give " + wanted);
    }

    /** Whether a field has it: numbers by their value, so that 0.0 is -0.0, and NaN is itself. */
    static boolean isSame(Object one, Object other) {
        return one.equals(other)
                || (one instanceof Double number && other instanceof Double second && number.doubleValue() == second)
                || (one instanceof Float number && other instanceof Float second && number.floatValue() == second);
    }
}
