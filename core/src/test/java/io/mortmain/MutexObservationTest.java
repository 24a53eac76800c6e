package io.mortmain;

import static org.assertj.core.api.Assertions.assertThat;

import io.mortmain.testing.Garbage;
import io.mortmain.testing.RobustList;
import io.mortmain.testing.TestProcess;
import io.mortmain.testing.TestRegion;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is seen of a mutex: counters, events, leaked holds. */
class MutexObservationTest {
    private static void diesHolding(RobustMutex mutex) throws InterruptedException {
        Thread thread = new Thread(mutex::tryLock);
        thread.start();
        thread.join();
        RobustList.awaitMark(mutex.pthreadMutex().address());
    }

    private static void waitFor(RobustMutex mutex) throws InterruptedException {
        Hold hold = mutex.lock();
        Thread waiter = new Thread(() -> mutex.lock().close());
        waiter.start();
        while (RobustList.word(mutex.pthreadMutex().address()) >= 0) {
            Thread.onSpinWait(); // until the waiter has set WAITERS, the sign bit
        }
        Thread.sleep(Duration.ofMillis(30)); // longer than the threshold of the event
        hold.close();
        waiter.join();
    }

    @Test
    void shouldCountContentionDeathsAndRecoveries() throws InterruptedException {
        try (TestRegion name = new TestRegion();
                Region region = Region.create(name.name(), 0)) {
            RobustMutex mutex = region.mutex("m");
            mutex.lock().close();
            assertThat(name.seenMutex(0).contended()).isZero();
            waitFor(mutex);
            waitFor(mutex);
            diesHolding(mutex);
            try (Hold hold = mutex.lock()) {
                hold.markConsistent();
            }
            diesHolding(mutex);
            mutex.lock().close();
            MutexSnapshot seen = name.seenMutex(0);
            assertThat(seen.contended()).isEqualTo(2);
            assertThat(seen.deaths()).isEqualTo(2);
            assertThat(seen.recoveries()).isEqualTo(1);
            assertThat(seen.state()).isEqualTo(MutexSnapshot.State.NOT_RECOVERABLE);
        }
    }

    @Test
    void shouldRecordWaitsDeathsAndRepairs(@TempDir Path folder) throws InterruptedException, IOException {
        Path file = folder.resolve("mutex.jfr");
        try (TestRegion name = new TestRegion();
                Region region = Region.create(name.name(), 0);
                Recording recording = new Recording()) {
            recording.enable("io.mortmain.MutexWait").withThreshold(Duration.ofMillis(10));
            recording.enable("io.mortmain.OwnerDeath");
            recording.enable("io.mortmain.Repair");
            RobustMutex mutex = region.mutex("m", _ -> {});
            recording.start();
            waitFor(mutex);
            diesHolding(mutex);
            mutex.lock().close();
            recording.stop();
            recording.dump(file);
            List<RecordedEvent> events = RecordingFile.readAllEvents(file);
            RecordedEvent wait = only(events, "io.mortmain.MutexWait");
            assertThat(wait.getString("mutex")).isEqualTo(mutex.toString());
            assertThat(wait.getString("outcome")).isEqualTo("ACQUIRED");
            assertThat(wait.getDuration()).isGreaterThan(Duration.ofMillis(10));
            RecordedEvent death = only(events, "io.mortmain.OwnerDeath");
            assertThat(death.getString("mutex")).isEqualTo(mutex.toString());
            assertThat(death.getInt("threadId")).isPositive();
            assertThat(death.getInt("processId")).isZero();
            assertThat(death.getBoolean("whileRepairing")).isFalse();
            RecordedEvent repair = only(events, "io.mortmain.Repair");
            assertThat(repair.getBoolean("succeeded")).isTrue();
        }
    }

