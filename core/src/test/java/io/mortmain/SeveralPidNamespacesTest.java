package io.mortmain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mortmain.MutexSnapshot.RecordedHolder;
import io.mortmain.MutexSnapshot.State;
import io.mortmain.testing.Commands;
import io.mortmain.testing.LockPeer;
import io.mortmain.testing.MutexPeer;
import io.mortmain.testing.MutexPeer.Language;
import io.mortmain.testing.TestProcess;
import io.mortmain.testing.TestRegion;
import java.lang.foreign.ValueLayout;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Row A20: processes of two real PID namespaces, with equal thread numbers, share a region that was created for several. Each peer is the
 * first process of a namespace of its own; this one is in a third.
 */
class SeveralPidNamespacesTest {
    private static final List<String> NAMESPACE = List.of("unshare", "--pid", "--fork", "--kill-child", "--mount-proc");
    private static final String TOLD = "EOWNERDEAD pid 1";
    private static final int TIMES = 30_000;

    /** The other peer of the test before, which seldom dies: a JVM takes long to start. */
    private static MutexPeer spare;

    private final TestRegion name = new TestRegion();
    private Region region;
    private MutexPeer peer;
    private MutexPeer other;

    @BeforeAll
    static void requireNamespaces() {
        String refusal =
                Commands.refusalOf(Commands.under(NAMESPACE, List.of("true")).toArray(String[]::new));
        assumeTrue(refusal.isEmpty(), refusal);
    }

    @BeforeEach
    void open() {
        region = Region.create(name.name(), 64, RegionOptions.DEFAULT.withSeveralPidNamespaces());
        peer = inside();
        other = spare == null ? inside() : spare.open(name, MutexKind.ERROR_CHECKING);
        spare = null;
    }

    @AfterEach
    void close() {
        try (name;
                MutexPeer first = peer) {
            assertThat(first).isNotSameAs(other);
            keep(other);
            region.close();
        }
    }

    private static void keep(MutexPeer candidate) {
        if (candidate.process().isAlive()) {
            candidate.abandonRegion();
            spare = candidate;
        } else {
            candidate.close();
        }
    }

    @AfterAll
    static void endSpare() {
        if (spare != null) {
            spare.process().close();
        }
    }

    private MutexPeer inside() {
        return inside(MutexKind.ERROR_CHECKING);
    }

    private MutexPeer inside(MutexKind kind) {
        TestProcess process = TestProcess.start(
                Commands.under(NAMESPACE, TestProcess.peerCommand(List.of("-Xmx64m"), LockPeer.class)));
        process.expect("ready");
        return MutexPeer.of(Language.JAVA, process.meansItsChild()).open(name, kind);
    }

    private static void kill(MutexPeer victim) {
        victim.process().signal("KILL");
        victim.process().exitCode(); // the command's that had it as a child: it is reaped
    }

    private MutexSnapshot seen() {
        return name.seenMutex(0);
    }

    @Test
    void shouldExcludeEachOtherAlthoughTheirThreadNumbersAreTheSame() {
        assertThat(peer.threadId()).as("the kernel's number of both").isEqualTo(other.threadId());
        peer.process().say("count " + TIMES);
        other.process().say("count " + TIMES);
        assertThat(peer.answer("count " + TIMES)).isEqualTo("0");
        assertThat(other.answer("count " + TIMES)).isEqualTo("0");
        assertThat(region.memory("counter", Long.BYTES).get(ValueLayout.JAVA_LONG, 0))
                .isEqualTo(2L * TIMES);
        assertThat(seen().contended()).as("acquisitions that found it held").isPositive();
    }

    @Test
    void shouldTellWhoWaitsWhenTheProcessOfTheHolderIsKilled() {
        assertThat(peer.ask("lock")).isEqualTo("0");
        other.beginToWait();
        long start = System.nanoTime();
        kill(peer);
        assertThat(other.answer("waits")).isEqualTo(TOLD);
        System.out.println("told after " + (System.nanoTime() - start) / 1_000 + " µs");
        assertThat(other.ask("consistent")).isEqualTo("0");
        assertThat(other.ask("unlock")).isEqualTo("0");
        try (Hold hold = region.mutex(MutexPeer.MUTEX).lock()) {
            assertThat(hold.predecessorDied()).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"lock", "trylock", "timed 60000"})
    void shouldTellWhoComesLater(String how) {
        assertThat(peer.ask("lock")).isEqualTo("0");
        kill(peer);
        assertThat(seen().state()).isEqualTo(State.HELD);
        assertThat(seen().recordedHolder()).map(RecordedHolder::alive).contains(false);
        assertThat(other.ask(how)).isEqualTo(TOLD);
    }

