package io.mortmain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mortmain.errors.GiveUpException;
import io.mortmain.errors.LockException;
import io.mortmain.errors.MortmainException;
import io.mortmain.internal.layout.GlibcMutexLayout;
import io.mortmain.internal.layout.RobustListLayout;
import io.mortmain.internal.linux.AddressSpace;
import io.mortmain.internal.linux.KernelThread;
import io.mortmain.internal.lock.LockThread;
import io.mortmain.internal.words.MappedWords;
import io.mortmain.testing.CMutexes;
import io.mortmain.testing.RobustList;
import io.mortmain.testing.Seed;
import io.mortmain.testing.TestProcess;
import io.mortmain.testing.TestRegion;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * D8: another process writes hostile values over a mutex while Java threads lock and unlock it. Nothing outside the region may be
 * written, nothing may hang or crash, and the locks that stand elsewhere stay right.
 */
class HostilePointersTest {
    private static final MappedWords WORDS = MappedWords.INSTANCE;
    private static final long CANARY = 0x5eed_c0de_5eed_c0deL;
    /** Who waits longer than a millisecond asks the second witness too; a forged holder makes every round last as long. */
    private static final Duration LONG_WAIT = Duration.ofMillis(1);

    private static final Duration SHORT_WAIT = Duration.ofNanos(20_000);
    private static final int ROUNDS = Integer.getInteger("io.mortmain.test.rounds", 20_000);

    /** A JVM of its own, so that a crash is seen as one: prints what it found broken, or "survived". */
    public static void main(String[] arguments) throws Exception {
        try (TestRegion name = new TestRegion();
                TestRegion safeName = new TestRegion();
                Region region = Region.create(name.name(), 0);
                Region safe = Region.create(safeName.name(), 0)) {
            Victim victim = new Victim(region, safe, name, Long.parseLong(arguments[0]), arguments[1]);
            Thread thread = new Thread(victim::run, "victim");
            Throwable[] failure = new Throwable[1];
            thread.setUncaughtExceptionHandler((_, thrown) -> failure[0] = thrown);
            thread.start();
            thread.join();
            if (failure[0] != null) {
                throw new AssertionError(failure[0]);
            }
            victim.checkDeath();
        }
        System.out.println("survived");
        System.exit(0);
    }

    private static final class Victim {
        private final RobustMutex mutex;
        private final RobustMutex older;
        private final RobustMutex newer;
        private final long guard = CMutexes.create();
        private final long canaries = AddressSpace.reserve(AddressSpace.PAGE_SIZE);
        private final TestRegion name;
        private final long offset;
        private final long seed;
        private final String what;
        private int refused;

        Victim(Region region, Region safe, TestRegion name, long seed, String what) {
            this.mutex = region.mutex("hostile");
            this.older = safe.mutex("older");
            this.newer = safe.mutex("newer");
            this.name = name;
            this.offset = Region.inspect(name.name()).objects().get(0).offset();
            this.seed = seed;
            this.what = what;
            for (long at = 0; at < AddressSpace.PAGE_SIZE; at += Long.BYTES) {
                WORDS.putLongRelease(canaries + at, CANARY);
            }
        }

        private long[] chosen() {
            long head = KernelThread.robustListHead();
            long node = mutex.pthreadMutex().address() + GlibcMutexLayout.NODE;
            long threadId = KernelThread.id();
            return new long[] {
                0,
                1,
                head,
                head + RobustListLayout.PENDING,
                head - 8,
                node,
                node + 8,
                canaries,
                canaries + 32,
                guard + GlibcMutexLayout.NODE,
                older.pthreadMutex().address() + GlibcMutexLayout.NODE,
                newer.pthreadMutex().address() + GlibcMutexLayout.NODE,
                0xffff_ffff_8000_0000L,
                0x7fff_ffff_f000L,
                threadId,
                threadId | GlibcMutexLayout.WAITERS,
                GlibcMutexLayout.OWNER_INCONSISTENT,
                GlibcMutexLayout.OWNER_NOT_RECOVERABLE,
                GlibcMutexLayout.OWNER_DIED,
                8
            };
        }

        void run() {
            Hold below = older.lock();
            CMutexes.lock(guard);
            List<String> arguments =
                    new ArrayList<>(List.of(name.path(), Long.toString(offset), Long.toString(seed), what));
            Arrays.stream(chosen()).mapToObj(Long::toHexString).forEach(arguments::add);
            try (TestProcess hostile = TestProcess.java(HostileWriter.class, arguments.toArray(String[]::new))) {
                hostile.expect("scribbling");
                Random random = new Random(seed);
                for (int round = 0; round < ROUNDS; round++) {
                    round(random.nextInt(4), random.nextInt(8) == 0 ? LONG_WAIT : SHORT_WAIT);
                    checkOwn();
                }
                hostile.kill();
            }
            checkOwn();
            below.close();
            below = older.lock();
            checkOwn();
            System.out.println("rounds " + ROUNDS + ", refused " + refused);
        }

