package io.mortmain.explore.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mortmain.explore.Bound;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ProgramTest {
    @ParameterizedTest
    @EnumSource
    void shouldReadItsOwnText(Bound bound) {
        List<Program> programs = bound.programs();
        assertThat(programs)
                .hasSizeGreaterThan(10)
                .doesNotHaveDuplicates()
                .allSatisfy(
                        program -> assertThat(Program.parse(program.toString())).isEqualTo(program));
    }

    @Test
    void shouldExploreInTheLargeBoundWhatIsInTheSmall() {
        assertThat(Bound.LARGE.programs()).containsAll(Bound.SMALL.programs());
    }

    @Test
    void shouldSayWhoDoesWhatWhere() {
        Program program = Program.parse("lock+try&two/c-lock,kills=2,unseen,interrupts=3");
        assertThat(program.threads())
                .containsExactly(
                        List.of(Operation.LOCK, Operation.TRY), List.of(Operation.TWO), List.of(Operation.C_LOCK));
        assertThat(program.processes()).containsExactly(0, 0, 1);
        assertThat(program.allowances().kills()).isEqualTo(2);
        assertThat(program.allowances().unseen()).isTrue();
        assertThat(program.allowances().timeOuts()).isZero();
        assertThat(program.allowances().interrupts()).isEqualTo(3);
        assertThat(program.deeds()).isEqualTo("lock+try&two/c-lock");
    }

    @Test
    void shouldTakeWhatMayHappenInAnyOrder() {
        assertThat(Program.parse("lock/lock,watched,unseen,kills=1"))
                .hasToString("lock/lock,kills=1,unseen,watched")
                .isEqualTo(Program.parse("lock/lock,kills=1,unseen,watched"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            emptyValue = "",
            value = {
                "''|there is no operation",
                "lok|there is no operation \"lok\"; there are lock, try",
                "LOCK|there is no operation \"LOCK\"",
                "lock/|there is no operation \"\"",
                "lock+/lock|there is no operation \"\"",
                "lock&|there is no operation \"\"",
                "lock lock|there is no operation \"lock lock\"",
                "lock/lock/lock/lock/lock|1 to 4 threads, not 5",
                "lock,|what may happen is",
                "lock,kill=1|and not \"kill=1\"",
                "lock,kills|and not \"kills\"",
                "lock,unseen=3|and not \"unseen=3\"",
                "lock,kills=1,kills=2|\"kills\" is said twice",
                "lock+c-lock|all of C code, or none",
                "lock/lock,unseen|need kills=N",
                "lock/lock,kills=0,victims=1|need kills=N",
                "lock/lock,namesake|need kills=N",
                "hand-over/lock|needs others of its process that do close",
                "close&lock|needs others of its process that do close",
                "hand-over&close+close|needs others of its process that do close",
                "lock,kills=|\"kills=\" needs a number from 0 to 9",
                "lock,kills=10|\"kills=10\" needs a number from 0 to 9",
                "lock,kills=-1|\"kills=-1\" needs a number from 0 to 9",
                "lock,time-outs=x|\"time-outs=x\" needs a number from 0 to 9",
                "lock,watched|there is none",
                "lock,walk=0|\"walk=0\" needs kills=N, and a thread that holds more than 0 mutexes at once",
                "lock/lock,kills=1,walk=1|more than 1 mutex at once",
                "two/lock,kills=1,walk=2|more than 2 mutexes at once",
                "lock,namesake|need a second thread",
                "lock,reboot|need a second thread",
                "lock/lock,namesake,reboot|not both",
                "lock/create|all on the region's name, or all on what is in the region",
                "create+insert|all on the region's name",
                "open/remove,reboot|are about what is in a region",
                "open/remove,kills=1,namesake|are about what is in a region",
                "lock/lock,tight|\"tight\" is about space for regions",
            })
    void shouldRefuseEachBadTextInOneSentence(String text, String because) {
        assertThatThrownBy(() -> Program.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(because)
                .message()
                .hasLineCount(1)
                .doesNotEndWith(".");
    }
}
