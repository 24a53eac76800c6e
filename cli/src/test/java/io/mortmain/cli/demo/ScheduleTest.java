package io.mortmain.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ScheduleTest {
    @Test
    void shouldBeDecidedByTheSeed() {
        assertThat(steps(5, true)).isEqualTo(steps(5, true)).isNotEqualTo(steps(6, true));
    }

    @Test
    void shouldUseEveryWayToDie() {
        assertThat(steps(5, true).stream().map(Schedule.Step::kind)).containsAll(EnumSet.allOf(DeathKind.class));
    }

    @Test
    void shouldNotAskJavaForWhatItCannotDo() {
        assertThat(steps(5, false)).allMatch(step -> step.onJava() && canBeDoneByJava(step.kind()));
        assertThat(steps(5, true)).noneMatch(step -> step.onJava() && !canBeDoneByJava(step.kind()));
    }

    private static boolean canBeDoneByJava(DeathKind kind) {
        return kind != DeathKind.EXEC && kind != DeathKind.THREAD_ENDED;
    }

    private static List<Schedule.Step> steps(long seed, boolean hasC) {
        Schedule schedule = new Schedule(seed, Schedule.Mix.SHOW, hasC);
        return Stream.generate(schedule::next).limit(1000).toList();
    }
}