    @Test
    void shouldRecordTheProcessOfADeathInARegionForSeveralPidNamespaces(@TempDir Path folder)
            throws InterruptedException, IOException {
        Path file = folder.resolve("process.jfr");
        try (TestRegion name = new TestRegion();
                Region region = Region.create(name.name(), 0, RegionOptions.DEFAULT.withSeveralPidNamespaces());
                Recording recording = new Recording()) {
            recording.enable("io.mortmain.OwnerDeath");
            RobustMutex mutex = region.mutex("m", _ -> {});
            recording.start();
            Thread holder = Thread.ofPlatform().start(mutex::lock);
            holder.join();
            mutex.lock().close();
            recording.stop();
            recording.dump(file);
            RecordedEvent death = only(RecordingFile.readAllEvents(file), "io.mortmain.OwnerDeath");
            assertThat(death.getInt("threadId")).isZero();
            assertThat(death.getInt("processId"))
                    .isEqualTo((int) ProcessHandle.current().pid());
        }
    }

    /** A JVM that records from before its first use of the library until the warm-up is over. */
    static final class FirstUse {
        public static void main(String[] arguments) throws InterruptedException, IOException {
            Path file = Path.of(arguments[0]);
            try (TestRegion name = new TestRegion();
                    Recording recording = new Recording()) {
                recording.enable("io.mortmain.MutexWait").withThreshold(Duration.ZERO);
                recording.enable("io.mortmain.OwnerDeath");
                recording.enable("io.mortmain.Repair");
                recording.start();
                try (Region region = Region.create(name.name(), 0)) {
                    Objects.requireNonNull(WarmUp.rehearsing).join();
                    waitFor(region.mutex("m"));
                }
                recording.stop();
                recording.dump(file);
            }
            for (RecordedEvent event : RecordingFile.readAllEvents(file)) {
                System.out.println("seen " + event.getEventType().getName() + " of " + event.getString("mutex"));
            }
            System.out.println("all");
        }
    }

    @Test
    void shouldRecordNothingOfTheWarmUp(@TempDir Path folder) {
        String file = folder.resolve("first.jfr").toString();
        try (TestProcess process = TestProcess.java(FirstUse.class, file)) {
            assertThat(process.next()).startsWith("seen io.mortmain.MutexWait of mutex m of region");
            assertThat(process.next()).isEqualTo("all");
        }
    }

    private static RecordedEvent only(List<RecordedEvent> events, String type) {
        List<RecordedEvent> found = events.stream()
                .filter(event -> event.getEventType().getName().equals(type))
                .toList();
        assertThat(found).as(type).hasSize(1);
        return found.getFirst();
    }

    /** A JVM that tracks holds: one is closed, some are behind a Lock, one is dropped and collected. */
    public static void main(String[] arguments) throws InterruptedException, IOException {
        try (TestRegion name = new TestRegion();
                Region region = Region.create(name.name(), 0)) {
            region.mutex("closed").lock().close();
            lockInPairs(region.mutex("behind").asLock());
            dropTheHold(region.mutex("dropped"));
            Garbage.collectUntilToldToEnd();
        }
    }

    private static void lockInPairs(Lock lock) throws InterruptedException {
        lock.lock();
        lock.unlock();
        lock.lockInterruptibly();
        lock.unlock();
        if (lock.tryLock()) {
            lock.unlock();
        }
        if (lock.tryLock(1, TimeUnit.SECONDS)) {
            lock.unlock();
        }
        System.gc();
    }

    private static void dropTheHold(RobustMutex mutex) {
        Objects.requireNonNull(mutex.lock());
    }

    /** Not what was closed, nor what was locked and unlocked as a Lock. */
    @Test
    void shouldReportADroppedHoldAloneWithThePlaceOfItsAcquisition() {
        try (TestProcess tracking =
                TestProcess.java(List.of("-Dio.mortmain.trackHolds=true"), MutexObservationTest.class)) {
            String warning = tracking.expect("WARNING: ");
            assertThat(warning).contains("a Hold of mutex dropped").contains("was dropped without close");
            for (String line = ""; !line.contains("dropTheHold"); line = tracking.next()) {
                assertThat(line).doesNotContain("a Hold of mutex");
            }
            tracking.say("end");
            assertThat(tracking.untilEnd()).noneMatch(line -> line.contains("a Hold of mutex"));
        }
    }
}
