package io.mortmain.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JsonTest {
    @Test
    void shouldEscapeWhatMustBe() {
        assertThat(Json.of("a\"b\\c\nd\te\u0000f\u001b\u007f"))
                .isEqualTo("\"a\\\"b\\\\c\\nd\\u0009e\\u0000f\\u001b\\u007f\"");
        assertThat(Json.of("\ud83d\ude00 \ud800 ä")).isEqualTo("\"\\ud83d\\ude00 \\ud800 ä\"");
    }

    @Test
    void shouldWriteNestedValuesInOrder() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("b", Arrays.asList(1, 2.5, null, true));
        map.put("a\"", Map.of());
        map.put("c", List.of());
        assertThat(Json.of(map)).isEqualTo("{\"b\":[1,2.5,null,true],\"a\\\"\":{},\"c\":[]}");
    }
}
