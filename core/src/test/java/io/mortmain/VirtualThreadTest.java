package io.mortmain;

import static org.assertj.core.api.Assertions.assertThat;

import io.mortmain.testing.TestProcess;
import io.mortmain.testing.TestRegion;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A virtual thread cannot hold a robust mutex, and is told so, also when nobody used the library before it. */
class VirtualThreadTest {
    @Test
    void shouldRefuseClearlyWhenAVirtualThreadIsTheFirstToUseTheLibrary() {
        try (TestRegion name = new TestRegion();
                Region region = Region.create(name.name(), 0)) {
            RobustMutex mutex = region.mutex("m");
            List<String> oneCarrier =
                    List.of("-Djdk.virtualThreadScheduler.parallelism=1", "-Djdk.virtualThreadScheduler.maxPoolSize=1");
            try (TestProcess peer = TestProcess.java(oneCarrier, FirstUseByVirtualThread.class, name.name())) {
                assertThat(peer.next()).startsWith("virtual thread: mutex m");
                for (String what : List.of("lock", "tryLock", "asLock", "new mutex")) {
                    assertThat(peer.next())
                            .startsWith(what + ": UNSUPPORTED_THREAD ")
                            .contains("lock from a platform thread");
                }
                assertThat(peer.next()).isEqualTo("virtual thread: closed");
                assertThat(peer.next()).isEqualTo("platform thread: clean");
                assertThat(peer.exitCode()).isZero();
            }
            mutex.lock().close();
        }
    }
}
