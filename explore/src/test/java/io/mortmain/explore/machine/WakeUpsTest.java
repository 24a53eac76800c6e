package io.mortmain.explore.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.mortmain.explore.machine.Access.Kind;
import io.mortmain.internal.layout.GlibcMutexLayout;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What excuses one who sleeps before a free mutex, and for how long. */
class WakeUpsTest {
    private static final int MUTEX = 0;
    private static final int RELEASING = 0;
    private static final int SLEEPER = 1;
    private static final Access SLEEP =
            new Access(Kind.AWAIT, MemoryMap.mutex(MUTEX) + GlibcMutexLayout.LOCK, 101 | GlibcMutexLayout.WAITERS, 0);

    private final List<Actor> actors =
            List.of(new Actor("thread A", 101, 0, player -> {}), new Actor("thread B", 102, 1, player -> {}));
    private final MemoryMap map = new MemoryMap(1, actors.size(), 0);
    private final RobustLists lists = new RobustLists(actors, map, 1, 1);
    private final WakeUps wakeUps = new WakeUps(actors, map, 1, lists, (_, _) -> SLEEP);
    private final World world = new World(map.ints(), actors.size(), 1);

    @Test
    void shouldExcuseNobodyByItself() {
        assertBroken();
    }

    @Test
    void shouldExcuseWhomADeadThreadWasToWake() {
        wakeUps.atFreed(world, RELEASING, MUTEX, true);
        wakeUps.atGone(world, RELEASING);
        assertExcused();
    }

    @Test
    void shouldExcuseNobodyOnceTheMutexWasReleasedAgainWithAWakeUpOwed() {
        world.loseWakeUp(MUTEX);
        assertExcused();
        wakeUps.atFreed(world, RELEASING, MUTEX, false);
        assertExcused();
        wakeUps.atFreed(world, RELEASING, MUTEX, true);
        assertBroken();
    }

    @Test
    void shouldForgetThatOneOnlyWasWokenWhereItIsGivenUpAnew() {
        Rules rules = new Rules(actors, map, 1, lists, wakeUps, (_, _) -> SLEEP);
        leave(rules, Player.LEAVES_FOR_EVER_WAKING_ONE);
        leave(rules, Player.LEAVES);
        assertThat(world.isOneWoken(MUTEX)).isTrue();
        leave(rules, Player.LEAVES_FOR_EVER);
        assertThat(world.isOneWoken(MUTEX)).isFalse();
    }

    private void leave(Rules rules, int how) {
        rules.observe(world, RELEASING, new Access(Kind.LEAVE, MemoryMap.mutex(MUTEX), how, 0));
    }

    private void assertExcused() {
        assertThatCode(() -> wakeUps.checkIdleSleeper(world, SLEEPER, SLEEP)).doesNotThrowAnyException();
    }

    private void assertBroken() {
        assertThatExceptionOfType(Violation.class)
                .isThrownBy(() -> wakeUps.checkIdleSleeper(world, SLEEPER, SLEEP))
                .withMessageContaining("nobody will wake it");
    }
}
