package io.mortmain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.mortmain.errors.LockException;
import io.mortmain.testing.TestProcess;
import io.mortmain.testing.TestRegion;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Guarded objects that a C program and a Java program share, each through its own code. */
@Timeout(TestProcess.GUARD_SECONDS)
class GuardedInCTest {
    private static final Duration GUARD = Duration.ofSeconds(TestProcess.GUARD_SECONDS);
    private static final Numbers FIRST = new Numbers(10, 20, 30);

    private final TestRegion name = new TestRegion();
    private final Region region = Region.create(name.name(), 1 << 20);

    record Numbers(long first, long second, long third) {}

    record Point(short x, long y) {}

    record Mixed(
            long count,
            @Length(12) String name,
            @Length(3) int[] numbers,
            boolean open,
            Point point,
            @Length(2) Point[] path,
            double rate) {}

    @AfterEach
    void delete() {
        region.close();
        name.close();
    }

    private TestProcess c(String object) {
        TestProcess peer = TestProcess.c("guardedpeer", name.name(), object);
        peer.expect("ready");
        return peer;
    }

    private static String ask(TestProcess peer, String command) {
        peer.say(command);
        return peer.next();
    }

    private static void askAll(TestProcess peer, String... commands) {
        for (String command : commands) {
            assertThat(ask(peer, command)).as(command).isEqualTo("ok");
        }
    }

    @Test
    void shouldSeeInCWhatJavaWroteAndBack() {
        Point[] path = {new Point((short) 1, 2), new Point((short) 3, 4)};
        Mixed first = new Mixed(7, "Kürbis", new int[] {1, -2, 3}, true, new Point((short) -5, 6), path, 0.25);
        Guarded<Mixed> mixed = region.guarded("mixed", first);
        try (TestProcess peer = c("mixed")) {
            assertThat(ask(peer, "shape")).isEqualTo("1 x 96, record Mixed 96");
            askAll(peer, "lock");
            assertThat(ask(peer, "mixed")).isEqualTo("96: 7 Kürbis 1,-2,3 1 (-5,6) (1,2) (3,4) 0.25");
            askAll(peer, "commit", "unlock");
            assertThat(mixed.get()).satisfies(next -> {
                assertThat(next.count()).isEqualTo(8);
                assertThat(next.name()).isEqualTo("Bob");
                assertThat(next.numbers()).containsExactly(4, 5, 6);
                assertThat(next.open()).isFalse();
                assertThat(next.point()).isEqualTo(new Point((short) -1, -2));
                assertThat(next.path()).containsExactly(new Point((short) 11, 12), new Point((short) 13, 14));
                assertThat(next.rate()).isEqualTo(-0.25);
            });
        }
    }

    @Test
    void shouldFindFieldsByTheirNames() {
        Point[] path = {new Point((short) 1, 2), new Point((short) 3, 4)};
        region.guarded("mixed", new Mixed(7, "", new int[3], true, path[0], path, 0));
        try (TestProcess peer = c("mixed")) {
            assertThat(ask(peer, "field count")).isEqualTo("0 8");
            assertThat(ask(peer, "field name")).isEqualTo("8 16");
            assertThat(ask(peer, "field numbers")).isEqualTo("24 12");
            assertThat(ask(peer, "field open")).isEqualTo("36 1");
            assertThat(ask(peer, "field point")).isEqualTo("40 16");
            assertThat(ask(peer, "field point.x")).isEqualTo("40 2");
            assertThat(ask(peer, "field point.y")).isEqualTo("48 8");
            assertThat(ask(peer, "field path")).isEqualTo("56 32");
            assertThat(ask(peer, "field path.y")).isEqualTo("64 8");
            assertThat(ask(peer, "field rate")).isEqualTo("88 8");
            for (String none : List.of("x", "y", "point.z", "point.", "count.x", "rat", "rates", "Mixed", "}")) {
                assertThat(ask(peer, "field " + none))
                        .isEqualTo("refused 1 guarded mixed of region " + name.path() + " has no field " + none
                                + "; look for it in its description");
            }
        }
    }

