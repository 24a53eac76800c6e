package io.mortmain.cli.stepper;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CompiledCodeTest {
    private static final String ONCE = "2455 4 0 " + Section.METHOD
            + "Lio/mortmain/RobustMutex;Ljava/lang/foreign/MemorySegment;JJ)V"
            + " [0x00007fe427f86808, 0x00007fe427f86900 - 0x00007fe427f87c30]";

    @Test
    void shouldKnowWhereTheCodeLies() {
        CompiledCode code = new CompiledCode();
        code.add(ONCE);
        assertThat(code.contains(0x7fe427f868ffL)).isFalse();
        assertThat(code.contains(0x7fe427f86900L)).isTrue();
        assertThat(code.contains(0x7fe427f87c2fL, Section.METHOD)).isTrue();
        assertThat(code.contains(0x7fe427f87c2fL, "io.mortmain.Hold.close(")).isFalse();
        assertThat(code.contains(0x7fe427f87c30L)).isFalse();
    }

    @Test
    void shouldNotTakeOtherCodeForTheSecondCompilers() {
        CompiledCode code = new CompiledCode();
        code.add(ONCE.replace(" 4 0 ", " 3 0 "));
        code.add(ONCE.replace(" 4 0 ", " 4 1 "));
        code.add("");
        assertThat(code.contains(0x7fe427f86900L)).isFalse();
    }
}
