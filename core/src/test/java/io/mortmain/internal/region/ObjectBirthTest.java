package io.mortmain.internal.region;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** B9 of objects: whoever makes one is killed at every store, and so are those who come next. */
class ObjectBirthTest {
    @Test
    void shouldHaveAWholeObjectOrNoneWhereverItsMakersAreKilled() {
        ObjectBirths births = new ObjectBirths();
        births.everywhere();
        System.out.printf(
                "births of objects: %,d kill points, %,d memories, %,d with the object%n",
                births.killPoints(), births.memories(), births.published());
        assertThat(births.killPoints()).isGreaterThan(2_000);
        assertThat(births.memories()).isGreaterThan(100_000);
        assertThat(births.published()).isGreaterThan(40);
        assertThat(births.memories() - births.published()).isGreaterThan(100_000);
    }
}
