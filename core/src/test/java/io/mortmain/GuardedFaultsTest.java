package io.mortmain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mortmain.errors.DataLostException;
import io.mortmain.errors.LockException;
import io.mortmain.errors.RegionException;
import io.mortmain.internal.layout.GlibcMutexLayout;
import io.mortmain.internal.layout.GuardedBlockLayout;
import io.mortmain.internal.layout.MutexSlotLayout;
import io.mortmain.internal.layout.RegionGeometry;
import io.mortmain.internal.linux.OpenFile;
import io.mortmain.testing.RobustList;
import io.mortmain.testing.TestProcess;
import io.mortmain.testing.TestRegion;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What may happen to a guarded value beside deaths at each store, of which {@code JournalDeathTest} is. */
class GuardedFaultsTest {
    private final TestRegion name = new TestRegion();
    private final Region region = Region.create(name.name(), 1 << 12);
    private final Guarded<Pair> pair = region.guarded("pair", new Pair(7, -7));

    /** Together always 0. */
    record Pair(long one, long other) {}

    @AfterEach
    void delete() {
        region.close();
        name.close();
    }

    private static Pair moved(Pair pair) {
        return new Pair(pair.one() + 1, pair.other() - 1);
    }

    /** A process that dies inside the function has changed nothing, and nobody waits for it. */
    @ParameterizedTest
    @ValueSource(strings = {"platform", "virtual"})
    void shouldGoOnAfterADeathInsideTheFunction(String kind) {
        try (TestProcess peer = TestProcess.java(List.of(), DyingInside.class, name.name(), kind)) {
            peer.expect("inside");
            peer.kill();
            pair.update(GuardedFaultsTest::moved);
        }
        assertThat(pair.get()).isEqualTo(new Pair(8, -8));
        assertThat(snapshot().deaths()).isEqualTo(1);
        assertThat(snapshot().state()).isEqualTo(MutexSnapshot.State.FREE);
    }

    private MutexSnapshot snapshot() {
        return name.seenMutex(0);
    }

    /** A JVM that is killed while a function of its runs. */
    static final class DyingInside {
        public static void main(String[] arguments) throws InterruptedException {
            try (Region region = Region.open(arguments[0])) {
                Guarded<Pair> pair = region.guarded("pair", new Pair(0, 0));
                Runnable dying = () -> pair.update(before -> {
                    System.out.println("inside");
                    try {
                        new CountDownLatch(1).await();
                    } catch (InterruptedException never) {
                        throw new AssertionError(never);
                    }
                    return before;
                });
                Thread.Builder builder = arguments[1].equals("virtual") ? Thread.ofVirtual() : Thread.ofPlatform();
                builder.start(dying).join();
            }
        }
    }

    /** As a C program leaves it that was told of a death and declared the mutex consistent, or one that wrote without the mutex. */
    @Test
    void shouldRollBackWhatTheMutexDoesNotTellOf() {
        long data = wordOf(GuardedBlockLayout.DATA);
        putLong(block() + data, 1_000);
        putLong(block() + GuardedBlockLayout.entry(0) + GuardedBlockLayout.ENTRY_WORD, data);
        putLong(block() + GuardedBlockLayout.entry(0) + GuardedBlockLayout.ENTRY_OLD_VALUE, 7);
        putInt(block() + GuardedBlockLayout.JOURNAL_USED, 1);
        assertThat(pair.get()).isEqualTo(new Pair(7, -7));
        assertThat(snapshot().deaths()).isZero();
    }

    /** A short value before a long one. */
    record WithGap(byte small, long large) {}

    @Test
    void shouldNotCompareWhatCProgramsLeftInGaps() {
        WithGap first = new WithGap((byte) 1, 2);
        Guarded<WithGap> gap = region.guarded("gap", first);
        long block = Region.inspect(name.name()).objects().get(1).offset();
        long data = block + wordOf(block - block() + GuardedBlockLayout.DATA);
        putLong(data, 0x0123456789abcd00L + first.small());
        assertThat(gap.compareAndSet(new WithGap((byte) 2, 2), first)).isFalse();
        assertThat(gap.compareAndSet(first, new WithGap((byte) 3, 4))).isTrue();
        assertThat(gap.get()).isEqualTo(new WithGap((byte) 3, 4));
    }

