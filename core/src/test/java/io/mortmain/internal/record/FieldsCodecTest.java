package io.mortmain.internal.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.mortmain.errors.RegionException;
import io.mortmain.errors.RegionException.Reason;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Names and values instead of a class. */
class FieldsCodecTest {
    private static final Schema SCALARS = Schema.parse("""
            record Scalars 48
            0 boolean flag
            1 byte tiny
            2 short small
            4 char letter
            8 int number
            16 long large
            24 float ratio
            32 double exact
            40 string[3] text
            """);

    @Test
    void shouldSayWhatARecordWrote() {
        Codec<Records.Bank> records = Codec.of(Records.Bank.class);
        Codec<Map<String, Object>> fields =
                Codec.ofFields(Schema.parse(records.schema().text()));
        long[] words = words(fields);
        records.encode(Records.bank(), words);
        Map<String, Object> bank = fields.decode(words);
        assertThat(bank).containsOnlyKeys("alice", "owner", "orders", "last", "open");
        assertThat(bank.keySet()).containsExactly("alice", "owner", "orders", "last", "open");
        assertThat(bank)
                .containsEntry("alice", -1L)
                .containsEntry("owner", "Alice")
                .containsEntry("open", true);
        assertThat(bank).containsEntry("last", Map.of("a", (byte) 3, "b", (short) 3000));
        assertThat((List<?>) bank.get("orders"))
                .hasSize(5)
                .element(3)
                .isEqualTo(Map.of("price", 3L, "counts", List.of(3, -3, 9)));
        long[] again = ones(fields);
        fields.encode(bank, again);
        assertThat(again).isEqualTo(words);
    }

    @Test
    void shouldGiveBackEveryType() {
        Codec<Map<String, Object>> codec = Codec.ofFields(Schema.of(Records.Mixed.class));
        long[] words = words(codec);
        Codec.of(Records.Mixed.class).encode(Records.mixed(), words);
        long[] again = ones(codec);
        codec.encode(codec.decode(words), again);
        assertThat(again).isEqualTo(words);
    }

    @Test
    void shouldTakeAnyNumberThatTheTypeHas() {
        Map<String, Object> given = scalars();
        given.put("tiny", -128L);
        given.put("small", BigInteger.valueOf(32_767));
        given.put("letter", "é");
        given.put("number", (byte) 5);
        given.put("large", 7);
        given.put("ratio", 0.5);
        given.put("exact", new BigDecimal("0.25"));
        Codec<Map<String, Object>> codec = Codec.ofFields(SCALARS);
        long[] words = words(codec);
        codec.encode(given, words);
        assertThat(codec.decode(words))
                .isEqualTo(Map.of(
                        "flag",
                        true,
                        "tiny",
                        (byte) -128,
                        "small",
                        (short) 32_767,
                        "letter",
                        'é',
                        "number",
                        5,
                        "large",
                        7L,
                        "ratio",
                        0.5f,
                        "exact",
                        0.25,
                        "text",
                        "abc"));
    }

    @Test
    void shouldRefuseValuesThatTheTypeDoesNotHave() {
        assertRefused("flag", 1, "Scalars.flag cannot be 1; give true or false");
        assertRefused("tiny", 128, "Scalars.tiny cannot be 128; give an integer from -128 to 127");
        assertRefused("small", -32_769L, "give an integer from -32768 to 32767");
        assertRefused("letter", "ab", "Scalars.letter cannot be \"ab\"; give a single character");
        assertRefused("letter", 65, "give a single character");
        assertRefused("number", 1L << 31, "give an integer from -2147483648 to 2147483647");
        assertRefused("number", 1.0, "Scalars.number cannot be 1.0; give an integer");
        assertRefused("number", "1", "Scalars.number cannot be \"1\"; give an integer");
        assertRefused("large", BigInteger.ONE.shiftLeft(63), "cannot be 9223372036854775808; give an integer");
        assertRefused("ratio", 1e39, "Scalars.ratio cannot be 1.0E39; give a number of at most 3.4028235E38");
        assertRefused(
                "exact", BigInteger.TEN.pow(400), "Scalars.exact cannot be a BigInteger; give a number of at most");
        assertRefused("exact", true, "Scalars.exact cannot be true; give a number");
        assertRefused("text", "abcd", "Scalars.text cannot have 4 bytes of UTF-8; give at most 3");
        assertRefused("text", 5, "Scalars.text cannot be 5; give a string");
        assertRefused("text", null, "Scalars.text cannot be null; give a string");
        assertRefused("number", null, "Scalars.number cannot be null");
        assertRefused("other", 5, "Scalars has no other; its fields are flag, tiny, small");
    }

