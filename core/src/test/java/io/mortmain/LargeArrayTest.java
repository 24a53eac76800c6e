package io.mortmain;

import static org.assertj.core.api.Assertions.assertThat;

import io.mortmain.testing.TestProcess;
import io.mortmain.testing.TestRegion;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** D15 of an array whose elements fill the heap: who has no memory for all of them has none of its mutexes afterwards. */
class LargeArrayTest {
    private static final int ELEMENTS = 5_000_000;

    record Flag(boolean isSet) {}

    /** A JVM with a small heap. */
    public static void main(String[] arguments) throws Exception {
        int stripes = Integer.parseInt(arguments[0]);
        try (TestRegion name = new TestRegion();
                Region region = Region.create(name.name(), 48 << 20)) {
            GuardedArray<Flag> flags = region.guardedArray(
                    "flags", ELEMENTS, new Flag(true), GuardedArray.Options.DEFAULT.withStripes(stripes));
            System.out.println("timed: " + outcome(() -> flags.getAll(Duration.ofSeconds(1))));
            System.out.println("patient: " + outcome(flags::getAll));
            FutureTask<Optional<Flag>> other = new FutureTask<>(() -> flags.get(0, Duration.ZERO));
            Thread.ofPlatform().start(other);
            System.out.println("another thread: " + other.get());
            System.out.println("this thread: " + flags.get(1, Duration.ZERO));
        }
    }

    private interface Call {
        Object call() throws Exception;
    }

    private static String outcome(Call call) throws Exception {
        try {
            return "got " + call.call().getClass();
        } catch (OutOfMemoryError full) {
            return "no memory";
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void shouldHoldNothingWhereThereIsNoMemoryForAll(int stripes) {
        try (TestProcess small =
                TestProcess.java(List.of("-Xmx16m"), LargeArrayTest.class, Integer.toString(stripes))) {
            assertThat(small.next()).isEqualTo("timed: no memory");
            assertThat(small.next()).isEqualTo("patient: no memory");
            assertThat(small.next()).isEqualTo("another thread: Optional[Flag[isSet=true]]");
            assertThat(small.next()).isEqualTo("this thread: Optional[Flag[isSet=true]]");
            assertThat(small.exitCode()).isZero();
        }
    }
}