    @Test
    void shouldRefuseADamagedJournalAndBlockNobody() {
        putInt(block() + GuardedBlockLayout.JOURNAL_USED, 1 << 20);
        assertRefusedAsDamagedAndFree();
    }

    /** Not a death that is told for ever, which would say nothing of the journal. */
    @Test
    void shouldRefuseADamagedJournalAfterADeathToo() {
        putInt(block() + GuardedBlockLayout.JOURNAL_USED, 1 << 20);
        putInt(slot() + GlibcMutexLayout.LOCK, GlibcMutexLayout.OWNER_DIED);
        assertRefusedAsDamagedAndFree();
    }

    private void assertRefusedAsDamagedAndFree() {
        for (int i = 0; i < 2; i++) {
            assertThatExceptionOfType(RegionException.class)
                    .isThrownBy(pair::get)
                    .satisfies(refused -> assertThat(refused.reason()).isEqualTo(RegionException.Reason.DAMAGED));
        }
        assertThat(snapshot().state()).isEqualTo(MutexSnapshot.State.FREE);
    }

    /** The mutex is in bytes that are still there, and what it guards is not. */
    @Test
    void shouldNotHoldTheMutexWhenTheFileIsTruncatedBehindIt() {
        try (TestProcess victim = TestProcess.java(Truncated.class)) {
            for (String how : Truncated.WAYS.keySet()) {
                assertThat(victim.expect(how)).contains("DAMAGED", "was truncated", "create it anew", "holds []");
            }
            victim.expect("closed");
            assertThat(victim.exitCode()).isZero();
        }
    }

    static final class Truncated {
        static final Map<String, Use> WAYS = new TreeMap<>(Map.of(
                "get", Guarded::get,
                "timed", pair -> pair.get(Duration.ofSeconds(1)),
                "await", pair -> pair.await(_ -> true),
                "set", pair -> pair.set(new Pair(0, 0)),
                "update", pair -> pair.update(GuardedFaultsTest::moved)));

        interface Use {
            void use(Guarded<Pair> pair) throws InterruptedException;
        }

        public static void main(String[] arguments) throws Exception {
            try (TestRegion name = new TestRegion()) {
                Region region = Region.create(name.name(), 1 << 12);
                Guarded<Pair> pair = region.guarded("pair", new Pair(7, -7));
                for (int i = 0; i < 20_000; i++) { // compiled code too
                    pair.update(GuardedFaultsTest::moved);
                }
                RegionSnapshot snapshot = Region.inspect(name.name());
                long length = new RegionGeometry(snapshot.capacity(), snapshot.maxObjects()).data();
                try (RandomAccessFile file = new RandomAccessFile(name.path(), "rw")) {
                    file.setLength(length);
                }
                for (Map.Entry<String, Use> way : WAYS.entrySet()) {
                    say(way.getKey(), way.getValue(), pair);
                }
                region.close();
                System.out.println("closed");
            }
        }

        private static void say(String how, Use use, Guarded<Pair> pair) throws InterruptedException {
            try {
                use.use(pair);
                System.out.println(how + ": no error");
            } catch (RegionException refused) {
                System.out.println(
                        how + ": " + refused.reason() + " " + refused.getMessage() + "; holds " + RobustList.listed());
            }
        }
    }

