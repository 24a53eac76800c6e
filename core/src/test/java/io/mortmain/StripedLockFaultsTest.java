package io.mortmain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mortmain.GuardedArray.Options;
import io.mortmain.RegionSnapshot.NamedObject;
import io.mortmain.errors.DataLostException;
import io.mortmain.errors.LockException;
import io.mortmain.errors.NotRecoverableException;
import io.mortmain.errors.RegionException;
import io.mortmain.internal.layout.GlibcMutexLayout;
import io.mortmain.internal.layout.GuardedBlockLayout;
import io.mortmain.internal.layout.MutexSlotLayout;
import io.mortmain.testing.TestRegion;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where one of the mutexes of an array fails, the calling thread has none of the others afterwards. */
class StripedLockFaultsTest {
    private static final int STRIPES = 4;

    private final TestRegion name = new TestRegion();
    private final Region region = Region.create(name.name(), 1 << 14);
    private final GuardedArray<Account> accounts =
            region.guardedArray("accounts", 8, Account.FIRST, Options.DEFAULT.withStripes(STRIPES));

    record Account(long balance) {
        static final Account FIRST = new Account(100);

        Account plus(long amount) {
            return new Account(balance + amount);
        }
    }

    @AfterEach
    void delete() {
        region.close();
        name.close();
    }

    /** Each way to acquire all of the stripes. */
    private List<ThrowingCallable> calls() {
        int[] each = {0, 1, 2, 3};
        return List.of(
                () -> accounts.update(each, several -> several.set(0, Account.FIRST)),
                () -> accounts.get(each),
                accounts::getAll,
                () -> accounts.fill(Account.FIRST));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3})
    void shouldHoldNoStripeWhereOneCannotBeAcquired(int stripe) {
        putInt(stripe(stripe) + GlibcMutexLayout.OWNER, GlibcMutexLayout.OWNER_NOT_RECOVERABLE);
        for (ThrowingCallable call : calls()) {
            assertThatThrownBy(call).isInstanceOf(NotRecoverableException.class);
            requireFree();
        }
        accounts.update((stripe + 1) % STRIPES, account -> account.plus(1));
        assertThat(ofAnother((stripe + 1) % STRIPES)).isEqualTo(new Account(101));
    }

    /** Whoever has acquired his stripes finds what a writer left that cannot be undone. */
    @Test
    void shouldHoldNoStripeWhereTheJournalIsDamaged() {
        putInt(block() + GuardedBlockLayout.JOURNAL_USED, 1 << 20);
        for (ThrowingCallable call : calls()) {
            assertThatExceptionOfType(RegionException.class)
                    .isThrownBy(call)
                    .satisfies(refused -> assertThat(refused.reason()).isEqualTo(RegionException.Reason.DAMAGED));
            requireFree();
        }
        putInt(block() + GuardedBlockLayout.JOURNAL_USED, 0);
        requireUsable();
    }

    @Test
    void shouldHoldNoStripeWhereTheJournalsMutexCannotBeAcquired() {
        putInt(block() + GuardedBlockLayout.JOURNAL_USED, 1);
        putInt(stripe(STRIPES) + GlibcMutexLayout.OWNER, GlibcMutexLayout.OWNER_NOT_RECOVERABLE);
        for (ThrowingCallable call : calls()) {
            assertThatThrownBy(call).isInstanceOf(NotRecoverableException.class);
            requireFree();
        }
        putInt(block() + GuardedBlockLayout.JOURNAL_USED, 0);
        putInt(stripe(STRIPES) + GlibcMutexLayout.OWNER, 0);
        requireUsable();
    }

    @Test
    void shouldHoldNoStripeWhereTheDataAreLost() {
        putInt(block() + GuardedBlockLayout.FLAGS, GuardedBlockLayout.FLAG_LOST);
        for (ThrowingCallable call : calls().subList(0, 3)) {
            assertThatThrownBy(call).isInstanceOf(DataLostException.class);
            requireFree();
        }
        accounts.fill(Account.FIRST);
        requireUsable();
    }

    /** Somebody writes over a mutex that he should leave alone. The one that was acquired last is released without a complaint. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void shouldReleaseTheOtherStripesWhereOneCannotBeReleased(int stripe) {
        int[] each = {0, 1, 2, 3};
        assertThatExceptionOfType(LockException.class)
                .isThrownBy(() -> accounts.update(each, several -> putInt(stripe(stripe) + GlibcMutexLayout.LOCK, 0)))
                .satisfies(refused -> assertThat(refused.reason()).isEqualTo(LockException.Reason.NOT_HOLDER));
        requireFree();
        requireUsable();
    }

    private void requireFree() {
        List<NamedObject> objects = Region.inspect(name.name()).objects();
        assertThat(objects).hasSize(STRIPES + 1);
        assertThat(objects)
                .allSatisfy(object -> assertThat(object.mutex().orElseThrow().word())
                        .as(object.name())
                        .isZero());
    }

    /** For this thread, which is within no call, and for another. */
    private void requireUsable() {
        for (int index = 0; index < STRIPES; index++) {
            accounts.update(index, account -> account.plus(1));
            assertThat(ofAnother(index)).isEqualTo(new Account(101));
        }
    }

    private Account ofAnother(int index) {
        AtomicReference<Account> seen = new AtomicReference<>();
        Thread other = Thread.ofPlatform().start(() -> {
            try {
                accounts.get(index, Duration.ZERO).ifPresent(seen::set);
            } catch (InterruptedException never) {
                throw new AssertionError(never);
            }
        });
        try {
            other.join();
        } catch (InterruptedException never) {
            throw new AssertionError(never);
        }
        return seen.get();
    }

    /** Its mutex; behind the last stripe that of the journal. */
    private long stripe(int index) {
        long first = Region.inspect(name.name()).objects().getFirst().offset();
        return first + (long) index * MutexSlotLayout.SIZE;
    }

    private long block() {
        return Region.inspect(name.name()).objects().getLast().offset();
    }

    private void putInt(long offset, int value) {
        try (RandomAccessFile file = new RandomAccessFile(name.path(), "rw")) {
            file.seek(offset);
            file.writeInt(Integer.reverseBytes(value));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
