package io.mortmain.internal.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.mortmain.Length;
import io.mortmain.errors.RegionException;
import io.mortmain.errors.RegionException.Reason;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Records and layouts that cannot be in shared memory, and what the sentence says. */
class SchemaRefusalTest {
    record Empty() {}

    record Self(int a, @Length(2) Self[] selves) {}

    record First(Second second) {}

    record Second(First first) {}

    record Boxed(Integer count) {}

    record Listed(List<String> names) {}

    record Matrix(@Length(2) int[][] rows) {}

    record Unlimited(int[] numbers) {}

    record Unnamed(String name) {}

    record Negative(@Length(-1) int[] numbers) {}

    record None(@Length(0) String name) {}

    record Needless(@Length(8) int number) {}

    record Large(@Length(100_000) long[] a, @Length(100_000) long[] b) {}

    record Overflowing(@Length(1 << 20) Order[] a) {
        record Order(@Length(1 << 17) long[] longs) {}
    }

    record Crowd(@Length(70_000) One[] all) {
        record One(byte one) {}
    }

    record Deep(@Length(1) D1[] d) {}

    record D1(D2 d) {}

    record D2(D3 d) {}

    record D3(D4 d) {}

    record D4(D5 d) {}

    record D5(D6 d) {}

    record D6(D7 d) {}

    record D7(D8 d) {}

    record D8(D9 d) {}

    record D9(E1 d) {}

    record E1(E2 d) {}

    record E2(E3 d) {}

    record E3(E4 d) {}

    record E4(E5 d) {}

    record E5(E6 d) {}

    record E6(E7 d) {}

    record E7(E8 d) {}

    record E8(int d) {}

    @Test
    void shouldRefuseRecordsThatCannotBeSharedAndSayWhatToDo() {
        assertRefused(Empty.class, "contains nothing; give it a component");
        assertRefused(
                Self.class, "Self.selves cannot be in shared memory: it contains ", "Self in itself; use indices");
        assertRefused(First.class, "First.second.first cannot", "First in itself");
        assertRefused(Boxed.class, "Boxed.count cannot", "is of type java.lang.Integer; use a primitive type");
        assertRefused(Listed.class, "Listed.names cannot", "is of type java.util.List; use");
        assertRefused(Matrix.class, "Matrix.rows cannot", "is of type int[]; use");
        assertRefused(Unlimited.class, "it has no length; annotate it with @Length(N), its number of elements");
        assertRefused(Unnamed.class, "annotate it with @Length(N), the most bytes of its UTF-8");
        assertRefused(Negative.class, "it has @Length(-1); give a length of 1 to 1048576");
        assertRefused(None.class, "it has @Length(0); give");
        assertRefused(Needless.class, "has a @Length and is no array or String; remove the annotation");
        assertRefused(Large.class, "Large.b cannot", "more than 1048576 bytes; keep less");
        assertRefused(Overflowing.class, "more than 1048576 bytes; keep less");
        assertRefused(Crowd.class, "contains 70000 records; it can contain 65536");
        assertRefused(Deep.class, "is nested more than 16 deep; nest less");
        assertThat(Schema.of(D2.class).size()).isEqualTo(8);
    }

    private static void assertRefused(Class<? extends Record> type, String... parts) {
        assertThat(refused(() -> Schema.of(type))).contains(parts);
        assertThat(refused(() -> Codec.of(type))).contains(parts);
    }

    @Test
    void shouldRefuseLayoutsThatCannotBeSharedAndSayWhatToDo() {
        assertRefused(ValueLayout.ADDRESS, "x.field0 cannot be in shared memory: it is an address", "; use offsets");
        assertRefused(ValueLayout.JAVA_INT.withOrder(ByteOrder.BIG_ENDIAN), "is not little-endian; use");
        assertRefused(MemoryLayout.unionLayout(ValueLayout.JAVA_INT), "is a union; use a structure");
        assertRefused(MemoryLayout.sequenceLayout(0, ValueLayout.JAVA_INT), "has 0 elements; give it 1 to 1048576");
        assertRefused(MemoryLayout.structLayout(), "x contains nothing; give");
        assertRefused(MemoryLayout.paddingLayout(8), "x contains nothing; give");
        assertRefused(ValueLayout.JAVA_LONG.withByteAlignment(16), "is aligned to 16 bytes; align to 8 at most");
        assertRefused(MemoryLayout.sequenceLayout(1 << 18, ValueLayout.JAVA_LONG), "has 2097152 bytes; keep at most");
        assertRefused(
                MemoryLayout.structLayout(ValueLayout.JAVA_INT.withName("a"), ValueLayout.JAVA_INT.withName("a")),
                "x.a occurs twice; rename one");
        assertRefused(ValueLayout.JAVA_INT.withName("a b"), "x.a?b cannot be called so; give a name of");
        assertRefused(ValueLayout.JAVA_INT.withName("a.b"), "x.a.b cannot be called so; give a name of");
        assertThat(refused(() -> Schema.of("a\nb", ValueLayout.JAVA_INT))).contains("cannot be called \"a?b\"; give");
        MemoryLayout deep = ValueLayout.JAVA_INT;
        for (int i = 0; i < 1000; i++) {
            deep = MemoryLayout.structLayout(deep);
        }
        assertRefused(deep, "nested more than 16 deep; nest less");
        MemoryLayout[] many = new MemoryLayout[10_000];
        Arrays.setAll(many, i -> ValueLayout.JAVA_LONG);
        assertRefused(MemoryLayout.structLayout(many), "the description of x has more than 65536 bytes; use arrays");
    }

    private static void assertRefused(MemoryLayout layout, String... parts) {
        assertThat(refused(() -> Schema.of("x", layout))).contains(parts);
    }

    private static String refused(ThrowingCallable act) {
        RegionException refused = catchThrowableOfType(RegionException.class, act);
        assertThat(refused).isNotNull();
        assertThat(refused.reason()).isEqualTo(Reason.INVALID_ARGUMENT);
        return refused.getMessage();
    }
}