    @Test
    void shouldUndoWhatCDidNotCommit() {
        Guarded<Numbers> numbers = region.guarded("numbers", FIRST);
        try (TestProcess peer = c("numbers")) {
            askAll(peer, "lock", "put 0 11", "put 1 21", "commit", "put 1 22", "put 2 32", "put 1 23");
            assertThat(ask(peer, "used")).as("each word once").isEqualTo("2");
            askAll(peer, "unlock");
            assertThat(numbers.get()).isEqualTo(new Numbers(11, 21, 30));
            askAll(peer, "lock", "write 3 ffffffffff", "write 7 ffff");
            assertThat(ask(peer, "dump 0 16")).isEqualTo("0b0000ffffffffff" + "ff00000000000000");
            assertThat(ask(peer, "used")).isEqualTo("2");
            askAll(peer, "write 16 1e", "unlock");
            assertThat(numbers.get()).isEqualTo(new Numbers(11, 21, 30));
        }
    }

    @Test
    void shouldWriteAnyBytesAndRefuseWhatIsOutside() {
        Guarded<Numbers> numbers = region.guarded("numbers", new Numbers(0, 0, 0));
        try (TestProcess peer = c("numbers")) {
            askAll(peer, "lock", "write 5 0102030405060708090a0b0c", "write 23 ff", "commit");
            assertThat(ask(peer, "dump 0 24")).isEqualTo("00000000000102030405060708090a0b0c000000000000ff");
            for (String outside : List.of("write 24 00", "write 23 0000", "write -1 00", "write -8 0000")) {
                assertThat(ask(peer, outside))
                        .startsWith("refused 2 guarded numbers of region " + name.path() + ": ")
                        .contains(" are not in its data, which are 24 bytes at ");
            }
            assertThat(ask(peer, "used")).isEqualTo("0");
            askAll(peer, "unlock");
            assertThat(ask(peer, "put 0 1"))
                    .isEqualTo("refused 15 guarded numbers is not held by this thread; lock it first");
            assertThat(ask(peer, "commit")).startsWith("refused 15 ");
            assertThat(ask(peer, "unlock")).startsWith("refused 15 ");
            assertThat(numbers.get().third()).isEqualTo(0xffL << 56 | 0x0c);
        }
    }

    @Test
    void shouldExcludeEachOther() {
        Guarded<Numbers> numbers = region.guarded("numbers", FIRST);
        try (TestProcess peer = c("numbers")) {
            askAll(peer, "lock");
            assertThat(ask(peer, "lock")).startsWith("refused 16 guarded numbers of region ");
            CompletableFuture<Numbers> seen = CompletableFuture.supplyAsync(numbers::get);
            askAll(peer, "put 0 1", "put 0 11", "put 1 21", "commit", "unlock");
            assertThat(seen).succeedsWithin(GUARD).isEqualTo(new Numbers(11, 21, 30));
            numbers.read(_ -> {
                assertThat(ask(peer, "trylock")).isEqualTo("busy");
                assertThat(ask(peer, "timedlock 1")).isEqualTo("busy");
                return 0;
            });
            askAll(peer, "trylock", "unlock", "timedlock 60000", "unlock");
        }
    }

    @Test
    void shouldRefuseObjectsThatAreNotGuarded() {
        region.guarded("numbers", FIRST);
        region.memory("memory", 8);
        try (TestProcess peer = c("numbers")) {
            assertThat(ask(peer, "find memory"))
                    .isEqualTo("refused 8 object memory of region " + name.path()
                            + " is memory, not guarded data; ask for that, or use another name");
            assertThat(ask(peer, "find nothing")).startsWith("refused 1 ");
        }
    }

