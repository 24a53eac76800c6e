package io.mortmain.internal.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Memory as its own value. */
class LayoutCodecTest {
    private static final StructLayout PAIR = MemoryLayout.structLayout(
            ValueLayout.JAVA_BYTE.withName("small"),
            MemoryLayout.paddingLayout(3),
            ValueLayout.JAVA_INT.withName("large"));
    private static final StructLayout LAYOUT = MemoryLayout.structLayout(
            MemoryLayout.sequenceLayout(2, PAIR).withName("pairs"),
            PAIR.withName("pair"),
            ValueLayout.JAVA_INT.withName("last"));
    private static final int PAIRS = 3;

    private final Codec<MemorySegment> codec = Codec.of("pairs", LAYOUT);
    private final long[] words = new long[4];
    private final MemorySegment memory = MemorySegment.ofArray(words);

    @Test
    void shouldShowTheMemoryItself() {
        MemorySegment view = codec.decode(words);
        assertThat(view.byteSize()).isEqualTo(LAYOUT.byteSize()).isEqualTo(28);
        LAYOUT.varHandle(PathElement.groupElement("last")).set(view, 0L, 42);
        assertThat(Codec.ofFields(codec.schema()).decode(words)).containsEntry("last", 42);
    }

    @Test
    void shouldCopyAValueWithoutItsPaddings() {
        MemorySegment value = MemorySegment.ofArray(new byte[28]).fill((byte) -1);
        memory.fill((byte) 5);
        codec.encode(value, words);
        assertOnesWithoutPaddings();
    }

    @Test
    void shouldTakeTheViewAsValue() {
        memory.fill((byte) -1);
        codec.encode(codec.decode(words), words);
        assertOnesWithoutPaddings();
    }

    private void assertOnesWithoutPaddings() {
        for (int pair = 0; pair < PAIRS; pair++) {
            assertThat(memory.get(ValueLayout.JAVA_LONG, pair * PAIR.byteSize()))
                    .isEqualTo(0xffffffff_000000ffL);
        }
        assertThat(memory.get(ValueLayout.JAVA_LONG, PAIRS * PAIR.byteSize())).isEqualTo(0xffffffffL);
        assertThat(Codec.ofFields(codec.schema()).decode(words))
                .containsEntry("pair", Map.of("small", (byte) -1, "large", -1));
    }

    @Test
    void shouldRefuseAnotherSize() {
        for (int size : new int[] {0, 27, 29, 32}) {
            assertThatThrownBy(() -> codec.encode(MemorySegment.ofArray(new byte[size]), words))
                    .hasMessage("pairs cannot have " + size + " bytes; give a segment of 28");
        }
    }
}
