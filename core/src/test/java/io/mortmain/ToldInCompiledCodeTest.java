package io.mortmain;

import static org.assertj.core.api.Assertions.assertThat;

import io.mortmain.testing.TestProcess;
import io.mortmain.testing.TestRegion;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** What the warm-up had compiled is not thrown away at the first death that is told, just when it is wanted. */
class ToldInCompiledCodeTest {
    /** Methods between the wake-up and {@code lock()}'s return, as the JVM's log of thrown-away code names them. */
    private static final String WAY_TO_BE_TOLD =
            "cid=.*io\\.mortmain\\.(internal\\.(lock\\.(Waiting|SlowPaths|SlowAcquisition|MutexWords)|words|linux)|"
                    + "RobustMutex\\.(lockSlowly|conclude|afterDeath|record)|Death).*";

    /** Time for the waiter to sleep twice; were it too short, less would be shown. */
    private static final long UNTIL_WATCHED_NANOS = 100_000_000;

    /** Waits for the end of the warm-up, then for a mutex whose holder, a thread of this process, ends without a release. */
    public static void main(String[] arguments) throws InterruptedException {
        try (TestRegion name = new TestRegion();
                Region region = Region.create(name.name(), 0)) {
            RobustMutex mutex = region.mutex("first");
            Thread rehearsing = WarmUp.rehearsing;
            Objects.requireNonNull(rehearsing).join();
            System.out.println("rehearsed");
            CountDownLatch held = new CountDownLatch(1);
            Thread.ofPlatform().start(() -> {
                mutex.lock();
                held.countDown();
                LockSupport.parkNanos(UNTIL_WATCHED_NANOS);
            });
            held.await();
            try (Hold hold = mutex.lock()) {
                System.out.println(hold.predecessorDied() ? "told" : "clean");
            }
        }
    }

    @Test
    void shouldNotThrowAwayTheCodeThatIsAboutToRun() {
        List<String> options = List.of("-XX:TieredStopAtLevel=4", "-da", "-Xlog:deoptimization=debug:stdout");
        try (TestProcess java = TestProcess.java(options, ToldInCompiledCodeTest.class)) {
            List<String> lines = java.untilEnd();
            assertThat(lines).contains("rehearsed", "told").anyMatch(line -> line.contains("[deoptimization]"));
            assertThat(lines.subList(lines.indexOf("rehearsed"), lines.indexOf("told")))
                    .noneMatch(line -> line.matches(".*" + WAY_TO_BE_TOLD));
        }
    }
}