    private static void assertRefused(String field, Object value, String sentence) {
        Map<String, Object> given = scalars();
        given.put(field, value);
        assertThat(refused(SCALARS, given)).contains(sentence);
    }

    @Test
    void shouldRefuseOtherShapes() {
        Map<String, Object> missing = scalars();
        missing.remove("large");
        assertThat(refused(SCALARS, missing)).contains("Scalars.large is missing; give a value");
        Schema orders = Schema.parse("record O 48\n0 record[2] orders 24 {\n0 long price\n8 int[3] counts\n}\n");
        Map<String, Object> order = Map.of("price", 1, "counts", List.of(1, 2, 3));
        assertThat(refused(orders, Map.of("orders", List.of(order))))
                .contains("O.orders cannot have 1 elements; give exactly 2");
        assertThat(refused(orders, Map.of("orders", order)))
                .contains("O.orders cannot be a ")
                .contains("; give a list of 2");
        assertThat(refused(orders, Map.of("orders", Arrays.asList(order, null))))
                .contains("O.orders[1] cannot be null; give a map of its fields");
        assertThat(refused(orders, Map.of("orders", List.of(order, Map.of("price", 1, "counts", List.of(1, 2))))))
                .contains("O.orders[1].counts cannot have 2 elements; give exactly 3");
        assertThat(refused(orders, Map.of("orders", List.of(order, Map.of("price", 1, "counts", List.of(1, 2, true))))))
                .contains("O.orders[1].counts[2] cannot be true; give an integer");
    }

    @Test
    void shouldSayWhichStringIsDamaged() {
        Codec<Map<String, Object>> codec =
                Codec.ofFields(Schema.parse("record O 24\n0 record[3] a 8 {\n0 string[4] s\n}\n"));
        long[] words = words(codec);
        words[1] = 5;
        RegionException damaged = catchThrowableOfType(RegionException.class, () -> codec.decode(words));
        assertThat(damaged.reason()).isEqualTo(Reason.DAMAGED);
        assertThat(damaged).hasMessageContaining("O.a[1].s says that it has 5 bytes");
    }

    private static Map<String, Object> scalars() {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("flag", true);
        values.put("tiny", (byte) 1);
        values.put("small", (short) 2);
        values.put("letter", 'c');
        values.put("number", 3);
        values.put("large", 4L);
        values.put("ratio", 5f);
        values.put("exact", 6.0);
        values.put("text", "abc");
        return values;
    }

    private static String refused(Schema schema, Map<String, Object> value) {
        Codec<Map<String, Object>> codec = Codec.ofFields(schema);
        RegionException refused = catchThrowableOfType(RegionException.class, () -> codec.encode(value, words(codec)));
        assertThat(refused).isNotNull();
        assertThat(refused.reason()).isEqualTo(Reason.INVALID_ARGUMENT);
        return refused.getMessage();
    }

    private static long[] words(Codec<?> codec) {
        return new long[(int) (codec.schema().size() / Long.BYTES)];
    }

    private static long[] ones(Codec<?> codec) {
        long[] ones = words(codec);
        Arrays.fill(ones, -1);
        return ones;
    }
}
