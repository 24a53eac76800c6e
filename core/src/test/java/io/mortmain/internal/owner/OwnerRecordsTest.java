package io.mortmain.internal.owner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.mortmain.errors.RegionException;
import io.mortmain.internal.layout.GlibcMutexLayout;
import io.mortmain.internal.layout.OwnerNumberLayout;
import io.mortmain.internal.layout.RegionGeometry;
import io.mortmain.internal.linux.AddressSpace;
import io.mortmain.internal.linux.OpenFile;
import io.mortmain.internal.linux.RangeLock;
import io.mortmain.internal.words.LinuxKernel;
import io.mortmain.internal.words.MappedWords;
import io.mortmain.testing.TestProcess;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Owner records of a real file. Each claim is a description of its own, so that one process can play several. */
class OwnerRecordsTest {
    private static final RegionGeometry GEOMETRY = new RegionGeometry(0, 1);
    private static final Sweep NOTHING = _ -> {};

    private final OpenFile file = OpenFile.nameless("/dev/shm");
    private final long mutex = AddressSpace.reserve(AddressSpace.PAGE_SIZE);

    OwnerRecordsTest() {
        file.reserve(0, GEOMETRY.fileSize());
    }

    @AfterEach
    void close() {
        file.close();
        AddressSpace.unmap(mutex, AddressSpace.PAGE_SIZE);
    }

    private OwnerRecords claim() {
        return claim(NOTHING);
    }

    private OwnerRecords claim(Sweep words) {
        return OwnerRecords.claim(file, GEOMETRY.ownerArea(), words);
    }

    private void store(int number) {
        MappedWords.INSTANCE.putIntRelease(mutex + GlibcMutexLayout.LOCK, number);
    }

    private int word() {
        return MappedWords.INSTANCE.getIntVolatile(mutex + GlibcMutexLayout.LOCK);
    }

    private static RecordWitness witness(OwnerRecords records, Takeover takeover) {
        return new RecordWitness(records, new ThreadNumbers(records), takeover);
    }

    private static Takeover takeover(Runnable whenWaking) {
        return new Takeover(
                MappedWords.INSTANCE,
                new WakingKernel() {
                    @Override
                    public void wake(long address, int count) {
                        whenWaking.run();
                    }
                },
                MarkerTurn.UNDISPUTED);
    }

    @Test
    void shouldClaimTheFirstFreeRecordWithANewGeneration() {
        try (OwnerRecords first = claim();
                OwnerRecords second = claim()) {
            assertThat(first.own()).isZero();
            assertThat(second.own()).isOne();
            int before = first.numberOf(7);
            assertThat(second.processOf(before))
                    .hasValue((int) ProcessHandle.current().pid());
            first.close();
            try (OwnerRecords third = claim()) {
                assertThat(third.own()).isZero();
                assertThat(third.numberOf(7)).isNotEqualTo(before);
                assertThat(second.processOf(before)).as("written over").isEmpty();
            }
        }
    }

    @Test
    void shouldDeclareTheWordsOfTheFormerProcessBeforeItUsesTheRecord() {
        Takeover takeover = new Takeover(MappedWords.INSTANCE, LinuxKernel.INSTANCE, MarkerTurn.UNDISPUTED);
        int number = OwnerNumberLayout.of(0, 63, 5);
        int[] others = {OwnerNumberLayout.of(1, 63, 5), 17, 0, GlibcMutexLayout.OWNER_DIED};
        store(number | GlibcMutexLayout.WAITERS);
        Sweep words = isDead -> {
            if (isDead.test(number)) {
                takeover.markProven(mutex, number);
            }
            for (int other : others) {
                assertThat(isDead.test(other)).isFalse();
            }
        };
        claim(words).close();
        assertThat(word()).isEqualTo(GlibcMutexLayout.OWNER_DIED | GlibcMutexLayout.WAITERS);
    }

    @Test
    void shouldRefuseWhenAllAreTaken() {
        try (OpenFile other = file.again()) {
            assertThat(new RangeLock(other).tryExclusively(GEOMETRY.ownerArea(), GEOMETRY.ownerAreaSize()))
                    .isTrue();
            assertThat(catchThrowableOfType(RegionException.class, this::claim).reason())
                    .isEqualTo(RegionException.Reason.LIMIT_REACHED);
            assertThat(OwnerRecords.whileAllFree(file, GEOMETRY, () -> {
                        throw new AssertionError();
                    }))
                    .isFalse();
        }
        assertThat(OwnerRecords.whileAllFree(
                        file,
                        GEOMETRY,
                        () -> assertThat(catchThrowableOfType(RegionException.class, this::claim)
                                        .reason())
                                .isEqualTo(RegionException.Reason.LIMIT_REACHED)))
                .isTrue();
        claim().close();
    }

