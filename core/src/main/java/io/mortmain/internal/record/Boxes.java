package io.mortmain.internal.record;

import io.mortmain.errors.RegionException;
import io.mortmain.errors.RegionException.Reason;
import java.math.BigDecimal;
import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/** Values that tools give for a primitive: any number that the type has, exactly but for float and double. */
final class Boxes {
    private Boxes() {}

    /** The box of the type itself. */
    static Object of(ScalarType type, String path, @Nullable Object given) {
        Object value = Elements.present(path, given);
        return switch (type) {
            case BOOLEAN -> {
                if (!(value instanceof Boolean)) {
                    throw refused(path, value, "true or false");
                }
                yield value;
            }
            case CHAR -> character(path, value);
            case BYTE -> (byte) integer(path, value, Byte.MIN_VALUE, Byte.MAX_VALUE);
            case SHORT -> (short) integer(path, value, Short.MIN_VALUE, Short.MAX_VALUE);
            case INT -> (int) integer(path, value, Integer.MIN_VALUE, Integer.MAX_VALUE);
            case LONG -> integer(path, value, Long.MIN_VALUE, Long.MAX_VALUE);
            case FLOAT -> {
                double number = number(path, value, Float.MAX_VALUE);
                float rounded = (float) number;
                if (Float.isInfinite(rounded) && !Double.isInfinite(number)) {
                    throw refused(path, value, "a number of at most " + Float.MAX_VALUE);
                }
                yield rounded;
            }
            case DOUBLE -> number(path, value, Double.MAX_VALUE);
        };
    }

    private static Object character(String path, Object value) {
        if (value instanceof Character) {
            return value;
        }
        if (value instanceof String string && string.length() == 1) {
            return string.charAt(0);
        }
        throw refused(path, value, "a single character of 16 bits");
    }

    private static long integer(String path, Object value, long least, long most) {
        BigInteger number = switch (value) {
            case Byte _, Short _, Integer _, Long _ -> BigInteger.valueOf(((Number) value).longValue());
            case BigInteger big -> big;
            default -> throw refused(path, value, "an integer from " + least + " to " + most);
        };
        if (number.compareTo(BigInteger.valueOf(least)) < 0 || number.compareTo(BigInteger.valueOf(most)) > 0) {
            throw refused(path, value, "an integer from " + least + " to " + most);
        }
        return number.longValue();
    }

    private static double number(String path, Object value, double most) {
        return switch (value) {
            case Float floating -> floating;
            case Double floating -> floating;
            case Byte _, Short _, Integer _, Long _ -> ((Number) value).doubleValue();
            case BigInteger _, BigDecimal _ -> {
                double number = ((Number) value).doubleValue();
                if (Double.isInfinite(number)) {
                    throw refused(path, value, "a number of at most " + most);
                }
                yield number;
            }
            default -> throw refused(path, value, "a number");
        };
    }

    static RegionException refused(String path, @Nullable Object value, String wanted) {
        return new RegionException(Reason.INVALID_ARGUMENT, path + " cannot be " + shown(value) + "; give " + wanted);
    }

    /** Not all of a large one. */
    private static String shown(@Nullable Object value) {
        if (value == null) {
            return "null";
        }
        return switch (value) {
            case Boolean _, Byte _, Short _, Integer _, Long _, Float _, Double _ -> value.toString();
            case BigInteger big when big.bitLength() <= 256 -> big.toString();
            case String string when string.length() <= 40 -> "\"" + string + "\"";
            default -> "a " + value.getClass().getSimpleName();
        };
    }
}
