package io.mortmain.internal.lock;

import static org.assertj.core.api.Assertions.assertThat;

import io.mortmain.RobustMutex;
import org.junit.jupiter.api.Test;

/** What {@code LateWordTest} cannot show of those who may still store to a closed region's addresses. */
class LatecomersTest {
    @Test
    void shouldKnowTheDoorByItsName() {
        assertThat(Latecomers.LOCKING).contains(RobustMutex.class.getName());
    }
}