    @Test
    void shouldLetNobodyClaimARecordWhileItsWordsAreDeclared() {
        try (OwnerRecords records = claim()) {
            boolean[] ran = new boolean[1];
            assertThat(records.whileFree(1, () -> {
                        ran[0] = true;
                        try (OwnerRecords newcomer = claim()) {
                            assertThat(newcomer.own()).isEqualTo(2);
                        }
                        return true;
                    }))
                    .isTrue();
            assertThat(ran[0]).isTrue();
            try (OwnerRecords newcomer = claim()) {
                assertThat(newcomer.own()).as("given back").isOne();
                assertThat(records.whileFree(1, () -> true)).as("claimed").isFalse();
            }
        }
    }

    /** By the sleeper alone: nobody here looks at the word again. */
    @Test
    void shouldMarkTheWordAtTheEndOfTheProcessAndLetNobodyClaimTheRecordMeanwhile() throws Exception {
        CompletableFuture<Integer> claimed = new CompletableFuture<>();
        try (OwnerRecords waiting = claim();
                OwnerRecords holding = claim()) {
            Takeover takeover = takeover(() -> {
                try (OwnerRecords newcomer = claim()) {
                    claimed.complete(newcomer.own());
                }
            });
            try (RecordWitness witness = witness(waiting, takeover)) {
                int number = holding.numberOf(3);
                store(number);
                Witness.Watch watch = Objects.requireNonNull(witness.watch(mutex, number));
                assertThat(witness.isGone(number)).isFalse();
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
                assertThat(word()).as("its process lives").isEqualTo(number);
                holding.close();
                assertThat(claimed.get(TestProcess.GUARD_SECONDS, TimeUnit.SECONDS))
                        .as("claimed while the word was being marked")
                        .isEqualTo(2);
                assertThat(word()).isEqualTo(GlibcMutexLayout.OWNER_DIED);
                watch.end();
            }
        }
    }

    @Test
    void shouldNotTouchTheWordOnceNobodyWaits() throws InterruptedException {
        try (OwnerRecords waiting = claim();
                OwnerRecords holding = claim()) {
            try (RecordWitness witness =
                    witness(waiting, new Takeover(MappedWords.INSTANCE, LinuxKernel.INSTANCE, MarkerTurn.UNDISPUTED))) {
                int number = holding.numberOf(3);
                store(number);
                Objects.requireNonNull(witness.watch(mutex, number)).end();
                holding.close();
                long guard = System.nanoTime() + TimeUnit.SECONDS.toNanos(TestProcess.GUARD_SECONDS);
                while (sleepers("mortmain-record-1-of-" + file.status().inode()) > 0) {
                    assertThat(System.nanoTime() - guard).isNegative();
                    Thread.sleep(1);
                }
                assertThat(word()).isEqualTo(number);
                assertThat(witness.isGone(number)).isTrue();
            }
        }
    }

    private static int sleepers(String prefix) {
        return (int) Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith(prefix))
                .count();
    }

    /**
     * Closing never waits for a sleeper; there are only so many in the process, and who comes too late is told so. Tests before this one
     * may have left some, which may end meanwhile.
     */
    @Test
    void shouldHaveAtMostSoManySleepersAndCloseNotwithstanding() {
        OpenFile[] holders = new OpenFile[RecordSleepers.MOST + 1];
        int before = sleepers("mortmain-record-");
        int watches = 0;
        try (OwnerRecords waiting = claim()) {
            try (RecordWitness witness = witness(waiting, takeover(() -> {}))) {
                for (int i = 0; i < holders.length; i++) {
                    holders[i] = file.again();
                    new RangeLock(holders[i]).tryExclusively(waiting.place(i + 1), 1);
                    int number = OwnerNumberLayout.of(i + 1, 0, 1);
                    Witness.Watch first = witness.watch(mutex, number);
                    Witness.Watch second = witness.watch(mutex, number);
                    assertThat(first == null || second != null)
                            .as("watch " + i + " again")
                            .isTrue();
                    watches += first != null ? 1 : 0;
                }
                assertThat(watches).isBetween(RecordSleepers.MOST - before, RecordSleepers.MOST);
            }
        } finally {
            for (OpenFile holder : holders) {
                holder.close(); // ends the sleepers
            }
        }
    }

    @Test
    void shouldGiveANumberAnewOnlyAfterItWasGivenBackAndAllOthersWereUsed() {
        try (OwnerRecords records = claim()) {
            ThreadNumbers numbers = new ThreadNumbers(records);
            Thread ended = new Thread(() -> {});
            int first = numbers.take(Thread.currentThread());
            int second = numbers.take(ended);
            assertThat(numbers.isOwn(first) && numbers.isOwn(second)).isTrue();
            assertThat(numbers.isGone(first)).isFalse();
            assertThat(numbers.isGone(second)).as("a thread that does not run").isTrue();
            assertThat(numbers.whileGone(first, () -> true))
                    .as("the caller's own")
                    .isTrue();
            numbers.giveBack(second);
            for (int i = 3; i <= OwnerNumberLayout.MOST_THREADS; i++) {
                assertThat(numbers.take(ended)).isEqualTo(records.numberOf(i));
            }
            assertThat(numbers.take(ended)).isEqualTo(second);
            assertThat(numbers.take(ended)).isZero();
        }
    }
}