        /** Any order with a safe mutex; the hostile one may be refused at any point, the safe one never. */
        private void round(int order, Duration wait) {
            Hold hostile = order < 2 ? tryHostile(wait) : null;
            Hold above = newer.lock();
            if (order >= 2) {
                hostile = tryHostile(wait);
            }
            if (order % 2 == 0) {
                close(hostile);
                above.close();
            } else {
                above.close();
                close(hostile);
            }
        }

        private Hold tryHostile(Duration wait) {
            try {
                return mutex.tryLock(wait);
            } catch (MortmainException refusal) {
                refused++;
                return null;
            } catch (InterruptedException never) {
                throw new AssertionError(never);
            }
        }

        private void close(Hold hold) {
            if (hold != null) {
                try {
                    hold.close();
                } catch (MortmainException refusal) {
                    refused++;
                }
            }
        }

        private void checkOwn() {
            for (long at = 0; at < AddressSpace.PAGE_SIZE; at += Long.BYTES) {
                require(WORDS.getLongPlain(canaries + at) == CANARY, "the canary at " + at);
            }
            int me = KernelThread.id();
            require(RobustList.word(older.pthreadMutex().address()) == me, "the older mutex is held");
            require(RobustList.word(guard) == me, "the mutex of C is held");
            require(RobustList.word(newer.pthreadMutex().address()) == 0, "the newer mutex is free");
            require(
                    WORDS.getLongPlain(KernelThread.robustListHead() + RobustListLayout.FUTEX_OFFSET)
                            == GlibcMutexLayout.FUTEX_OFFSET,
                    "futex_offset");
            List<Long> listed = RobustList.listed();
            require(
                    listed.size() == 2
                            && listed.contains(guard)
                            && listed.contains(older.pthreadMutex().address()),
                    "the robust list has the older mutex and C's, and nothing else: " + listed);
        }

        /** Nobody scribbles any more and the thread has ended: what it held must be told. */
        void checkDeath() {
            RobustList.awaitMark(older.pthreadMutex().address());
            RobustList.awaitMark(guard);
        }

        private static void require(boolean holds, String rule) {
            if (!holds) {
                throw new AssertionError("broken: " + rule);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"links", "lock", "fields", "word"})
    void shouldSurviveAProcessThatScribblesOverAMutex(String what) {
        long seed = Seed.of("scribbling");
        try (TestProcess victim = TestProcess.java(HostilePointersTest.class, Long.toString(seed), what)) {
            System.out.println(victim.expect("rounds "));
            victim.expect("survived");
            assertThat(victim.exitCode()).isZero();
        }
    }

    @Test
    void shouldNotBelieveAForgedMutexOfCBetweenTwoNodesThatItLinked() {
        try (TestRegion name = new TestRegion();
                TestRegion hostileName = new TestRegion();
                Region region = Region.create(name.name(), 0);
                Region hostileRegion = Region.create(hostileName.name(), 0)) {
            RobustMutex newer = region.mutex("newer");
            RobustMutex hostile = hostileRegion.mutex("hostile");
            long node = hostile.pthreadMutex().address() + GlibcMutexLayout.NODE;
            long guard = CMutexes.create();
            long forged = AddressSpace.reserve(AddressSpace.PAGE_SIZE);
            CMutexes.lock(guard);
            Hold out = newer.lock();
            Hold top = hostile.lock();
            WORDS.putIntRelease(forged + GlibcMutexLayout.LOCK, KernelThread.id());
            WORDS.putLongRelease(forged + GlibcMutexLayout.PREVIOUS, node);
            WORDS.putLongRelease(node, forged + GlibcMutexLayout.NODE); // as a hostile process does
            out.close();
            WORDS.putLongRelease(node, 1);
            top.close();
            assertThat(RobustList.listed()).containsExactly(guard);
            CMutexes.unlock(guard);
            assertThat(WORDS.getLongPlain(forged + GlibcMutexLayout.NODE)).isZero();
            AddressSpace.unmap(forged, AddressSpace.PAGE_SIZE);
        }
    }

