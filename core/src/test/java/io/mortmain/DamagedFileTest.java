package io.mortmain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mortmain.errors.LockException;
import io.mortmain.errors.RegionException;
import io.mortmain.internal.layout.GlibcMutexLayout;
import io.mortmain.testing.MutexPeer;
import io.mortmain.testing.RobustList;
import io.mortmain.testing.TestProcess;
import io.mortmain.testing.TestRegion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A15, A16: the file is truncated, or a hole punched into it, under a mutex that is free or held. */
class DamagedFileTest {
    /** So that what is read is used: the second compiler leaves out what nobody uses. */
    private static long sum;

    private static Stream<Arguments> truncations() {
        return Stream.of("-Xint", "-XX:TieredStopAtLevel=1", "-XX:TieredStopAtLevel=4")
                .flatMap(mode -> Stream.of("free", "top", "middle").map(what -> Arguments.of(mode, what)));
    }

    @ParameterizedTest
    @MethodSource("truncations")
    void shouldRefuseAndTellOfTheOthersWhenTheFileIsTruncated(String mode, String what) {
        try (TestProcess victim = TestProcess.java(List.of(mode), TruncatedVictim.class, what)) {
            victim.expect("truncated ");
            assertThat(victim.next()).isEqualTo(what.equals("free") ? "close: nothing thrown" : "close: DAMAGED");
            assertThat(victim.next()).isEqualTo("trylock: DAMAGED");
            assertThat(victim.next()).isEqualTo("again: DAMAGED");
            assertThat(victim.next()).startsWith("holds ");
            assertThat(victim.next()).isEqualTo("told of both others");
            assertThat(victim.exitCode()).isZero();
        }
    }

    /** Uses a counter in each way, first of all by a compare-and-set; many times before, if it is told so. */
    public static void main(String[] arguments) throws IOException {
        try (TestRegion name = new TestRegion();
                Region region = Region.create(name.name(), 64)) {
            SharedLong hits = region.counter("hits");
            List<Runnable> uses = List.of(
                    () -> hits.compareAndSet(0, 1),
                    () -> sum += hits.get(),
                    () -> hits.set(1),
                    hits::incrementAndGet,
                    () -> hits.getAndSet(1));
            for (int i = Integer.parseInt(arguments[0]); i > 0; i--) {
                uses.forEach(Runnable::run);
            }
            Files.write(Path.of(name.path()), new byte[0]);
            uses.forEach(use -> System.out.println(outcome(use)));
            assert sum >= 0;
        }
    }

    private static String outcome(Runnable use) {
        try {
            use.run();
            return "nothing thrown";
        } catch (RegionException refused) {
            return refused.reason() + " " + refused.getMessage();
        } catch (InternalError late) {
            return "InternalError";
        }
    }

    @Test
    void shouldRefuseACounterWhenTheFileIsTruncated() {
        try (TestProcess victim = TestProcess.java(List.of("-Xint"), DamagedFileTest.class, "0")) {
            assertThat(victim.untilEnd())
                    .hasSize(5)
                    .allMatch(line -> line.startsWith("DAMAGED ") && line.contains(" was truncated while it is open"));
            assertThat(victim.exitCode()).isZero();
        }
    }

    /** The JVM delivers the error late to compiled code, maybe after the method that could explain it. */
    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void shouldSurviveACounterInCompiledCodeWhenTheFileIsTruncated(int compilers) {
        List<String> options = List.of("-XX:TieredStopAtLevel=" + compilers);
        try (TestProcess victim = TestProcess.java(options, DamagedFileTest.class, "200000")) {
            assertThat(victim.untilEnd())
                    .anyMatch(line -> line.startsWith("DAMAGED ") || line.contains("InternalError"));
            assertThat(victim.exitCode()).as("ended by a signal").isLessThan(128);
        }
    }

    private static void punch(TestRegion name) throws IOException, InterruptedException {
        long size = Region.inspect(name.name()).fileSize();
        int exit = new ProcessBuilder("fallocate", "-p", "-o", "0", "-l", Long.toString(size), name.path())
                .inheritIO()
                .start()
                .waitFor();
        assertThat(exit).isZero();
    }

    private static void assertDamaged(ThrowingCallable use) {
        assertThatThrownBy(use)
                .isInstanceOfSatisfying(
                        LockException.class,
                        refused -> assertThat(refused.reason()).isEqualTo(LockException.Reason.DAMAGED))
                .hasMessageContaining("its file was truncated, punched or overwritten");
    }

