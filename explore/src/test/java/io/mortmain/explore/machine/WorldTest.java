package io.mortmain.explore.machine;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.mortmain.explore.machine.World.Status;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A {@link World} notices where its invariants are broken; that they hold is asserted after each step of every exploration. */
class WorldTest {
    private static final int MUTEX = 0;
    private static final int HOLDER = 0;
    private static final int OTHER = 1;

    @Test
    void shouldHoldItsInvariantsWhileOneIsInside() {
        assertThatCode(held()::checkInvariants).doesNotThrowAnyException();
    }

    @Test
    void shouldHoldItsInvariantsWithADeadHolder() {
        World world = held();
        world.setInside(MUTEX, -1);
        world.setStatus(HOLDER, Status.GONE);
        world.setHistory(HOLDER, 0);
        assertThatCode(world::checkInvariants).doesNotThrowAnyException();
    }

    static Stream<Arguments> breakages() {
        return Stream.of(
                breakage("who is inside holds it, and lives", world -> world.setInside(MUTEX, OTHER)),
                breakage("who is inside holds it, and lives", world -> world.setStatus(HOLDER, Status.DYING)),
                breakage("a holder has begun", world -> {
                    world.setInside(MUTEX, -1);
                    world.setStatus(HOLDER, Status.NOT_BEGUN);
                }),
                breakage("a living holder leaves for ever", world -> {
                    world.setInside(MUTEX, -1);
                    world.setHolder(MUTEX, -1);
                    world.setLeavesForEver(MUTEX, true);
                }),
                breakage("a walk ends before what a dying one holds", world -> world.setBeyondWalk(MUTEX, true)),
                breakage("a number is left over of one that is there", world -> world.setLeftOver(MUTEX, true)),
                breakage("who carries a wake-up is there", world -> {
                    world.setCarriesWakeUp(OTHER, MUTEX, true);
                    world.setStatus(OTHER, Status.GONE);
                    world.setHistory(OTHER, 0);
                }),
                breakage("nothing is kept of where one stood that is through", world -> {
                    world.setStatus(OTHER, Status.ENDED);
                }));
    }

    @ParameterizedTest
    @MethodSource("breakages")
    void shouldNoticeABrokenInvariant(String invariant, Consumer<World> breakage) {
        World world = held();
        breakage.accept(world);
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(world::checkInvariants)
                .withMessageEndingWith(invariant);
    }

    private static Arguments breakage(String invariant, Consumer<World> breakage) {
        return Arguments.of(invariant, breakage);
    }

    /** One thread is inside, another sleeps. */
    private static World held() {
        World world = new World(8, 2, 1);
        world.setStatus(HOLDER, Status.RUNNING);
        world.setHolder(MUTEX, HOLDER);
        world.setInside(MUTEX, HOLDER);
        world.setStatus(OTHER, Status.ASLEEP);
        world.setHistory(OTHER, 3);
        return world;
    }
}
