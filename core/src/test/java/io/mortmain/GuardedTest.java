package io.mortmain;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mortmain.errors.LockException;
import io.mortmain.errors.RegionException;
import io.mortmain.errors.RegionException.Reason;
import io.mortmain.testing.TestRegion;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GuardedTest {
    private final TestRegion name = new TestRegion();
    private final Region region = Region.create(name.name(), 1 << 20);

    record Bank(long alice, long bob) {
        Bank {
            if (alice + bob != 1_000) {
                throw new IllegalArgumentException("not 1000");
            }
        }
    }

    record Person(@Length(8) String name, int age) {}

    private static final Bank FIRST = new Bank(1_000, 0);

    @AfterEach
    void delete() {
        region.close();
        name.close();
    }

    @Test
    void shouldKeepWhatWasUpdatedForEverybody() {
        Guarded<Bank> bank = region.guarded("bank", FIRST);
        assertThat(bank.get()).isEqualTo(FIRST);
        assertThat(bank.updateAndGet(b -> new Bank(b.alice() - 1, b.bob() + 1))).isEqualTo(new Bank(999, 1));
        try (Region again = Region.open(name.name())) {
            assertThat(again.guarded("bank", FIRST).get()).isEqualTo(new Bank(999, 1));
        }
        bank.set(new Bank(7, 993));
        assertThat(bank.<Long>read(Bank::bob)).isEqualTo(993);
    }

    @Test
    void shouldLeaveEverythingAsItWasAfterAnException() {
        Guarded<Bank> bank = region.guarded("bank", FIRST);
        assertThatThrownBy(() -> bank.update(b -> new Bank(b.alice() - 1, b.bob())))
                .hasMessage("not 1000");
        assertThat(bank.get()).isEqualTo(FIRST);
        Guarded<Person> person = region.guarded("person", new Person("ann", 1));
        assertThatExceptionOfType(RegionException.class)
                .isThrownBy(() -> person.set(new Person("far too long", 2)))
                .satisfies(refused -> assertThat(refused.reason()).isEqualTo(Reason.INVALID_ARGUMENT));
        assertThat(person.get()).isEqualTo(new Person("ann", 1));
        assertThat(person.updateAndGet(p -> new Person("bo", p.age() + 1))).isEqualTo(new Person("bo", 2));
    }

    @Test
    void shouldSetOnlyWhatIsExpected() {
        Guarded<Bank> bank = region.guarded("bank", FIRST);
        assertThat(bank.compareAndSet(new Bank(1, 999), new Bank(2, 998))).isFalse();
        assertThat(bank.compareAndSet(new Bank(1_000, 0), new Bank(2, 998))).isTrue();
        assertThat(bank.get()).isEqualTo(new Bank(2, 998));
    }

    @Test
    void shouldRefuseToBeUsedFromInside() {
        Guarded<Bank> bank = region.guarded("bank", FIRST);
        assertThatExceptionOfType(LockException.class)
                .isThrownBy(() -> bank.update(b -> bank.get()))
                .satisfies(refused -> assertThat(refused.reason()).isEqualTo(LockException.Reason.WOULD_DEADLOCK));
        assertThat(bank.updateAndGet(b -> new Bank(1, 999))).isEqualTo(new Bank(1, 999));
    }

    @Test
    void shouldRefuseAnotherRecord() {
        assertThat(region.guarded("bank", FIRST).get()).isEqualTo(FIRST);
        assertThatExceptionOfType(RegionException.class)
                .isThrownBy(() -> region.guarded("bank", new Person("ann", 1)))
                .withMessageContaining("0 long alice")
                .withMessageContaining("string[8] name")
                .satisfies(refused -> assertThat(refused.reason()).isEqualTo(Reason.INCOMPATIBLE));
        assertThatExceptionOfType(RegionException.class).isThrownBy(() -> region.memory("bank", 16));
        assertThatExceptionOfType(RegionException.class).isThrownBy(() -> region.mutex("bank"));
        assertThatExceptionOfType(RegionException.class).isThrownBy(() -> region.counter("bank"));
    }

    @Test
    void shouldLendMemoryForTheCallOnly() {
        MemoryLayout layout = MemoryLayout.structLayout(JAVA_LONG.withName("sum"), JAVA_INT.withName("count"));
        Guarded<MemorySegment> memory = region.guarded("my [memory]", layout);
        AtomicReference<MemorySegment> kept = new AtomicReference<>();
        MemorySegment after = memory.updateAndGet(bytes -> {
            kept.set(bytes);
            bytes.set(JAVA_INT, 8, 5);
            return bytes;
        });
        assertThat(after.get(JAVA_INT, 8)).isEqualTo(5);
        assertThat(memory.get().get(JAVA_INT, 8)).isEqualTo(5);
        assertThatThrownBy(() -> kept.get().get(JAVA_INT, 8)).isInstanceOf(IllegalStateException.class);
        Integer count = memory.read(bytes -> bytes.get(JAVA_INT, 8));
        assertThat(count).isEqualTo(5);
    }

    @Test
    void shouldBeReadByItsOwnDescription() {
        assertThat(region.guarded("person", new Person("ann", 30)).get().age()).isEqualTo(30);
        Guarded<Map<String, Object>> fields = region.guarded("person");
        assertThat(fields.get()).isEqualTo(Map.of("name", "ann", "age", 30));
        assertThat(fields.updateAndGet(before -> Map.of("name", "bo", "age", 31)))
                .containsEntry("age", 31);
        assertThat(region.guarded("person", new Person("", 0)).get()).isEqualTo(new Person("bo", 31));
        assertThatExceptionOfType(RegionException.class)
                .isThrownBy(() -> region.guarded("nothing"))
                .satisfies(refused -> assertThat(refused.reason()).isEqualTo(Reason.NOT_FOUND));
    }

    @Test
    void shouldWaitForAChange() throws InterruptedException {
        Guarded<Bank> bank = region.guarded("bank", FIRST);
        assertThat(bank.await(b -> b.bob() == 3, Duration.ofMillis(1))).isEmpty();
        for (Thread.Builder builder : new Thread.Builder[] {Thread.ofPlatform(), Thread.ofVirtual()}) {
            bank.set(FIRST);
            AtomicReference<Bank> seen = new AtomicReference<>();
            Thread waiter = builder.start(() -> {
                try {
                    seen.set(bank.await(b -> b.bob() == 3));
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            });
            for (int i = 0; i < 3; i++) {
                bank.update(b -> new Bank(b.alice() - 1, b.bob() + 1));
            }
            waiter.join(Duration.ofSeconds(30));
            assertThat(seen.get()).isEqualTo(new Bank(997, 3));
        }
    }

    @Test
    void shouldWaitForTheMutexNoLongerThanSaid() throws Exception {
        Guarded<Bank> bank = region.guarded("bank", FIRST);
        CountDownLatch holds = new CountDownLatch(1);
        CountDownLatch enough = new CountDownLatch(1);
        Thread holder = Thread.ofPlatform()
                .start(() -> bank.read(_ -> {
                    holds.countDown();
                    try {
                        return enough.await(30, TimeUnit.SECONDS);
                    } catch (InterruptedException e) {
                        throw new AssertionError(e);
                    }
                }));
        holds.await();
        assertThat(bank.get(Duration.ZERO)).isEmpty();
        assertThat(bank.update(b -> new Bank(0, 1000), Duration.ofMillis(1))).isFalse();
        assertThat(bank.await(_ -> true, Duration.ofMillis(10))).isEmpty();
        assertThat(bank.await(_ -> true, Duration.ofSeconds(Long.MIN_VALUE))).isEmpty();
        Thread.currentThread().interrupt();
        assertThatExceptionOfType(InterruptedException.class).isThrownBy(() -> bank.get(Duration.ofDays(1)));
        enough.countDown();
        holder.join();
        assertThat(bank.get(Duration.ZERO)).contains(FIRST);
        assertThat(bank.update(b -> new Bank(1, 999), Duration.ofDays(1))).isTrue();
        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(() -> bank.update(
                        b -> {
                            throw new IllegalStateException();
                        },
                        Duration.ZERO));
        assertThat(bank.get()).isEqualTo(new Bank(1, 999));
    }

    @Test
    void shouldEndAWaitByAnInterrupt() throws InterruptedException {
        Guarded<Bank> bank = region.guarded("bank", FIRST);
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Thread waiter = Thread.ofPlatform().start(() -> {
            try {
                bank.await(b -> false);
            } catch (InterruptedException expected) {
                thrown.set(expected);
            }
        });
        waiter.interrupt();
        waiter.join(Duration.ofSeconds(30));
        assertThat(thrown.get()).isInstanceOf(InterruptedException.class);
    }

    @Test
    void shouldCountInOneStep() throws InterruptedException {
        SharedLong hits = region.counter("hits");
        Thread other = Thread.ofPlatform().start(() -> {
            for (int i = 0; i < 10_000; i++) {
                hits.incrementAndGet();
            }
        });
        for (int i = 0; i < 10_000; i++) {
            hits.getAndAdd(2);
        }
        other.join();
        assertThat(hits.get()).isEqualTo(30_000);
        assertThat(hits.compareAndSet(30_000, 1)).isTrue();
        assertThat(region.counter("hits").addAndGet(-2)).isEqualTo(-1);
    }
}
