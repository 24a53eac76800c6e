package io.mortmain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mortmain.GuardedArray.Elements;
import io.mortmain.GuardedArray.Options;
import io.mortmain.errors.DataLostException;
import io.mortmain.errors.LockException;
import io.mortmain.errors.RegionException;
import io.mortmain.errors.RegionException.Reason;
import io.mortmain.errors.TransactionTooLargeException;
import io.mortmain.internal.layout.MutexSlotLayout;
import io.mortmain.internal.layout.RegionGeometry;
import io.mortmain.internal.lock.RebootMark;
import io.mortmain.testing.TestRegion;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GuardedArrayTest {
    private static final long CAPACITY = 1 << 20;
    private static final int LENGTH = 10;

    private final TestRegion name = new TestRegion();
    private final Region region = Region.create(name.name(), CAPACITY);

    record Account(long balance, int moves) {
        static final Account FIRST = new Account(100, 0);

        Account plus(long amount) {
            if (balance + amount < 0) {
                throw new IllegalArgumentException("too poor");
            }
            return new Account(balance + amount, moves + 1);
        }
    }

    record Person(int age, @Length(8) String name) {}

    private GuardedArray<Account> accounts(int stripes) {
        return region.guardedArray("accounts", LENGTH, Account.FIRST, Options.DEFAULT.withStripes(stripes));
    }

    @AfterEach
    void delete() {
        region.close();
        name.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void shouldWaitForAMutexNoLongerThanSaid(int stripes) throws InterruptedException {
        GuardedArray<Account> accounts = accounts(stripes);
        CountDownLatch holds = new CountDownLatch(1);
        CountDownLatch enough = new CountDownLatch(1);
        Thread holder = Thread.ofPlatform()
                .start(() -> accounts.update(3, account -> {
                    holds.countDown();
                    try {
                        enough.await();
                    } catch (InterruptedException e) {
                        throw new AssertionError(e);
                    }
                    return account.plus(1);
                }));
        holds.await();
        assertThat(accounts.get(3, Duration.ZERO)).isEmpty();
        assertThat(accounts.update(3, account -> account.plus(5), Duration.ofMillis(1)))
                .isFalse();
        assertThat(accounts.await(3, _ -> true, Duration.ofMillis(10))).isEmpty();
        assertThat(accounts.getAll(Duration.ofMillis(1))).isEmpty();
        assertThat(accounts.fill(new Account(7, 7), Duration.ofMillis(1))).isFalse();
        assertThat(accounts.await(3, _ -> true, Duration.ofSeconds(Long.MIN_VALUE)))
                .isEmpty();
        assertThat(accounts.get(4, Duration.ZERO).isPresent()).isEqualTo(stripes > 1);
        enough.countDown();
        holder.join();
        assertThat(accounts.get(3, Duration.ZERO)).contains(new Account(101, 1));
        assertThat(accounts.update(3, account -> account.plus(5), Duration.ofSeconds(Long.MAX_VALUE)))
                .isTrue();
        assertThat(accounts.get(3)).isEqualTo(new Account(106, 2));
        assertThat(accounts.get(4)).isEqualTo(Account.FIRST);
        assertThat(accounts.fill(new Account(7, 7), Duration.ZERO)).isTrue();
        assertThat(accounts.getAll()).isEqualTo(Collections.nCopies(LENGTH, new Account(7, 7)));
    }

    private static void move(GuardedArray<Account> accounts, int from, int to, long amount) {
        accounts.update(new int[] {from, to}, several -> {
            several.update(from, account -> account.plus(-amount));
            several.update(to, account -> account.plus(amount));
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4, 64})
    void shouldKeepWhatWasChangedForEverybody(int stripes) {
        GuardedArray<Account> accounts = accounts(stripes);
        assertThat(accounts.length()).isEqualTo(LENGTH);
        assertThat(accounts.getAll()).isEqualTo(Collections.nCopies(LENGTH, Account.FIRST));
        accounts.set(3, new Account(7, 1));
        assertThat(accounts.updateAndGet(9, account -> account.plus(5))).isEqualTo(new Account(105, 1));
        move(accounts, 9, 0, 50);
        try (Region again = Region.open(name.name())) {
            GuardedArray<Account> same =
                    again.guardedArray("accounts", LENGTH, new Account(0, 0), Options.DEFAULT.withStripes(stripes));
            assertThat(same.get(3)).isEqualTo(new Account(7, 1));
            assertThat(same.get(new int[] {9, 0, 9, 1}))
                    .containsExactly(new Account(55, 2), new Account(150, 1), new Account(55, 2), Account.FIRST);
            assertThat(again.guardedArray("accounts").get(0)).isEqualTo(Map.of("balance", 150L, "moves", 1));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void shouldLeaveEverythingAsItWasAfterAnException(int stripes) {
        GuardedArray<Account> accounts = accounts(stripes);
        assertThatThrownBy(() -> move(accounts, 1, 2, 101)).hasMessage("too poor");
        assertThatThrownBy(() -> accounts.update(new int[] {1, 2}, several -> {
                    several.set(1, new Account(0, 1));
                    throw new IllegalStateException("changed its mind");
                }))
                .hasMessage("changed its mind");
        assertThatThrownBy(() -> accounts.update(1, account -> account.plus(-101)))
                .hasMessage("too poor");
        assertThat(accounts.getAll()).isEqualTo(Collections.nCopies(LENGTH, Account.FIRST));
        move(accounts, 1, 2, 100);
        assertThat(accounts.get(1)).isEqualTo(new Account(0, 1));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void shouldLeaveAnElementAsItWasWhoseNextValueDoesNotFit(int stripes) {
        GuardedArray<Person> people =
                region.guardedArray("people", 3, new Person(1, "ann"), Options.DEFAULT.withStripes(stripes));
        people.update(new int[] {0, 1}, several -> {
            assertThatExceptionOfType(RegionException.class)
                    .isThrownBy(() -> several.set(0, new Person(2, "far too long")))
                    .satisfies(refused -> assertThat(refused.reason()).isEqualTo(Reason.INVALID_ARGUMENT));
            several.set(1, new Person(3, "bo"));
        });
        assertThatExceptionOfType(RegionException.class).isThrownBy(() -> people.set(2, new Person(2, "far too long")));
        assertThat(people.getAll()).containsExactly(new Person(1, "ann"), new Person(3, "bo"), new Person(1, "ann"));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void shouldShowATransactionItsOwnChanges(int stripes) {
        GuardedArray<Account> accounts = accounts(stripes);
        accounts.update(new int[] {5, 6, 5}, several -> {
            several.set(5, new Account(1, 1));
            assertThat(several.get(5)).isEqualTo(new Account(1, 1));
            assertThat(several.get(6)).isEqualTo(Account.FIRST);
        });
        assertThat(accounts.get(5)).isEqualTo(new Account(1, 1));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void shouldEndATransactionsElementsWithIt(int stripes) throws InterruptedException {
        GuardedArray<Account> accounts = accounts(stripes);
        AtomicReference<Elements<Account>> kept = new AtomicReference<>();
        AtomicReference<Throwable> elsewhere = new AtomicReference<>();
        accounts.update(new int[] {1}, several -> {
            kept.set(several);
            Thread other = Thread.ofPlatform()
                    .uncaughtExceptionHandler((_, thrown) -> elsewhere.set(thrown))
                    .start(() -> several.get(1));
            join(other);
        });
        assertThat(elsewhere.get()).isInstanceOf(WrongThreadException.class);
        assertThatThrownBy(() -> kept.get().get(1)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> kept.get().set(1, Account.FIRST)).isInstanceOf(IllegalStateException.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void shouldRefuseIndexesWithNumbers(int stripes) {
        GuardedArray<Account> accounts = accounts(stripes);
        for (int wrong : new int[] {-1, LENGTH, Integer.MAX_VALUE}) {
            List<Consumer<GuardedArray<Account>>> uses = List.of(
                    array -> array.get(wrong),
                    array -> array.set(wrong, Account.FIRST),
                    array -> array.update(wrong, account -> account),
                    array -> array.get(new int[] {0, wrong}),
                    array -> array.update(new int[] {0, wrong}, _ -> {}));
            for (Consumer<GuardedArray<Account>> use : uses) {
                assertThatExceptionOfType(IndexOutOfBoundsException.class)
                        .isThrownBy(() -> use.accept(accounts))
                        .withMessageContaining("no element " + wrong + " of")
                        .withMessageContaining("0 to 9");
            }
        }
        assertThatExceptionOfType(IndexOutOfBoundsException.class)
                .isThrownBy(() -> accounts.update(new int[] {1, 3}, several -> several.get(2)))
                .withMessageContaining("element 2")
                .withMessageContaining("[1, 3]");
        assertThat(accounts.get(3)).isEqualTo(Account.FIRST);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void shouldRefuseToBeUsedFromInside(int stripes) {
        GuardedArray<Account> accounts = accounts(stripes);
        GuardedArray<Account> sameByAnotherName = accounts(stripes);
        List<Runnable> uses = List.of(
                () -> accounts.get(2),
                () -> sameByAnotherName.get(3),
                () -> accounts.set(1, Account.FIRST),
                () -> move(accounts, 2, 7, 1),
                accounts::getAll,
                () -> accounts.fill(Account.FIRST));
        for (Runnable use : uses) {
            assertThatExceptionOfType(LockException.class)
                    .isThrownBy(() -> accounts.update(1, account -> {
                        use.run();
                        return account;
                    }))
                    .satisfies(refused -> assertThat(refused.reason()).isEqualTo(LockException.Reason.WOULD_DEADLOCK));
        }
        GuardedArray<Account> others =
                region.guardedArray("others", LENGTH, Account.FIRST, Options.DEFAULT.withStripes(stripes));
        assertThat(accounts.updateAndGet(1, _ -> others.get(1).plus(1))).isEqualTo(new Account(101, 1));
        assertThat(accounts.get(2)).isEqualTo(Account.FIRST);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void shouldRefuseATransactionThatIsTooLarge(int stripes) {
        Options options = Options.DEFAULT.withStripes(stripes).withElementsPerTransaction(2);
        GuardedArray<Account> accounts = region.guardedArray("accounts", LENGTH, Account.FIRST, options);
        int[] three = {1, 2, 3};
        assertThatExceptionOfType(TransactionTooLargeException.class)
                .isThrownBy(() -> accounts.update(three, several -> {
                    for (int index : three) {
                        several.set(index, new Account(-5, 1));
                    }
                }));
        assertThat(accounts.getAll()).isEqualTo(Collections.nCopies(LENGTH, Account.FIRST));
        accounts.update(three, several -> {
            several.set(1, new Account(several.get(2).balance() + 1, 1));
            several.set(3, new Account(-5, 1));
        });
        assertThat(accounts.get(three)).containsExactly(new Account(101, 1), Account.FIRST, new Account(-5, 1));
        accounts.fill(new Account(8, 8));
        assertThat(accounts.getAll()).isEqualTo(Collections.nCopies(LENGTH, new Account(8, 8)));
        move(accounts, 4, 5, 1);
        accounts.fill(new Account(8, 8)); // little enough for one transaction
        assertThat(accounts.getAll()).isEqualTo(Collections.nCopies(LENGTH, new Account(8, 8)));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void shouldRefuseAlsoWhatNamesNoElementWhenTheRegionIsClosed(int stripes) {
        GuardedArray<Account> accounts = accounts(stripes);
        assertThat(accounts.get(new int[0])).isEmpty();
        accounts.update(new int[0], _ -> {});
        region.close();
        for (Runnable use :
                List.<Runnable>of(() -> accounts.get(new int[0]), () -> accounts.update(new int[0], _ -> {}))) {
            assertThatExceptionOfType(LockException.class)
                    .isThrownBy(use::run)
                    .satisfies(refused -> assertThat(refused.reason()).isEqualTo(LockException.Reason.CLOSED));
        }
    }

    @Test
    void shouldRefuseAnotherShape() {
        accounts(4);
        for (int stripes : new int[] {1, 5}) {
            assertThatExceptionOfType(RegionException.class)
                    .isThrownBy(() -> accounts(stripes))
                    .withMessageContaining("has 4 stripes and was asked for with " + stripes)
                    .satisfies(refused -> assertThat(refused.reason()).isEqualTo(Reason.INCOMPATIBLE));
        }
        Options striped = Options.DEFAULT.withStripes(4);
        assertThatExceptionOfType(RegionException.class)
                .isThrownBy(() -> region.guardedArray("accounts", LENGTH + 1, Account.FIRST, striped))
                .withMessageContaining("has 10 records and was asked for with 11");
        assertThatExceptionOfType(RegionException.class)
                .isThrownBy(() -> region.guardedArray("accounts", LENGTH, new Person(1, "ann"), striped))
                .withMessageContaining("string[8] name");
        region.guardedArray("one", 1, Account.FIRST, striped);
        assertThatExceptionOfType(RegionException.class)
                .isThrownBy(() -> region.guarded("one", Account.FIRST))
                .withMessageContaining("has 4 stripes");
        assertThatExceptionOfType(RegionException.class)
                .isThrownBy(() -> region.guarded("one"))
                .withMessageContaining("has 4 stripes");
        assertThatExceptionOfType(RegionException.class)
                .isThrownBy(() -> region.guardedArray("none", 0, Account.FIRST))
                .satisfies(refused -> assertThat(refused.reason()).isEqualTo(Reason.INVALID_ARGUMENT));
        assertThatExceptionOfType(RegionException.class)
                .isThrownBy(() -> region.guardedArray("x".repeat(70), 1, Account.FIRST, striped))
                .withMessageContaining("at most 62 bytes");
        region.guardedArray("x".repeat(62), 1, Account.FIRST, Options.DEFAULT.withStripes(64));
    }

    @Test
    void shouldNameStripesInTheDirectory() {
        accounts(2);
        assertThat(Region.inspect(name.name()).objects())
                .extracting(object -> object.name())
                .containsExactly("accounts (stripe 0 of 2)", "accounts (stripe 1 of 2)", "accounts");
    }

    @Test
    void shouldWorkOnOtherStripesMeanwhile() {
        GuardedArray<Account> accounts = accounts(4);
        AtomicReference<Account> moved = new AtomicReference<>();
        accounts.update(1, account -> {
            join(Thread.ofPlatform().start(() -> {
                move(accounts, 2, 3, 4);
                moved.set(accounts.get(3));
            }));
            return account.plus(1);
        });
        assertThat(moved.get()).isEqualTo(new Account(104, 1));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void shouldWaitForAChange(int stripes) throws InterruptedException {
        GuardedArray<Account> accounts = accounts(stripes);
        assertThat(accounts.await(2, account -> account.balance() == 103, Duration.ofMillis(1)))
                .isEmpty();
        for (Thread.Builder builder : new Thread.Builder[] {Thread.ofPlatform(), Thread.ofVirtual()}) {
            accounts.fill(Account.FIRST);
            AtomicReference<Account> seen = new AtomicReference<>();
            Thread waiter = builder.start(() -> {
                try {
                    seen.set(accounts.await(2, account -> account.balance() == 103));
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            });
            for (int i = 0; i < 3; i++) {
                move(accounts, 1, 2, 1);
            }
            waiter.join(Duration.ofSeconds(30));
            assertThat(seen.get()).isEqualTo(new Account(103, 3));
        }
    }

    @ParameterizedTest
    @CsvSource({"1, false", "1, true", "4, false", "4, true"})
    void shouldBeLostAfterARebootUntilItIsFilled(int stripes, boolean isTimed) throws Exception {
        GuardedArray<Account> accounts = accounts(stripes);
        markAsRebooted();
        for (int index : new int[] {6, 1, 6}) {
            assertThatThrownBy(() -> accounts.get(index)).isInstanceOf(DataLostException.class);
        }
        assertThatThrownBy(() -> move(accounts, 1, 2, 1)).isInstanceOf(DataLostException.class);
        assertThatThrownBy(() -> accounts.await(3, _ -> true)).isInstanceOf(DataLostException.class);
        if (isTimed) {
            assertThat(accounts.fill(Account.FIRST, Duration.ZERO)).isTrue();
        } else {
            accounts.fill(Account.FIRST);
        }
        for (int index = 0; index < LENGTH; index++) {
            assertThat(accounts.get(index)).isEqualTo(Account.FIRST);
        }
    }

    /** As the first to open the region after a reboot does. */
    private void markAsRebooted() throws IOException {
        RegionGeometry geometry = new RegionGeometry(CAPACITY, RegionOptions.DEFAULT.maxObjects());
        try (FileChannel file =
                FileChannel.open(Path.of(name.path()), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer locks = file.map(MapMode.READ_WRITE, geometry.lockArea(), geometry.lockAreaSize())
                    .order(ByteOrder.LITTLE_ENDIAN);
            for (int slot = 0; slot <= geometry.maxObjects(); slot++) {
                RebootMark.mark(locks, slot * MutexSlotLayout.SIZE);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void shouldKeepTheSumAmongThreads(int stripes) throws InterruptedException {
        GuardedArray<Account> accounts = accounts(stripes);
        int movers = 4;
        CountDownLatch moving = new CountDownLatch(movers);
        List<Thread> threads = new ArrayList<>();
        for (int mover = 0; mover < movers; mover++) {
            int step = mover + 1;
            threads.add((mover % 2 == 0 ? Thread.ofPlatform() : Thread.ofVirtual()).start(() -> {
                for (int i = 0; i < 500; i++) {
                    int from = i % LENGTH;
                    int to = (from + step) % LENGTH;
                    accounts.update(new int[] {from, to}, several -> {
                        long amount = Math.min(several.get(from).balance(), 7);
                        several.update(from, account -> account.plus(-amount));
                        several.update(to, account -> account.plus(amount));
                    });
                }
                moving.countDown();
            }));
        }
        do {
            assertThat(accounts.getAll().stream().mapToLong(Account::balance).sum())
                    .isEqualTo(100 * LENGTH);
        } while (moving.getCount() > 0 && threads.stream().anyMatch(Thread::isAlive));
        threads.forEach(GuardedArrayTest::join);
        assertThat(accounts.getAll().stream().mapToLong(Account::balance).sum()).isEqualTo(100 * LENGTH);
        assertThat(accounts.getAll().stream().mapToInt(Account::moves).sum()).isEqualTo(2 * movers * 500);
    }

    private static void join(Thread thread) {
        try {
            thread.join(Duration.ofSeconds(60));
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        assertThat(thread.isAlive()).isFalse();
    }
}
