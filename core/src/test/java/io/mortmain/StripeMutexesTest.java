package io.mortmain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.mortmain.GuardedArray.Options;
import io.mortmain.errors.RegionException;
import io.mortmain.errors.RegionException.Reason;
import io.mortmain.testing.TestRegion;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Stripes of an array that is refused: their mutexes are objects, and would stay for ever. */
class StripeMutexesTest {
    private static final Options FOUR = Options.DEFAULT.withStripes(4);

    private final TestRegion name = new TestRegion();

    record Account(long balance) {
        static final Account FIRST = new Account(100);
    }

    @AfterEach
    void delete() {
        name.close();
    }

    private static RegionException refusalOf(Region region, String array, int elements, Options options) {
        int before = Region.inspect(region.path().toString()).objects().size();
        RegionException[] refusal = new RegionException[1];
        assertThatExceptionOfType(RegionException.class)
                .isThrownBy(() -> region.guardedArray(array, elements, Account.FIRST, options))
                .satisfies(refused -> refusal[0] = refused);
        assertThat(Region.inspect(region.path().toString()).objects()).hasSize(before);
        return refusal[0];
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 4})
    void shouldMakeNoStripesWithoutAnEntryForTheArray(int left) {
        try (Region region = Region.create(name.name(), 1 << 16, RegionOptions.DEFAULT.withMaxObjects(left + 1))) {
            region.mutex("first");
            RegionException refusal = refusalOf(region, "accounts", 2, FOUR);
            assertThat(refusal.reason()).isEqualTo(Reason.LIMIT_REACHED);
            assertThat(refusal)
                    .hasMessageContaining(
                            "has room for " + (left + 1) + " objects and 1 are used, and object accounts needs 5;");
        }
    }

    @Test
    void shouldMakeTheArrayWhereThereIsJustRoom() {
        try (Region region = Region.create(name.name(), 1 << 16, RegionOptions.DEFAULT.withMaxObjects(5))) {
            region.mutex("accounts (stripe 2 of 4)"); // of somebody who died before he had made them all
            assertThat(region.guardedArray("accounts", 2, Account.FIRST, FOUR).get(1))
                    .isEqualTo(Account.FIRST);
        }
    }

    @Test
    void shouldMakeNoStripesWithoutBytesForTheArray() {
        try (Region region = Region.create(name.name(), 4096)) {
            assertThat(refusalOf(region, "accounts", 1 << 20, FOUR).reason()).isEqualTo(Reason.LIMIT_REACHED);
            assertThat(region.guardedArray("accounts", 6, Account.FIRST, FOUR).length())
                    .isEqualTo(6);
        }
    }

    @Test
    void shouldMakeNoStripesWhereOneOfTheirNamesIsTakenOrTooLong() {
        try (Region region = Region.create(name.name(), 1 << 16)) {
            region.counter("accounts (stripe 2 of 4)");
            assertThat(refusalOf(region, "accounts", 2, FOUR).reason()).isEqualTo(Reason.INCOMPATIBLE);
            // long enough for stripe 9, but not for stripe 10
            assertThat(refusalOf(region, "x".repeat(63), 2, Options.DEFAULT.withStripes(64)))
                    .hasMessageContaining("(stripe 10 of 64)\"; give a name of at most 62 bytes");
        }
    }
}