    /** A C program that knows nothing of journals takes the mutex after a death and declares the data consistent. */
    @Test
    void shouldUndoAlsoWhenSomebodyDeclaredTheDataConsistent() {
        Guarded<Numbers> numbers = region.guarded("numbers", FIRST);
        for (boolean java : new boolean[] {true, false}) {
            try (TestProcess victim = c("numbers");
                    TestProcess ignorant = c("numbers");
                    TestProcess next = c("numbers")) {
                askAll(victim, "lock", "put 0 11", "put 2 31");
                victim.kill();
                assertThat(ask(ignorant, "seize")).isEqualTo("EOWNERDEAD");
                assertThat(ask(ignorant, "used")).isEqualTo("2");
                assertThat(ask(ignorant, "seize-unlock")).isEqualTo("Success");
                if (java) {
                    assertThat(numbers.get()).isEqualTo(FIRST);
                }
                askAll(next, "lock");
                assertThat(ask(next, "dump 0 24"))
                        .isEqualTo("0a00000000000000" + "1400000000000000" + "1e00000000000000");
                askAll(next, "unlock");
            }
        }
    }

    @Test
    void shouldTellBothWhenCGaveTheMutexUp() throws InterruptedException {
        Guarded<Numbers> numbers = region.guarded("numbers", FIRST);
        try (TestProcess victim = c("numbers");
                TestProcess next = c("numbers")) {
            askAll(victim, "lock", "put 0 11");
            victim.kill();
            giveUp();
            assertThat(ask(next, "lock")).startsWith("refused 17 guarded numbers of region ");
            assertThatExceptionOfType(LockException.class).isThrownBy(numbers::get);
            numbers.reset();
            assertThat(numbers.get()).isEqualTo(FIRST);
        }
    }

    private void giveUp() {
        try (TestProcess careless = c("numbers")) {
            assertThat(ask(careless, "give-up")).isEqualTo("EOWNERDEAD");
        }
    }

    @Test
    void shouldShareAnArrayAndRefuseOneWithStripes() {
        GuardedArray<Numbers> array = region.guardedArray("array", 4, FIRST);
        try (TestProcess peer = c("array")) {
            askAll(peer, "lock", "put 3 7", "put 9 8", "commit", "put 5 9"); // words of 3 a record
            peer.kill();
        }
        assertThat(array.get(new int[] {1, 3})).containsExactly(new Numbers(7, 20, 30), new Numbers(8, 20, 30));
        region.guardedArray("striped", 4, FIRST, GuardedArray.Options.DEFAULT.withStripes(2));
        try (TestProcess peer = TestProcess.c("guardedpeer", name.name(), "striped")) {
            assertThat(peer.expect("refused")).contains("has stripes, which only Java programs can use");
        }
    }

    @Test
    void shouldWakeCWhenJavaCommits() {
        Guarded<Numbers> numbers = region.guarded("numbers", FIRST);
        try (TestProcess waiter = c("numbers")) {
            for (long next = 0; !ask(waiter, "wakes").startsWith("0 3"); next++) { // the end of a slice may be faster
                askAll(waiter, "lock");
                waiter.say("wait " + next);
                waiter.awaitSleepingInFutex();
                numbers.set(new Numbers(next, 0, 0));
                assertThat(waiter.next()).isEqualTo("ok");
                askAll(waiter, "unlock");
            }
        }
    }

    @Test
    void shouldWakeJavaWhenCCommits() {
        Guarded<Numbers> numbers = region.guarded("numbers", FIRST);
        try (TestProcess committer = c("numbers")) {
            for (long next = 0; !ask(committer, "wakes").startsWith("3 "); next++) {
                long awaited = next;
                CompletableFuture<Numbers> waiter = CompletableFuture.supplyAsync(() -> await(numbers, awaited));
                askAll(committer, "lock", "put 0 " + next, "commit", "unlock");
                assertThat(waiter).succeedsWithin(GUARD).isEqualTo(new Numbers(next, 20, 30));
            }
        }
    }

    private static Numbers await(Guarded<Numbers> numbers, long first) {
        try {
            return numbers.await(seen -> seen.first() == first);
        } catch (InterruptedException never) {
            throw new AssertionError(never);
        }
    }
}
