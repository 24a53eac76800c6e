package io.mortmain;

import static io.mortmain.VirtualThreadPeer.INCREMENTS;
import static io.mortmain.VirtualThreadPeer.THREADS;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;

import io.mortmain.testing.TestProcess;
import io.mortmain.testing.TestRegion;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Row D10, in processes of their own: carriers, thousands of virtual threads, deputies that come and go. */
class VirtualThreadTest {
    private static final List<String> ONE_CARRIER =
            List.of("-Djdk.virtualThreadScheduler.parallelism=1", "-Djdk.virtualThreadScheduler.maxPoolSize=1");
    private static final List<String> TWO_CARRIERS =
            List.of("-Djdk.virtualThreadScheduler.parallelism=2", "-Djdk.virtualThreadScheduler.maxPoolSize=2");

    private static TestProcess peer(List<String> options, String what, TestRegion region) {
        return TestProcess.java(options, VirtualThreadPeer.class, what, region.name());
    }

    @Test
    void shouldLockWhenAVirtualThreadIsTheFirstToUseTheLibrary() {
        try (TestRegion name = new TestRegion();
                Region region = Region.create(name.name(), 0)) {
            RobustMutex mutex = region.mutex("m");
            try (TestProcess peer = TestProcess.java(ONE_CARRIER, FirstUseByVirtualThread.class, name.name())) {
                assertThat(peer.next()).startsWith("virtual thread: mutex m");
                for (String what : List.of("lock", "asLock", "new mutex", "virtual thread: closed")) {
                    assertThat(peer.next()).isEqualTo(what);
                }
                assertThat(peer.next()).isEqualTo("platform thread: clean");
                assertThat(peer.exitCode()).isZero();
            }
            mutex.lock().close();
        }
    }

    @Test
    void shouldLeaveTheOnlyCarrierToOthersWhileItWaits() {
        try (TestRegion name = new TestRegion();
                Region region = Region.create(name.name(), 0)) {
            Hold hold = region.mutex("m").lock();
            try (TestProcess peer = peer(ONE_CARRIER, "wait", name)) {
                assertThat(peer.next()).isEqualTo("others ran 1000");
                assertThat(peer.isSilent()).isTrue();
                hold.close();
                for (int waiter = 0; waiter < 3; waiter++) {
                    assertThat(peer.next()).isEqualTo("acquired");
                }
                assertThat(peer.exitCode()).isZero();
            }
        }
    }

    @Test
    void shouldHoldWhileItBlocksAndChangesItsCarrier() {
        try (TestRegion name = new TestRegion();
                Region region = Region.create(name.name(), 0)) {
            assertThat(region.mutex("m").tryLock()).isNotNull().satisfies(Hold::close);
            try (TestProcess peer = peer(TWO_CARRIERS, "change-carrier", name)) {
                assertThat(peer.next()).isEqualTo("changed its carrier, died false");
                assertThat(peer.next()).isEqualTo("others get nothing");
                assertThat(peer.next()).isEqualTo("then others get it");
                assertThat(peer.exitCode()).isZero();
            }
        }
    }

    /** Two processes of virtual threads and a platform thread of this one. */
    @Test
    void shouldLoseNoIncrementWhenThousandsContendAndFewDeputiesWaitForThem() {
        try (TestRegion name = new TestRegion();
                Region region = Region.create(name.name(), 1 << 12)) {
            MemorySegment counter = region.memory("counter", Long.BYTES);
            RobustMutex mutex = region.mutex("m");
            int ours = 20_000;
            try (TestProcess one = peer(TWO_CARRIERS, "count", name);
                    TestProcess two = peer(ONE_CARRIER, "count", name)) {
                for (int i = 0; i < ours; i++) {
                    try (Hold hold = mutex.lock()) {
                        counter.set(JAVA_LONG, 0, counter.get(JAVA_LONG, 0) + (hold.predecessorDied() ? 0 : 1));
                    }
                }
                for (TestProcess peer : List.of(one, two)) {
                    int deputies = Integer.parseInt(peer.expect("deputies ").substring("deputies ".length()));
                    assertThat(deputies).isBetween(1, 20);
                    assertThat(peer.exitCode()).isZero();
                }
            }
            assertThat(counter.get(JAVA_LONG, 0)).isEqualTo(ours + 2L * THREADS * INCREMENTS);
        }
    }

    @Test
    void shouldHaveADeputyForEachHolderAndEndThoseThatAreIdle() {
        try (TestRegion name = new TestRegion();
                Region region = Region.create(name.name(), 0)) {
            assertThat(region.path()).isNotNull();
            try (TestProcess peer = peer(List.of(), "hold-many", name)) {
                assertThat(peer.next()).isEqualTo("busy 100");
                assertThat(peer.next()).isEqualTo("bounded");
                assertThat(peer.next()).isEqualTo("none left");
                assertThat(peer.next()).isEqualTo("again 1");
                assertThat(peer.exitCode()).isZero();
            }
        }
    }

    /** A24: a leak is no death while the process lives, is reported on request, and is told when the process ends. */
    @Test
    void shouldReportAHoldThatAVirtualThreadDropped() throws InterruptedException {
        try (TestRegion name = new TestRegion();
                Region region = Region.create(name.name(), 0)) {
            RobustMutex mutex = region.mutex("m");
            try (TestProcess peer = peer(List.of("-Dio.mortmain.trackHolds=true"), "leak", name)) {
                assertThat(peer.expect("WARNING: "))
                        .contains("a Hold of mutex m")
                        .contains("was dropped without close");
                assertThat(mutex.tryLock()).isNull();
                peer.say("end");
                List<String> rest = new ArrayList<>(peer.untilEnd());
                assertThat(rest).anyMatch(line -> line.contains("dropTheHold"));
            }
            try (Hold told = mutex.tryLock(Duration.ofSeconds(TestProcess.GUARD_SECONDS))) {
                assertThat(told).isNotNull();
                assertThat(told.predecessorDied()).isTrue();
            }
        }
    }
}
