package io.mortmain;

import static org.assertj.core.api.Assertions.assertThat;

import io.mortmain.GuardedArray.Options;
import io.mortmain.RegionSnapshot.NamedObject;
import io.mortmain.internal.layout.GuardedBlockLayout;
import io.mortmain.testing.TestProcess;
import io.mortmain.testing.TestRegion;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

/** A process that is stopped in the middle of a commit has the journal of all stripes: nobody waits for it longer than he said. */
@Timeout(value = TestProcess.GUARD_SECONDS, threadMode = ThreadMode.SEPARATE_THREAD)
class StoppedWriterTest {
    private static final int STRIPES = 4;
    private static final int MOST_STOPS = 2_000;
    private static final Duration SOME = Duration.ofMillis(20);

    private final TestRegion name = new TestRegion();
    private final Region region = Region.create(name.name(), 1 << 14);
    private final GuardedArray<Account> accounts = accounts(region);

    record Account(long balance) {
        Account plus(long amount) {
            return new Account(balance + amount);
        }
    }

    private static GuardedArray<Account> accounts(Region region) {
        return region.guardedArray("accounts", 2 * STRIPES, new Account(100), Options.DEFAULT.withStripes(STRIPES));
    }

    /** Changes the first element until it is killed. */
    public static void main(String[] arguments) {
        try (Region region = Region.open(arguments[0])) {
            GuardedArray<Account> accounts = accounts(region);
            accounts.update(0, account -> account.plus(1));
            System.out.println("writes");
            while (accounts.updateAndGet(0, account -> account.plus(1)).balance() > 0) {
                Thread.onSpinWait();
            }
        }
    }

    @AfterEach
    void delete() {
        region.close();
        name.close();
    }

    @Test
    void shouldReadNoOtherElementLaterThanSaidWhileACommitIsHalfDone() throws Exception {
        try (TestProcess writer = TestProcess.peer(StoppedWriterTest.class, name.name())) {
            writer.expect("writes");
            stopInCommit(writer, true);

            assertThat(accounts.get(1, Duration.ZERO)).isEmpty();
            assertThat(accounts.get(1, SOME)).isEmpty();
            assertThat(accounts.update(2, account -> account.plus(1), SOME)).isFalse();
            assertThat(accounts.await(3, _ -> true, SOME)).isEmpty();
            requireInterruptible(() -> accounts.get(1, Duration.ofDays(1)));
            requireInterruptible(() -> accounts.await(3, _ -> true));

            writer.kill();
            assertThat(accounts.get(2)).isEqualTo(new Account(100)); // as soon as somebody was told
        }
    }

    @Test
    void shouldWriteNoOtherElementLaterThanSaidWhileACommitBegins() throws Exception {
        try (TestProcess writer = TestProcess.peer(StoppedWriterTest.class, name.name())) {
            writer.expect("writes");
            stopInCommit(writer, false);
            AtomicInteger calls = new AtomicInteger();

            assertThat(accounts.get(1, Duration.ZERO)).contains(new Account(100));
            assertThat(accounts.update(2, account -> account, Duration.ZERO)).isTrue();
            assertThat(accounts.update(2, account -> account.plus(calls.incrementAndGet()), SOME))
                    .isFalse();
            assertThat(calls).hasValue(1);
            assertThat(accounts.await(3, account -> account.balance() == 7, SOME))
                    .isEmpty();
            requireInterruptible(() -> accounts.update(2, account -> account.plus(1), Duration.ofDays(1)));
            requireInterruptible(() -> accounts.await(3, account -> account.balance() == 7));

            writer.kill();
            assertThat(accounts.get(2)).isEqualTo(new Account(100));
            assertThat(accounts.update(2, account -> account.plus(1), Duration.ofDays(1)))
                    .isTrue();
        }
    }

    /** Until it has the journal's mutex, and has begun to use the journal or not. */
    private void stopInCommit(TestProcess writer, boolean isUsed) throws IOException {
        for (int stop = 0; stop < MOST_STOPS; stop++) {
            writer.stop();
            NamedObject journal = Region.inspect(name.name()).objects().getLast();
            if (journal.mutex().orElseThrow().word() != 0 && isUsed(journal) == isUsed) {
                return;
            }
            writer.signal("CONT");
        }
        throw new AssertionError("in " + MOST_STOPS + " stops none fell into a commit");
    }

    private boolean isUsed(NamedObject journal) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(name.path(), "r")) {
            file.seek(journal.offset() + GuardedBlockLayout.JOURNAL_USED);
            return file.readInt() != 0;
        }
    }

    /** When it waits, most likely. */
    private static void requireInterruptible(ThrowingCallable call) throws InterruptedException {
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Thread caller = Thread.ofPlatform().daemon().start(() -> {
            try {
                call.call();
            } catch (Throwable ended) {
                thrown.set(ended);
            }
        });
        Thread.sleep(SOME.multipliedBy(3));
        caller.interrupt();
        caller.join(Duration.ofSeconds(TestProcess.GUARD_SECONDS));
        assertThat(thrown.get()).isInstanceOf(InterruptedException.class);
    }
}
