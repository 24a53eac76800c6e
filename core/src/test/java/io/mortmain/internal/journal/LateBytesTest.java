package io.mortmain.internal.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.mortmain.internal.journal.LateBytes.Left;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The memory of the tests with deaths: what a set of late stores is, however many there are. */
class LateBytesTest {
    private static final int NO_COMMIT = Integer.MAX_VALUE;
    private static final int MANY = 200;
    private static final int RELEASED = 130;

    private final LateBytes memory = new LateBytes(new long[MANY], NO_COMMIT, LateBytes.NEVER);
    private final Random random = new Random(20_260_401);

    @Test
    void shouldLeaveTheLastOfManyStoresAndAnyBeforeIt() {
        for (int i = 0; i < MANY; i++) {
            memory.putLong((long) i * Long.BYTES, 1);
        }
        List<Left> all = memory.left(random);
        for (int i = 0; i < MANY - 1; i++) {
            int word = i;
            assertThat(all).as("store %s", i).anyMatch(left -> left.words()[word] == 0);
            assertThat(all).as("store %s", i).anyMatch(left -> left.words()[word] == 1);
        }
        assertThat(all).allMatch(left -> left.words()[MANY - 1] == 1);
    }

    @Test
    void shouldBringAlongWhatStandsBeforeAReleaseStore() {
        for (int i = 0; i < RELEASED; i++) {
            memory.putLong((long) i * Long.BYTES, 1);
        }
        memory.putIntRelease((long) RELEASED * Long.BYTES, 1);
        for (int i = RELEASED + 1; i < MANY; i++) {
            memory.putLong((long) i * Long.BYTES, 1);
        }
        List<Left> all = memory.left(random);
        assertThat(all).anyMatch(left -> left.words()[RELEASED] == 0);
        assertThat(all).anyMatch(left -> left.words()[RELEASED] == 1 && left.words()[RELEASED + 1] == 0);
        for (Left left : all) {
            for (int i = 0; i < RELEASED && left.words()[RELEASED] == 1; i++) {
                assertThat(left.words()[i]).as("store %s", i).isEqualTo(1);
            }
        }
    }
}
