package io.mortmain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.mortmain.errors.RegionException;
import io.mortmain.errors.RegionException.Reason;

/** What a region refuses. */
final class Refused {
    private Refused() {}

    /** Fails unless it is refused for that reason, with a cure; returns the message. */
    static String assertReason(Reason reason, Runnable action) {
        RegionException refused = catchThrowableOfType(RegionException.class, action::run);
        assertThat(refused).isNotNull();
        assertThat(refused.reason()).as(refused.getMessage()).isEqualTo(reason);
        assertThat(refused.getMessage()).contains("; ");
        return refused.getMessage();
    }
}
