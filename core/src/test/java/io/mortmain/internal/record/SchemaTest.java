package io.mortmain.internal.record;

import static org.assertj.core.api.Assertions.assertThat;

import io.mortmain.testing.CProgram;
import java.io.IOException;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Layouts and texts of records and memory layouts. */
class SchemaTest {
    private static final String BANK = """
            record Bank 160
            0 long alice
            8 string[20] owner
            32 record[5] orders 24 {
            0 long price
            8 int[3] counts
            }
            152 record last 4 {
            0 byte a
            2 short b
            }
            156 boolean open
            """;

    @Test
    void shouldSayWhatLiesWhere() {
        Schema schema = Schema.of(Records.Bank.class);
        assertThat(schema.text()).isEqualTo(BANK);
        assertThat(schema.name()).isEqualTo("Bank");
        assertThat(schema.size()).isEqualTo(160);
        assertThat(schema.fields()).extracting(Field::name).containsExactly("alice", "owner", "orders", "last", "open");
        assertThat(schema).isEqualTo(Schema.parse(BANK)).hasSameHashCodeAs(Schema.parse(BANK));
        assertThat(schema.fields()).isEqualTo(Schema.parse(BANK).fields());
    }

    /** Programs of different builds compare it: it never changes for the same record. */
    @Test
    void shouldHaveTheHashThatItAlwaysHad() {
        assertThat(Long.toHexString(Schema.of(Records.Bank.class).hash())).isEqualTo("807d04f217966216");
    }

    record Über(long größe) {}

    record Uber(long grosse) {}

    @Test
    void shouldHashNamesInUtf8() {
        assertThat(Schema.parse(Schema.of(Über.class).text())).isEqualTo(Schema.of(Über.class));
        assertThat(Schema.parse("record ? 8\n0 long ?\n").hash())
                .isNotEqualTo(Schema.parse("record ö 8\n0 long ö\n").hash());
    }

    @Test
    void shouldLayOutRecordsAsCDoes() throws IOException {
        Map<String, Long> java = new TreeMap<>();
        addOffsets("mixed.", Schema.of(Records.Mixed.class).fields(), java);
        addOffsets("point.", Schema.of(Records.Point.class).fields(), java);
        addOffsets("small.", Schema.of(Records.Small.class).fields(), java);
        java.put("mixed", Schema.of(Records.Mixed.class).size());
        for (Field field : Schema.of(Records.Mixed.class).fields()) {
            if (field instanceof Field.Group group) {
                java.put(group.name(), group.size());
            }
        }
        assertThat(saidByC()).isEqualTo(java);
    }

    private static void addOffsets(String prefix, List<Field> fields, Map<String, Long> offsets) {
        fields.forEach(field -> offsets.put(prefix + field.name(), field.offset()));
    }

    private static Map<String, Long> saidByC() throws IOException {
        Process process = new ProcessBuilder(CProgram.compile("record_layout").toString()).start();
        Map<String, Long> numbers = new TreeMap<>();
        try (var output = process.inputReader()) {
            output.lines().map(line -> line.split(" ")).forEach(words -> numbers.put(words[0], Long.valueOf(words[1])));
        }
        return numbers;
    }

    @Test
    void shouldTakeMemoryLayoutsAsTheyAre() {
        MemoryLayout pair = MemoryLayout.structLayout(
                ValueLayout.JAVA_CHAR, MemoryLayout.paddingLayout(2), ValueLayout.JAVA_FLOAT.withName("ratio"));
        MemoryLayout layout = MemoryLayout.structLayout(
                ValueLayout.JAVA_BOOLEAN.withName("open"),
                MemoryLayout.paddingLayout(3),
                pair.withName("pair"),
                MemoryLayout.sequenceLayout(3, pair),
                MemoryLayout.sequenceLayout(2, MemoryLayout.sequenceLayout(4, ValueLayout.JAVA_SHORT))
                        .withName("matrix"),
                ValueLayout.JAVA_LONG_UNALIGNED.withName("late"),
                ValueLayout.JAVA_BYTE);
        assertThat(Schema.of("thing", layout).text()).isEqualTo("""
                record thing 64
                0 boolean open
                4 record pair 8 {
                0 char field0
                4 float ratio
                }
                12 record[3] field2 8 {
                0 char field0
                4 float ratio
                }
                36 record[2] matrix 8 {
                0 short[4] field0
                }
                52 long late
                60 byte field5
                """);
        assertThat(Schema.of("one", ValueLayout.JAVA_INT).text()).isEqualTo("record one 8\n0 int field0\n");
        assertThat(Schema.of("many", MemoryLayout.sequenceLayout(3, ValueLayout.JAVA_DOUBLE.withName("x")))
                        .text())
                .isEqualTo("record many 24\n0 double[3] field0\n");
    }
}
