package io.mortmain;

import static org.assertj.core.api.Assertions.assertThat;

import io.mortmain.errors.DataLostException;
import java.time.Duration;
import java.util.Optional;

/** One call of a method of {@link Guarded}, what it must return, and what it makes of the value. */
enum GuardedCall {
    UPDATE(true),
    UPDATE_AND_GET(true),
    SET(true),
    COMPARE_AND_SET(true),
    UPDATE_TO_THE_SAME(false),
    UPDATE_THAT_THROWS(false),
    SET_TO_THE_SAME(false),
    COMPARE_AND_SET_IN_VAIN(false),
    AWAIT(false),
    AWAIT_IN_VAIN(false),
    READ(false),
    GET(false);

    private final boolean changes;

    GuardedCall(boolean changes) {
        this.changes = changes;
    }

    private static final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Refused() {
            super("refused by the function", null, false, false);
        }
    }

    /** Whether the next value is there when it is done. */
    boolean changes() {
        return changes;
    }

    /** Whether it replaces all the data, whatever they are. */
    boolean replaces() {
        return this == SET || this == SET_TO_THE_SAME;
    }

    /**
     * Calls it.
     *
     * @param before the value now
     * @param next another one
     * @param lost whether a reboot was met, so that only who replaces all is let in
     */
    <T> void on(Guarded<T> guarded, T before, T next, boolean lost) {
        if (!lost || replaces()) {
            call(guarded, before, next);
            return;
        }
        try {
            call(guarded, before, next);
        } catch (DataLostException expected) {
            return;
        }
        throw new AssertionError(this + " saw data that are lost");
    }

    private <T> void call(Guarded<T> guarded, T before, T next) {
        switch (this) {
            case UPDATE -> guarded.update(value -> next(value, before, next));
            case UPDATE_AND_GET ->
                assertThat(guarded.updateAndGet(value -> next(value, before, next)))
                        .isEqualTo(next);
            case SET -> guarded.set(next);
            case COMPARE_AND_SET ->
                assertThat(guarded.compareAndSet(before, next)).as("set").isTrue();
            case UPDATE_TO_THE_SAME -> guarded.update(value -> next(value, before, before));
            case UPDATE_THAT_THROWS -> throwing(guarded);
            case SET_TO_THE_SAME -> guarded.set(before);
            case COMPARE_AND_SET_IN_VAIN ->
                assertThat(guarded.compareAndSet(next, before)).as("set").isFalse();
            case AWAIT -> assertThat(await(guarded, before)).contains(before);
            case AWAIT_IN_VAIN -> assertThat(await(guarded, next)).isEmpty();
            case READ -> assertThat(guarded.<T>read(value -> value)).isEqualTo(before);
            case GET -> assertThat(guarded.get()).isEqualTo(before);
        }
    }

    private static <T> T next(T value, T before, T next) {
        assertThat(value).isEqualTo(before);
        return next;
    }

    private static <T> void throwing(Guarded<T> guarded) {
        try {
            guarded.update(_ -> {
                throw new Refused();
            });
            throw new AssertionError("the function's exception did not come out");
        } catch (Refused expected) {
            assertThat(expected).hasMessage("refused by the function");
        }
    }

    /** Does not sleep. */
    private static <T> Optional<T> await(Guarded<T> guarded, T wanted) {
        try {
            return guarded.await(wanted::equals, Duration.ZERO);
        } catch (InterruptedException never) {
            throw new AssertionError(never);
        }
    }
}
