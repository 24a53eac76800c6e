package io.mortmain.internal.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mortmain.errors.RegionException;
import io.mortmain.errors.RegionException.Reason;
import io.mortmain.testing.Seed;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The text of a schema, there and back, and whatever somebody wrote in its place. */
class SchemaParserTest {
    private static final int SCHEMAS = 2_000;
    private static final int CHANGES = 20;
    private static final String PIECES = "\n\n{}[]  0123456789abrecordstringlongé\0\u2028-+";

    private static final long SEED = Seed.of("schemas");

    private final Random random = new Random(SEED);

    @Test
    void shouldReadWhatItWrote() {
        for (int i = 0; i < SCHEMAS; i++) {
            Schema schema = anySchema();
            Schema read = Schema.parse(schema.text());
            assertThat(read.text()).isEqualTo(schema.text());
            assertThat(read.fields()).isEqualTo(schema.fields());
            assertThat(read.size()).isEqualTo(schema.size());
            assertThat(read.hash()).isEqualTo(schema.hash());
        }
    }

    /** Either it is refused, or it is the very text of what was read. */
    @Test
    void shouldSurviveAnyText() {
        int refused = 0;
        for (int i = 0; i < SCHEMAS; i++) {
            StringBuilder text = new StringBuilder(anySchema().text());
            for (int change = 0; change < CHANGES; change++) {
                change(text);
                try {
                    Schema schema = Schema.parse(text.toString());
                    assertThat(schema.text()).isEqualTo(text.toString());
                    decodeAll(schema);
                } catch (RegionException damaged) {
                    assertThat(damaged.reason()).isEqualTo(Reason.DAMAGED);
                    refused++;
                }
            }
        }
        assertThat(refused).isBetween(SCHEMAS, SCHEMAS * CHANGES - 1);
    }

    private static void decodeAll(Schema schema) {
        long[] words = new long[(int) (schema.size() / Long.BYTES)];
        Codec.ofFields(schema).decode(words);
    }

    private void change(StringBuilder text) {
        int at = random.nextInt(text.length() + 1);
        char piece = PIECES.charAt(random.nextInt(PIECES.length()));
        switch (random.nextInt(4)) {
            case 0 -> text.insert(at, piece);
            case 1 -> text.replace(at, Math.min(at + 1, text.length()), String.valueOf(piece));
            case 2 -> text.delete(at, Math.min(at + 1 + random.nextInt(3), text.length()));
            default -> text.insert(at, text.substring(at, Math.min(text.length(), at + random.nextInt(40))));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "\n",
                "record",
                "record A 8",
                "record A 8\n",
                "record A 8\n0 long a",
                "record A 8\r\n0 long a\r\n",
                "record A 8\n0 long a\n\n",
                "record A 8\n0 long a\n}\n",
                "record A 8\n0 long a\n}\n0 long b\n",
                "record A 08\n0 long a\n",
                "record A 8\n00 long a\n",
                "record A 8\n-0 long a\n",
                "record A 8\n+0 long a\n",
                "record A 8\n٠ long a\n",
                "record A 8\n0  long a\n",
                "record A 8\n0 long a \n",
                "record A 8\n0 Long a\n",
                "record A 8\n0 string a\n",
                "record A 8\n0 string[0] a\n",
                "record A 8\n0 string[5] a\n",
                "record A 8\n0 int[] a\n",
                "record A 8\n0 int[0] a\n",
                "record A 8\n0 int[3] a\n",
                "record A 8\n0 int[99999999999999999999] a\n",
                "record A 8\n1 long a\n",
                "record A 8\n9999999 long a\n",
                "record A 8\n4 int a\n0 int b\n",
                "record A 8\n0 int a\n2 int b\n",
                "record A 8\n0 int a\n4 int a\n",
                "record A 8\n0 int a]\n",
                "record A 8\n0 int a\u001bb\n",
                "record A 8\n0 int a\u00a0b\n",
                "record A 8\n0 int a\u202eb\n",
                "record A 8\n0 int \ud800\n",
                "record A 7\n0 int a\n",
                "record A 0\n0 int a\n",
                "record A 1048584\n0 int a\n",
                "record A 9999999999999999999\n0 int a\n",
                "record A 8\n0 record a 4 {\n}\n",
                "record A 8\n0 record a 4 {\n0 int a\n",
                "record A 8\n0 record a 0 {\n0 int a\n}\n",
                "record A 8\n0 record a 2 {\n0 int a\n}\n",
                "record A 8\n0 record a 16 {\n0 int a\n}\n",
                "record A 8\n0 record[3] a 4 {\n0 int a\n}\n",
                "record A 8\n0 record[9999999] a 9999999 {\n0 int a\n}\n",
                "record A 1048576\n0 record[70000] a 1 {\n0 byte a\n}\n",
            })
    void shouldRefuseWhatIsNoSchema(String text) {
        assertThatThrownBy(() -> Schema.parse(text))
                .isInstanceOfSatisfying(
                        RegionException.class,
                        refused -> assertThat(refused.reason()).isEqualTo(Reason.DAMAGED));
    }

    @Test
    void shouldRefuseWhatIsTooDeepOrTooLong() {
        assertDepth(16, true);
        assertDepth(17, false);
        assertDepth(3_000, false);
        shouldRefuseWhatIsNoSchema("record A 8\n" + "0 long a\n".repeat(100_000));
        shouldRefuseWhatIsNoSchema("record A 8\n" + "}".repeat(65_000));
        shouldRefuseWhatIsNoSchema("record " + "A".repeat(65_000));
        shouldRefuseWhatIsNoSchema("record A 8\n0 long " + "ö".repeat(256) + "\n");
    }

    private void assertDepth(int depth, boolean taken) {
        String text = "record A 8\n" + "0 record a 8 {\n".repeat(depth) + "0 long a\n" + "}\n".repeat(depth);
        if (taken) {
            assertThat(Schema.parse(text).text()).isEqualTo(text);
        } else {
            shouldRefuseWhatIsNoSchema(text);
        }
    }

    private Schema anySchema() {
        List<Field> fields = new ArrayList<>();
        long end = addFields(fields, 0);
        long size = SchemaOfRecord.roundedUp(end + random.nextInt(20), Long.BYTES);
        return Schema.checked(Reason.INVALID_ARGUMENT, "S" + random.nextInt(1000), size, fields);
    }

    private long addFields(List<Field> fields, int depth) {
        long end = 0;
        int count = 1 + random.nextInt(5);
        for (int i = 0; i < count; i++) {
            Field field = anyField("ñ_$" + i, end + random.nextInt(3) * random.nextInt(9), depth);
            fields.add(field);
            end = field.offset() + field.size();
        }
        return end;
    }

    private Field anyField(String name, long offset, int depth) {
        ScalarType type = ScalarType.values()[random.nextInt(ScalarType.values().length)];
        return switch (random.nextInt(depth < 4 ? 5 : 3)) {
            case 0 -> new Field.Scalar(name, offset, type);
            case 1 -> new Field.Scalars(name, offset, type, 1 + random.nextInt(9));
            case 2 -> new Field.Text(name, offset, 1 + random.nextInt(100));
            case 3 -> {
                List<Field> inner = new ArrayList<>();
                long size = addFields(inner, depth + 1) + random.nextInt(5);
                yield new Field.Group(name, offset, size, inner);
            }
            default -> {
                List<Field> inner = new ArrayList<>();
                long size = addFields(inner, depth + 1) + random.nextInt(5);
                yield new Field.Groups(name, offset, 1 + random.nextInt(3), size, inner);
            }
        };
    }
}
