package io.mortmain;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * How long an array or a string in shared memory is: a component of a record that is kept there has its place, and so a size that never
 * changes.
 *
 * {@snippet :
 * record Account(@Length(80) String owner, long cents, @Length(12) int[] transfers) {}
 * }
 *
 * <p>An array, of primitives or of records, has exactly this many elements. A {@code String} has at most this many bytes of UTF-8, and is
 * in C {@code struct { int32_t length; char bytes[N]; }}, where {@code length} counts bytes and no zero ends the text. A longer one is
 * refused, never cut.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Length {
    /** Elements of an array, or the most bytes of a string as UTF-8: 1 or more, and the whole record at most 1 MiB. */
    int value();
}