    @Test
    void shouldNotFollowALinkToWhereTheNodesAddressStands() {
        try (TestRegion name = new TestRegion();
                Region region = Region.create(name.name(), 0)) {
            RobustMutex below = region.mutex("below");
            RobustMutex above = region.mutex("above");
            long link = above.pthreadMutex().address() + GlibcMutexLayout.NODE;
            long decoy = AddressSpace.reserve(AddressSpace.PAGE_SIZE);
            try (Hold first = below.lock()) {
                Hold second = above.lock();
                WORDS.putLongRelease(decoy, below.pthreadMutex().address() + GlibcMutexLayout.NODE);
                WORDS.putLongRelease(link, decoy); // as a hostile process does, through its own mapping
                first.close();
                assertThat(WORDS.getLongPlain(decoy))
                        .isEqualTo(below.pthreadMutex().address() + GlibcMutexLayout.NODE);
                second.close();
                assertThat(RobustList.listed()).isEmpty();
            } finally {
                AddressSpace.unmap(decoy, AddressSpace.PAGE_SIZE);
            }
        }
    }

    /** The second witness reads the holder's list, and part of it is in the hands of a hostile process: the sound mutex stays its holder's. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldNotRobAHolderOfWhoseListAHostileProcessCutTheSoundMutex(boolean withBackLinks) throws Exception {
        try (TestRegion name = new TestRegion();
                TestRegion hostileName = new TestRegion();
                Region region = Region.create(name.name(), 0);
                Region hostileRegion = Region.create(hostileName.name(), 0)) {
            RobustMutex sound = region.mutex("sound");
            long lower = hostileRegion.mutex("lower").pthreadMutex().address();
            long upper = hostileRegion.mutex("upper").pthreadMutex().address();
            CountDownLatch held = new CountDownLatch(1);
            CountDownLatch mayRelease = new CountDownLatch(1);
            Thread holder = new Thread(() -> {
                Hold first = hostileRegion.mutex("lower").lock();
                Hold second = sound.lock();
                Hold third = hostileRegion.mutex("upper").lock();
                held.countDown();
                awaitUninterruptibly(mayRelease);
                third.close();
                second.close();
                first.close();
            });
            holder.start();
            held.await();
            long link = upper + GlibcMutexLayout.NODE;
            long back = lower + GlibcMutexLayout.PREVIOUS;
            long linkBefore = WORDS.getLongPlain(link);
            long backBefore = WORDS.getLongPlain(back);
            WORDS.putLongRelease(link, lower + GlibcMutexLayout.NODE); // as a hostile process does
            if (withBackLinks) {
                WORDS.putLongRelease(back, link);
            }
            assertThat(sound.tryLock(Duration.ofMillis(300))).isNull();
            WORDS.putLongRelease(link, linkBefore);
            WORDS.putLongRelease(back, backBefore);
            mayRelease.countDown();
            try (Hold hold = sound.lock()) {
                assertThat(hold.predecessorDied()).isFalse();
            }
            holder.join();
        }
    }

    /** Free, and owner-died: the one is taken in the fast path, the other in the slow one. */
    @ParameterizedTest
    @ValueSource(ints = {0, GlibcMutexLayout.OWNER_DIED})
    void shouldListAMutexOnceThatAHostileProcessFreedUnderItsHolder(int word) {
        try (TestRegion name = new TestRegion();
                TestRegion hostileName = new TestRegion();
                Region region = Region.create(name.name(), 0);
                Region hostileRegion = Region.create(hostileName.name(), 0)) {
            RobustMutex sound = region.mutex("sound");
            RobustMutex hostile = hostileRegion.mutex("hostile");
            long address = hostile.pthreadMutex().address();
            Hold first = hostile.lock();
            Hold second = sound.lock();
            WORDS.putIntRelease(address + GlibcMutexLayout.LOCK, word); // as a hostile process does
            Hold again = hostile.tryLock();
            assertThat(RobustList.listed())
                    .containsExactly(address, sound.pthreadMutex().address());
            assertThat(again).isNotNull();
            again.close();
            assertThat(RobustList.listed()).containsExactly(sound.pthreadMutex().address());
            assertThatThrownBy(first::close).isInstanceOf(LockException.class);
            second.close();
            assertThat(RobustList.listed()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldForgetAMutexWhoseWordIsSpoiltWhileItsRepairFails(boolean givesUp) {
        try (TestRegion name = new TestRegion();
                Region region = Region.create(name.name(), 0)) {
            long address = region.mutex("hostile").pthreadMutex().address();
            WORDS.putIntRelease(address + GlibcMutexLayout.LOCK, GlibcMutexLayout.OWNER_DIED);
            RobustMutex mutex = region.mutex("hostile", _ -> {
                WORDS.putIntRelease(address + GlibcMutexLayout.LOCK, 0); // as a hostile process does
                if (givesUp) {
                    throw new GiveUpException("given up");
                }
                throw new IllegalStateException("this repair fails");
            });
            assertThatThrownBy(mutex::lock).isInstanceOf(LockException.class);
            assertThat(RobustList.listed()).isEmpty();
            assertThat(LockThread.current().depth()).isZero();
        }
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException never) {
            throw new AssertionError(never);
        }
    }
}
