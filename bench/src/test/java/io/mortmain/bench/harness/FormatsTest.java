package io.mortmain.bench.harness;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is read from the kernel, and what is written for people and programs. */
class FormatsTest {
    @Test
    void shouldEscapeWhatJsonCannotHave() {
        assertThat(Json.of("a \"b\" \\ \n")).isEqualTo("\"a \\\"b\\\" \\\\ \\u000a\"");
    }

    @Test
    void shouldNestWhenMapsHoldLists() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("values", List.of(1.5, 2L));
        map.put("bound", true);

        assertThat(Json.of(map)).isEqualTo("{\"values\": [1.5000, 2],\n\"bound\": true}");
    }

    @Test
    void shouldListEachProcessorWhenGivenRanges() {
        assertThat(Processors.parse("0-2,5")).containsExactly(0, 1, 2, 5);
        assertThat(Processors.allowed()).isNotEmpty();
    }

    @Test
    void shouldAlignColumnsWhenCellsDiffer() {
        Table table = new Table("", "median");
        table.add("C", "9.5");
        table.add("Mortmain", "1,000.0");
        StringWriter out = new StringWriter();

        table.print(new PrintWriter(out));

        assertThat(out.toString().lines())
                .containsExactly("             median", "  C             9.5", "  Mortmain  1,000.0");
    }
}