    @ParameterizedTest
    @ValueSource(strings = {"exit", "exit-elsewhere", "halt"})
    void shouldTellOfAProcessThatEndsByItself(String how) {
        assertThat(peer.ask("lock")).isEqualTo("0");
        other.beginToWait();
        peer.process().say(how);
        assertThat(other.answer("waits")).isEqualTo(TOLD);
    }

    @Test
    void shouldTellWhenTheHoldersThreadEndsAndItsProcessLives() {
        assertThat(peer.ask("thread")).isNotEqualTo("-1");
        other.beginToWait();
        peer.process().say("end-thread");
        assertThat(other.answer("waits")).isEqualTo(TOLD);
        peer.process().expect("ended");
    }

    @Test
    void shouldTellWhoeverComesAfterTheHoldersThreadHasEnded() {
        assertThat(peer.ask("thread")).isNotEqualTo("-1");
        peer.process().say("end-thread");
        peer.process().expect("ended");
        assertThat(other.ask("lock")).isEqualTo(TOLD);
    }

    @ParameterizedTest
    @ValueSource(strings = {"virtual", "hand-over"})
    void shouldTellOfADeputysDeath(String how) {
        assertThat(peer.ask(how)).isEqualTo("0");
        other.beginToWait();
        kill(peer);
        assertThat(other.answer("waits")).isEqualTo(TOLD);
    }

    @Test
    void shouldNotRobAStoppedHolder() {
        assertThat(peer.ask("lock")).isEqualTo("0");
        peer.process().stop();
        assertThat(other.ask("timed 500")).isEqualTo("EBUSY");
        assertThat(other.ask("trylock")).isEqualTo("EBUSY");
        other.beginToWait();
        peer.process().signal("CONT");
        assertThat(peer.ask("unlock")).isEqualTo("0");
        assertThat(other.answer("waits")).isEqualTo("0");
    }

    @Test
    void shouldDeclareTheWordsOfARecordsFormerProcessBeforeItIsUsedAgain() {
        assertThat(peer.ask("lock")).isEqualTo("0");
        RecordedHolder dead = seen().recordedHolder().orElseThrow();
        assertThat(dead.alive()).isTrue();
        assertThat(dead.processId()).hasValue(1);
        kill(peer);
        try (MutexPeer newcomer = inside()) {
            assertThat(seen().state()).isEqualTo(State.OWNER_DIED);
            assertThat(other.ask("trylock")).as("its record was written over").isEqualTo("EOWNERDEAD");
            assertThat(other.ask("consistent")).isEqualTo("0");
            assertThat(other.ask("unlock")).isEqualTo("0");
            assertThat(newcomer.ask("lock")).isEqualTo("0");
            RecordedHolder living = seen().recordedHolder().orElseThrow();
            assertThat(living.record()).isEqualTo(dead.record());
            assertThat(other.ask("timed 300")).as("not robbed").isEqualTo("EBUSY");
            assertThat(newcomer.ask("unlock")).isEqualTo("0");
        }
    }

    @Test
    void shouldTellAWaiterWhenTheRecordIsTakenByANewProcessAtOnce() {
        for (int round = 0; round < 3; round++) {
            assertThat(peer.ask("lock")).isEqualTo("0");
            other.beginToWait();
            kill(peer);
            peer = inside();
            assertThat(other.answer("waits")).startsWith("EOWNERDEAD");
            assertThat(other.ask("consistent")).isEqualTo("0");
            assertThat(other.ask("unlock")).isEqualTo("0");
        }
    }

    @Test
    void shouldBecomeNotRecoverableForAllNamespacesUntilItIsReset() throws InterruptedException {
        assertThat(peer.ask("lock")).isEqualTo("0");
        kill(peer);
        assertThat(other.ask("lock")).isEqualTo(TOLD);
        assertThat(other.ask("unlock")).isEqualTo("0");
        assertThat(other.ask("lock")).isEqualTo("ENOTRECOVERABLE");
        RobustMutex mutex = region.mutex(MutexPeer.MUTEX);
        try (Hold hold = mutex.reset()) {
            hold.markConsistent();
        }
        assertThat(other.ask("lock")).isEqualTo("0");
        assertThat(mutex.tryLock()).isNull();
        assertThat(other.ask("lock")).isEqualTo("EDEADLK");
        assertThat(other.ask("unlock")).isEqualTo("0");
    }

    @Test
    void shouldTellOfADeathWhileRepairing() {
        assertThat(peer.ask("lock")).isEqualTo("0");
        kill(peer);
        assertThat(other.ask("lock")).isEqualTo(TOLD);
        kill(other);
        Death[] told = new Death[1];
        try (Hold hold = region.mutex(MutexPeer.MUTEX, death -> told[0] = death).lock()) {
            assertThat(hold.predecessorDied()).isTrue();
        }
        assertThat(told[0].whileRepairing()).isTrue();
        assertThat(told[0].threadId()).isEmpty();
    }
}