    @Test
    void shouldRefuseAFreeMutexWhenAHoleWasPunched() throws Exception {
        try (TestRegion name = new TestRegion()) {
            Region region = Region.create(name.name(), 0);
            RobustMutex mutex = region.mutex("m");
            mutex.lock().close();
            punch(name);
            assertDamaged(mutex::lock);
            assertDamaged(mutex::tryLock);
            assertDamaged(mutex::lockInterruptibly);
            assertDamaged(mutex::reset);
            assertThat(RobustList.listed()).isEmpty();
            assertThat(RobustList.word(mutex.pthreadMutex().address())).isZero();
            region.close();
            assertThat(new java.io.File(name.path()).delete()).isTrue();
        }
    }

    @Test
    void shouldNeverHaveTwoHoldersWhenAHoleWasPunchedUnderAHolder() throws Exception {
        try (TestRegion name = new TestRegion();
                TestRegion safeName = new TestRegion();
                Region safe = Region.create(safeName.name(), 0)) {
            Region region = Region.create(name.name(), 0);
            RobustMutex mutex = region.mutex("m");
            RobustMutex older = safe.mutex("older");
            RobustMutex newer = safe.mutex("newer");
            Thread holder = new Thread(() -> {
                Hold below = older.lock();
                Hold hold = mutex.lock();
                Hold above = newer.lock();
                punchUnchecked(name);
                Thread second = new Thread(() -> assertAllDamaged(mutex));
                second.start();
                joined(second);
                assertDamaged(hold::close);
                assertThat(RobustList.listed())
                        .containsExactly(
                                newer.pthreadMutex().address(),
                                older.pthreadMutex().address());
                assertThat(below.mutex()).isNotSameAs(above.mutex());
            });
            Throwable[] failure = new Throwable[1];
            holder.setUncaughtExceptionHandler((_, thrown) -> failure[0] = thrown);
            holder.start();
            joined(holder);
            assertThat(failure[0]).isNull();
            RobustList.awaitMark(older.pthreadMutex().address());
            RobustList.awaitMark(newer.pthreadMutex().address());
            region.close();
            assertThat(new java.io.File(name.path()).delete()).isTrue();
        }
    }

    /** glibc itself notices nothing: the C holder's release succeeds, and only the refusal keeps a second holder out. */
    @ParameterizedTest
    @ValueSource(strings = {"unlock", "_exit"})
    void shouldRefuseWhenAHoleWasPunchedUnderAHolderInC(String end) throws Exception {
        try (TestRegion name = new TestRegion();
                MutexPeer holder = MutexPeer.start(MutexPeer.Language.C)) {
            Region region = Region.create(name.name(), 0);
            RobustMutex mutex = region.mutex(MutexPeer.MUTEX);
            holder.open(name, MutexKind.ERROR_CHECKING);
            assertThat(holder.ask("lock")).isEqualTo("0");
            Throwable[] failure = new Throwable[1];
            Thread waiter = Thread.ofPlatform()
                    .uncaughtExceptionHandler((_, thrown) -> failure[0] = thrown)
                    .start(() -> assertDamaged(mutex::lock));
            while ((RobustList.word(mutex.pthreadMutex().address()) & GlibcMutexLayout.WAITERS) == 0) {
                Thread.onSpinWait();
            }
            punch(name);
            joined(waiter);
            assertThat(failure[0]).isNull();
            assertAllDamaged(mutex);
            holder.process().say(end);
            if (end.equals("unlock")) {
                assertThat(holder.answer(end)).isEqualTo("0");
            } else {
                assertThat(holder.process().exitCode()).isZero();
            }
            assertAllDamaged(mutex);
            assertThat(RobustList.listed()).isEmpty();
            region.close();
            assertThat(new java.io.File(name.path()).delete()).isTrue();
        }
    }

    private static void assertAllDamaged(RobustMutex mutex) {
        assertDamaged(mutex::lock);
        assertDamaged(mutex::tryLock);
        assertDamaged(() -> mutex.tryLock(Duration.ofMillis(1)));
        assertDamaged(mutex::lockForHandOver);
    }

    private static void punchUnchecked(TestRegion name) {
        try {
            punch(name);
        } catch (IOException | InterruptedException failed) {
            throw new AssertionError(failed);
        }
    }

    private static void joined(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException never) {
            throw new AssertionError(never);
        }
    }
}