    /** A19: pages came to the disk in any order. */
    @Test
    void shouldShowNothingOfLostData() throws InterruptedException {
        putInt(block() + GuardedBlockLayout.JOURNAL_USED, 1);
        putInt(slot() + GlibcMutexLayout.LOCK, GlibcMutexLayout.OWNER_DIED);
        putInt(slot() + GlibcMutexLayout.OWNER, GlibcMutexLayout.OWNER_REBOOTED);
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(pair::get)
                    .isInstanceOf(DataLostException.class)
                    .hasMessageContaining("rebooted")
                    .hasMessageContaining("set all of it anew");
        }
        assertThatThrownBy(() -> pair.update(GuardedFaultsTest::moved)).isInstanceOf(DataLostException.class);
        assertThatThrownBy(() -> pair.await(_ -> true)).isInstanceOf(DataLostException.class);
        assertThatThrownBy(() -> pair.compareAndSet(new Pair(7, -7), new Pair(1, -1)))
                .isInstanceOf(DataLostException.class);
        pair.set(new Pair(3, -3));
        assertThat(pair.get()).isEqualTo(new Pair(3, -3));
    }

    @Test
    void shouldBeUsableAgainAfterAReset() throws InterruptedException {
        putInt(slot() + GlibcMutexLayout.OWNER, GlibcMutexLayout.OWNER_NOT_RECOVERABLE);
        assertThatExceptionOfType(LockException.class)
                .isThrownBy(pair::get)
                .satisfies(refused -> assertThat(refused.reason()).isEqualTo(LockException.Reason.NOT_RECOVERABLE));
        pair.reset();
        assertThat(pair.get()).isEqualTo(new Pair(7, -7));
        assertThatExceptionOfType(LockException.class)
                .isThrownBy(pair::reset)
                .satisfies(refused -> assertThat(refused.reason()).isEqualTo(LockException.Reason.NOTHING_TO_RESET));
    }

    /** Between a look and the sleep after it nobody is inside, for a moment; then the wait ends with CLOSED. */
    @Test
    void shouldNotBeClosedUnderOneThatSleeps() throws InterruptedException {
        int refused = 0;
        for (int attempt = 0; attempt < 20 && refused == 0; attempt++) {
            Region again = Region.open(name.name());
            Guarded<Pair> waitedFor = again.guarded("pair", new Pair(0, 0));
            CountDownLatch looks = new CountDownLatch(1);
            Thread waiter = Thread.ofPlatform().start(() -> awaitInVain(waitedFor, looks));
            looks.await();
            Thread.sleep(20); // most likely it sleeps by then
            refused += isCloseRefused(again) ? 1 : 0;
            waiter.interrupt();
            waiter.join(Duration.ofSeconds(TestProcess.GUARD_SECONDS));
            again.close();
            assertThatExceptionOfType(LockException.class)
                    .isThrownBy(waitedFor::get)
                    .satisfies(closed -> assertThat(closed.reason()).isEqualTo(LockException.Reason.CLOSED));
        }
        assertThat(refused).isPositive();
    }

    private static void awaitInVain(Guarded<Pair> pair, CountDownLatch looks) {
        try {
            pair.await(_ -> {
                looks.countDown();
                return false;
            });
        } catch (InterruptedException expected) {
            looks.countDown();
        } catch (LockException closed) {
            assertThat(closed.reason()).isEqualTo(LockException.Reason.CLOSED);
        }
    }

    private static boolean isCloseRefused(Region region) {
        try {
            region.close();
            return false;
        } catch (RegionException inUse) {
            assertThat(inUse.reason()).isEqualTo(RegionException.Reason.IN_USE);
            return true;
        }
    }

    @Test
    void shouldServeManyVirtualThreads() throws InterruptedException {
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            threads.add(Thread.ofVirtual().start(() -> pair.update(GuardedFaultsTest::moved)));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(pair.get()).isEqualTo(new Pair(207, -207));
    }

    @Test
    void shouldReleaseAfterAnyError() {
        for (Throwable thrown : new Throwable[] {new OutOfMemoryError(), new StackOverflowError()}) {
            assertThatThrownBy(() -> pair.update(_ -> {
                        throw GuardedFaultsTest.<RuntimeException>unchecked(thrown);
                    }))
                    .isSameAs(thrown);
        }
        assertThat(pair.get()).isEqualTo(new Pair(7, -7));
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <T extends Throwable> T unchecked(Throwable thrown) throws T {
        throw (T) thrown;
    }

    private long block() {
        return Region.inspect(name.name()).objects().getFirst().offset();
    }

    private long slot() {
        RegionSnapshot snapshot = Region.inspect(name.name());
        return new RegionGeometry(snapshot.capacity(), snapshot.maxObjects()).lockArea() + MutexSlotLayout.SIZE;
    }

    private long wordOf(long field) {
        try (OpenFile file = OpenFile.existing(name.path())) {
            return ByteBuffer.wrap(file.read(block() + field, Long.BYTES))
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .getLong();
        }
    }

    private void putLong(long at, long value) {
        put(at, ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(value));
    }

    private void putInt(long at, int value) {
        put(
                at,
                ByteBuffer.allocate(Integer.BYTES)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putInt(value));
    }

    private void put(long at, ByteBuffer bytes) {
        try (OpenFile file = OpenFile.existing(name.path())) {
            file.write(at, bytes.array());
        }
    }
}
