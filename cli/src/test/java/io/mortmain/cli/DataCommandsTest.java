package io.mortmain.cli;

import static io.mortmain.cli.CliProcess.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import io.mortmain.Guarded;
import io.mortmain.GuardedArray;
import io.mortmain.Length;
import io.mortmain.MutexSnapshot;
import io.mortmain.Region;
import io.mortmain.RegionSnapshot.NamedObject;
import io.mortmain.SharedHeap;
import io.mortmain.cli.CliProcess.Result;
import io.mortmain.internal.layout.GlibcMutexLayout;
import io.mortmain.internal.layout.GuardedBlockLayout;
import io.mortmain.internal.layout.MutexSlotLayout;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code mortmain get} and {@code set}, and guarded data in {@code inspect} and {@code reset}. */
class DataCommandsTest {
    private final String name =
            "mortmain-test-data-" + ProcessHandle.current().pid() + "-" + Long.toHexString(System.nanoTime());
    private final Region region = Region.create(name, 1 << 18);
    private final Guarded<Bank> bank = region.guarded("bank", FIRST);

    record Order(long price, @Length(8) String of) {}

    /** Ten of them are more than the 4 MiB that are read of a region to show it. */
    record Page(@Length(500_000) String text) {}

    record Bank(
            long alice,
            int bob,
            boolean open,
            char sign,
            double rate,
            float share,
            byte small,
            @Length(16) String name,
            @Length(12) int[] counts,
            @Length(2) Order[] orders) {}

    private static final Bank FIRST =
            new Bank(5, -7, true, 'x', 0.5, 1.5f, (byte) 1, "the \"old\"\n bank", new int[12], new Order[] {
                new Order(7, "tea"), new Order(0, "")
            });

    @AfterEach
    void removeFile() throws IOException {
        region.close();
        Files.deleteIfExists(Path.of("/dev/shm", name));
    }

    private String of(String object) {
        return name + "/" + object;
    }

    private String get(String object) {
        Result result = CliProcess.runHere("get", of(object));
        assertThat(result.exitCode()).as(result.toString()).isEqualTo(Main.OK);
        return result.out();
    }

    private static void assertSilent(Result result) {
        assertThat(result).isEqualTo(new Result(Main.OK, "", ""));
    }

    private static NamedObject object(String region, String object) {
        return Region.inspect(region).objects().stream()
                .filter(candidate -> candidate.name().equals(object))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void shouldPrintARecord() {
        Result result = CliProcess.run("get", of("bank"));
        assertThat(result.exitCode()).as(result.toString()).isEqualTo(Main.OK);
        assertThat(result.out()).isEqualTo("""
                alice = 5
                bob = -7
                open = true
                sign = "x"
                rate = 0.5
                share = 1.5
                small = 1
                name = "the \\"old\\"\\u{a} bank"
                counts = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]
                orders[0].price = 7
                orders[0].of = "tea"
                orders[1].price = 0
                orders[1].of = ""
                """);
        assertThat(CliProcess.runHere("get", of("bank"), "--json").out())
                .startsWith("{\"alice\":5,\"bob\":-7,\"open\":true,\"sign\":\"x\",\"rate\":0.5,")
                .endsWith("\"orders\":[{\"price\":7,\"of\":\"tea\"},{\"price\":0,\"of\":\"\"}]}\n");
    }

    @ParameterizedTest
    @CsvSource({
        "bank.alice, 5",
        "bank.open, true",
        "bank.orders[0].of, tea",
        "bank.orders[1].price, 0",
        "bank.counts[11], 0",
        "bank.name, the \"old\"\\u{a} bank"
    })
    void shouldPrintAPartPlainly(String object, String value) {
        assertThat(get(object)).isEqualTo(value + "\n");
    }

    @Test
    void shouldPrintThePartsOfEachElement() {
        region.guardedArray("banks", 2, FIRST);
        assertSilent(CliProcess.runHere("set", of("bank"), "counts[*]=1", "counts[0]=2", "share=-0"));
        assertThat(get("bank.counts[*]")).isEqualTo("2\n" + "1\n".repeat(11)).isEqualTo(get("bank.counts"));
        assertThat(get("bank.share")).isEqualTo("-0.0\n");
        assertThat(get("bank.orders[*].of")).isEqualTo("tea\n\n");
        assertThat(get("banks[*].orders[*].price")).isEqualTo("[7, 0]\n[7, 0]\n");
        assertThat(get("banks[*].orders"))
                .startsWith("[0][0].price = 7\n[0][0].of = \"tea\"\n[0][1].price = 0\n[0][1].of = \"\"\n[1][0].price");
        assertThat(CliProcess.runHere("get", of("banks[*].orders[*].price"), "--json")
                        .out())
                .isEqualTo("[[7,0],[7,0]]\n");
        assertRefused(CliProcess.runHere("get", of("bank.alice[*]")), Main.NOT_FOUND, "alice has no parts");
    }

    @Test
    void shouldPrintAPartOfARegionGivenByItsPath(@TempDir Path folder) {
        Path file = folder.resolve("a.region");
        try (Region onDisk = Region.create(file.toString(), 1 << 16)) {
            onDisk.guarded("bank.of.dots", new Order(3, "x"));
            onDisk.guarded("bank", new Order(4, "y"));
        }
        assertThat(CliProcess.runHere("get", file + "/bank.of.dots.price").out())
                .isEqualTo("3\n");
        assertThat(CliProcess.runHere("get", file + "/bank.price").out()).isEqualTo("4\n");
    }

    @Test
    void shouldChangeFieldsTogether() {
        assertSilent(CliProcess.run(
                "set",
                of("bank"),
                "alice=0x10",
                "bob=-8",
                "open=false",
                "sign=ü",
                "rate=-2e-3",
                "share=NaN",
                "small=-0x80",
                "name=a=b ü",
                "counts[3]=7",
                "orders[1].of=",
                "orders[0].price=9223372036854775807"));
        Bank now = bank.get();
        assertThat(now.share()).isNaN();
        assertThat(List.of(now.alice(), now.bob(), now.open(), now.sign(), now.rate(), now.small(), now.name()))
                .isEqualTo(List.of(16L, -8, false, 'ü', -0.002, (byte) -128, "a=b ü"));
        assertThat(now.counts()).containsExactly(0, 0, 0, 7, 0, 0, 0, 0, 0, 0, 0, 0);
        assertThat(now.orders()).containsExactly(new Order(Long.MAX_VALUE, "tea"), new Order(0, ""));
        assertThat(CliProcess.runHere("get", of("bank.share"), "--json").out()).isEqualTo("\"NaN\"\n");
        assertSilent(CliProcess.runHere("set", of("bank.orders[0]"), "price=1"));
        assertThat(get("bank.orders[0].price")).isEqualTo("1\n");
    }

    @ParameterizedTest
    @CsvSource({
        "bob=2147483648, an integer from -2147483648 to 2147483647",
        "bob=, an integer",
        "bob=1.5, an integer",
        "small=0x80, an integer from -128 to 127",
        "orders[1].price=nine, an integer",
        "open=1, true or false",
        "sign=xy, a single character",
        "rate=much, a number",
        "rate=1e400, a number of at most 1.7976931348623157E308",
        "share=1e300, a number of at most 3.4028235E38",
        "share=-1e999, a number of at most 3.4028235E38",
        "share=1e-50, '0, or a number of at least 1.4E-45'",
        "rate=-1e-400, '0, or a number of at least 4.9E-324'",
        "alice=2, alice is given twice",
        "name=12345678901234567, at most 16",
        "counts=1, counts[0]=VALUE",
        "orders[0]=1, orders[0].FIELD=VALUE",
        "alice, is not FIELD=VALUE",
        "=5, is not FIELD=VALUE",
        "name=\ufffd, not text in this locale"
    })
    void shouldRefuseAValueThatCannotBeThereAndChangeNothing(String assignment, String because) {
        assertRefused(CliProcess.runHere("set", of("bank"), "alice=1", assignment), Main.USAGE, because);
        assertThat(bank.get().alice()).isEqualTo(5);
    }

    @ParameterizedTest
    @CsvSource({
        "bank, nobody=1, the record has the fields alice",
        "bank, counts[12]=1, counts has elements [0] to [11]",
        "bank, counts[01]=1, counts has elements",
        "bank, alice.x=1, alice has no parts",
        "bank[1], bob=1, There is no record [1]",
        "nothing, bob=1, There is no object nothing"
    })
    void shouldSayWhatIsNotThereAndChangeNothing(String object, String assignment, String because) {
        assertRefused(CliProcess.runHere("set", of(object), "alice=1", assignment), Main.NOT_FOUND, because);
        assertThat(bank.get().alice()).isEqualTo(5);
    }

    @Test
    void shouldChangeOnlyIfTheValuesAreThose() {
        String[] command = {"set", of("bank"), "alice=6", "--if", "alice=5", "--if", "orders[0].of=tea"};
        assertSilent(CliProcess.runHere(command));
        assertRefused(CliProcess.runHere(command), SetCommand.IS_NOT, "alice is 6 and not 5; nothing was changed");
        assertThat(bank.get().alice()).isEqualTo(6);
    }

    @Test
    void shouldGetAndSetCounters() {
        region.counter("hits").set(-3);
        assertThat(get("hits")).isEqualTo("-3\n");
        assertSilent(CliProcess.runHere("set", of("hits"), "-5"));
        assertThat(region.counter("hits").get()).isEqualTo(-5);
        assertSilent(CliProcess.runHere("set", of("hits"), "0x7", "--if", "-5"));
        assertRefused(CliProcess.runHere("set", of("hits"), "8", "--if", "-5"), SetCommand.IS_NOT, "is not -5");
        assertRefused(CliProcess.runHere("set", of("hits"), "x"), Main.USAGE, "an integer");
        assertRefused(CliProcess.runHere("set", of("hits"), "1", "2"), Main.USAGE, "one value");
        assertRefused(CliProcess.runHere("get", of("hits.x")), Main.NOT_FOUND, "a counter has no parts");
        assertThat(region.counter("hits").get()).isEqualTo(7);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void shouldGetAndSetElementsOfArrays(int stripes) {
        GuardedArray<Order> orders = region.guardedArray(
                "orders", 12, new Order(3, "tea"), GuardedArray.Options.DEFAULT.withStripes(stripes));
        assertSilent(CliProcess.runHere("set", of("orders[11]"), "price=99", "of=x"));
        assertThat(orders.get(11)).isEqualTo(new Order(99, "x"));
        assertThat(orders.get(10)).isEqualTo(new Order(3, "tea"));
        assertThat(get("orders[11].price")).isEqualTo("99\n");
        assertThat(get("orders[11]")).isEqualTo("price = 99\nof = \"x\"\n");
        assertThat(get("orders"))
                .startsWith("[0].price = 3\n[0].of = \"tea\"\n[1].price = 3\n")
                .endsWith("[11].price = 99\n[11].of = \"x\"\n");
        assertThat(get("orders[*]")).isEqualTo(get("orders"));
        assertThat(get("orders[*].price")).isEqualTo("3\n".repeat(11) + "99\n");
        assertThat(CliProcess.runHere("get", of("orders"), "--json").out())
                .startsWith("[{\"price\":3,\"of\":\"tea\"},")
                .endsWith("{\"price\":99,\"of\":\"x\"}]\n");
        assertThat(CliProcess.runHere("get", of("orders[*].of"), "--json").out())
                .isEqualTo("[" + "\"tea\",".repeat(11) + "\"x\"]\n");
        assertRefused(CliProcess.runHere("get", of("orders.price")), Main.USAGE, "or each by orders[*]");
        assertRefused(CliProcess.runHere("get", of("orders[*].x")), Main.NOT_FOUND, "the record has the fields");
        for (String index : List.of("12", "-1", "99999999999")) {
            assertRefused(
                    CliProcess.runHere("get", of("orders[" + index + "]")),
                    Main.NOT_FOUND,
                    "no record [" + index + "]");
        }
        assertThat(CliProcess.runHere("inspect", name).out())
                .contains("  records 12 of 24 bytes\n", "  values  the first 10 of 12 records\n")
                .contains("  data    [0].price = 3\n", "          [9].of = \"tea\"\n")
                .doesNotContain("[10].price");
    }

    /** It has its element count in the region: of what is shown without opening it, nothing is left for these. */
    @Test
    void shouldGetAndSetWhatStandsBehindMoreThanIsShown() {
        String large = name + "-large";
        try (Region region = Region.create(large, 1 << 24)) {
            region.guardedArray("large", 12, new Page(""), GuardedArray.Options.DEFAULT.withElementsPerTransaction(1));
            GuardedArray<Order> orders = region.guardedArray("orders", 3, new Order(3, "tea"));
            region.counter("hits").set(8);
            assertThat(object(large, "orders").guarded().orElseThrow().values()).isEmpty();
            assertThat(CliProcess.runHere("get", large + "/orders[2].price").out())
                    .isEqualTo("3\n");
            assertSilent(CliProcess.runHere("set", large + "/orders[2]", "price=4"));
            assertThat(orders.get(2).price()).isEqualTo(4);
            assertRefused(CliProcess.runHere("get", large + "/orders[3]"), Main.NOT_FOUND, "it has [0] to [2]");
            assertThat(CliProcess.runHere("get", large + "/hits").out()).isEqualTo("8\n");
            assertSilent(CliProcess.runHere("set", large + "/hits", "9"));
            assertThat(CliProcess.runHere("get", large + "/large[11].text").out())
                    .isEqualTo("\n");
        } finally {
            Region.delete(large);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void shouldWaitForEachElementNoLongerThanSaid(int stripes) throws InterruptedException {
        GuardedArray<Order> orders = region.guardedArray(
                "orders", 3, new Order(3, "tea"), GuardedArray.Options.DEFAULT.withStripes(stripes));
        CountDownLatch holds = new CountDownLatch(1);
        CountDownLatch enough = new CountDownLatch(1);
        Thread holder = Thread.ofPlatform()
                .start(() -> orders.update(1, order -> {
                    holds.countDown();
                    try {
                        enough.await();
                    } catch (InterruptedException e) {
                        throw new AssertionError(e);
                    }
                    return order;
                }));
        holds.await();
        assertRefused(
                CliProcess.run("set", of("orders[*]"), "price=9", "of=x", "--timeout", "1ms"),
                DataOptions.TIME_OVER,
                "for 1ms, and nothing was done");
        enough.countDown();
        holder.join();
        assertThat(orders.getAll()).containsOnly(new Order(3, "tea"));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void shouldGetAndSetAnArrayOfOneWithoutAnIndex(int stripes) {
        GuardedArray<Order> orders = region.guardedArray(
                "orders", 1, new Order(3, "tea"), GuardedArray.Options.DEFAULT.withStripes(stripes));
        assertThat(get("orders.price")).isEqualTo("3\n");
        assertSilent(CliProcess.runHere("set", of("orders"), "price=4"));
        assertThat(orders.get(0)).isEqualTo(new Order(4, "tea"));
        assertThat(get("orders[0].price")).isEqualTo("4\n");
    }

    @Test
    void shouldRefuseWhatHasNoValueThatItKnows() {
        region.mutex("lock");
        region.memory("bytes", 8);
        assertRefused(CliProcess.runHere("get", of("lock")), Main.FAILED, "no guarded record or counter");
        assertRefused(CliProcess.runHere("set", of("bytes"), "x=1"), Main.FAILED, "no guarded record or counter");
        assertRefused(CliProcess.runHere("get", name), Main.USAGE, "names no object");
        assertRefused(CliProcess.runHere("get", "mortmain-test-none/x"), Main.NOT_FOUND, "there is no such file");
        assertRefused(CliProcess.runHere("get", of("bank"), "--timeout", "soon"), Main.USAGE, "--timeout is soon");
        region.counter("hits");
        assertRefused(CliProcess.runHere("get", of("hits"), "--timeout", "soon"), Main.USAGE, "--timeout is soon");
        assertRefused(CliProcess.runHere("set", of("hits"), "1", "--timeout=-1"), Main.USAGE, "--timeout is -1");
    }

    @Test
    void shouldWaitForTheLockNoLongerThanSaid() throws InterruptedException {
        CountDownLatch holds = new CountDownLatch(1);
        CountDownLatch enough = new CountDownLatch(1);
        Thread holder = Thread.ofPlatform()
                .start(() -> bank.read(_ -> {
                    holds.countDown();
                    try {
                        enough.await();
                    } catch (InterruptedException e) {
                        throw new AssertionError(e);
                    }
                    return 0;
                }));
        holds.await();
        assertRefused(CliProcess.run("get", of("bank"), "--timeout", "1ms"), DataOptions.TIME_OVER, "for 1ms, and");
        assertRefused(
                CliProcess.run("set", of("bank"), "alice=1", "--timeout", "0.01"),
                DataOptions.TIME_OVER,
                "others had the lock of " + of("bank") + " for 0.01 s, and nothing was done");
        assertThat(CliProcess.runHere("inspect", name).out())
                .contains("  values  may be half-written; mortmain get waits for the lock\n");
        assertThat(CliProcess.runHere("inspect", name, "--json").out()).contains("\"mayBeHalfWritten\":true,");
        enough.countDown();
        holder.join();
        assertThat(bank.get().alice()).isEqualTo(5);
    }

    @Test
    void shouldShowGuardedDataByField() {
        region.counter("hits").set(-3);
        Result result = CliProcess.run("inspect", name);
        assertThat(result.exitCode()).isEqualTo(Main.OK);
        assertThat(result.out())
                .contains("guarded   bank\n", "  schema  record Bank ", "\n          0 long alice\n")
                .contains("  records 1 of ", " words, none used\n", "  data    alice = 5\n")
                .contains("          counts = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, ...] 12 elements\n")
                .contains("counter   hits\n", "  value   -3\n")
                .doesNotContain("half-written");
        assertThat(CliProcess.runHere("inspect", name, "--json").out())
                .contains("\"schema\":\"record Bank ", "\"elements\":1,", "\"journalUsed\":0,\"lost\":false,")
                .contains("\"mayBeHalfWritten\":false,\"values\":[{\"alice\":5,", "\"value\":-3}");
    }

    /** A writer died after it had noted two words and before it changed them: with the lock it is as if it had never been. */
    @Test
    void shouldShowWhatWillBeRolledBackAndGetAfterwards() throws IOException {
        region.guarded("order", new Order(1, "tea"));
        set(object(name, "order").offset() + GuardedBlockLayout.JOURNAL_USED, 1);
        long entry = object(name, "order").offset() + GuardedBlockLayout.entry(0);
        long data = object(name, "order").size() - 24;
        set(entry, (int) data);
        set(entry + GuardedBlockLayout.ENTRY_OLD_VALUE, 77);
        assertThat(CliProcess.runHere("inspect", name).out())
                .contains(
                        " words, 1 used: a transaction is under way, or its writer died: 1 word will be rolled back\n",
                        "  values  may be half-written");
        assertThat(get("order.price")).isEqualTo("77\n");
        assertThat(CliProcess.runHere("inspect", name).out()).doesNotContain("rolled back");
    }

    @Test
    void shouldShowTheRestWhereOneIsDamaged() throws IOException {
        region.guarded("order", new Order(1, "tea"));
        set(object(name, "bank").offset() + 16, 9);
        Result shown = CliProcess.runHere("inspect", name);
        assertThat(shown.exitCode()).isEqualTo(Main.OK);
        assertThat(shown.out()).contains("  not all guarded bank of region /dev/shm/" + name + " is damaged");
        assertThat(shown.out()).contains("  data    price = 1\n");
        assertThat(CliProcess.runHere("inspect", name, "--json").out()).contains("\"problem\":\"guarded bank of");
        assertRefused(CliProcess.runHere("get", of("order.price.x")), Main.NOT_FOUND, "has no parts");
    }

    @Test
    void shouldShowHowFullAHeapIs() throws IOException {
        SharedHeap heap = region.heap("blocks", 1 << 14);
        assertThat(CliProcess.runHere("inspect", name).out()).contains("  used    1400 of ", "  root    none\n");
        heap.update(tx -> tx.setRoot(tx.allocate(8)));
        String shown = CliProcess.runHere("inspect", name).out();
        assertThat(shown).contains("  used    1416 of ", "  root    block 1408\n", " words, none used\n");
        assertThat(CliProcess.runHere("inspect", name, "--json").out())
                .contains("\"heap\":{\"size\":", "\"used\":1416,\"root\":1408,", "\"lost\":false}");
        set(object(name, "blocks").offset() + 16, 9);
        assertThat(CliProcess.runHere("inspect", name).out())
                .contains("  not all heap blocks of region ", " is damaged");
    }

    @Test
    void shouldResetAHeapThatWasGivenUp() throws IOException {
        region.heap("blocks", 1 << 14).update(heap -> heap.setRoot(heap.allocate(8)));
        set(lockOf("blocks") + GlibcMutexLayout.OWNER, GlibcMutexLayout.OWNER_NOT_RECOVERABLE);
        Result reset = CliProcess.run("reset", name, "blocks");
        assertThat(reset.exitCode()).as(reset.toString()).isEqualTo(Main.OK);
        assertThat(reset.out()).contains("Heap blocks of region", "rolled back");
        assertThat(region.heap("blocks").checkInvariants()).isEqualTo(1);
        assertThat(CliProcess.runHere("reset", name, "blocks").exitCode()).isNotEqualTo(Main.OK);
    }

    @Test
    void shouldResetGuardedDataThatWereGivenUp() throws IOException {
        long slot = lockOf("bank");
        set(slot + GlibcMutexLayout.OWNER, GlibcMutexLayout.OWNER_NOT_RECOVERABLE);
        assertThat(object(name, "bank").mutex().orElseThrow().state()).isEqualTo(MutexSnapshot.State.NOT_RECOVERABLE);
        assertRefused(CliProcess.runHere("get", of("bank")), DataOptions.NOT_RECOVERABLE, "mortmain reset");
        Result reset = CliProcess.run("reset", name, "bank");
        assertThat(reset.exitCode()).as(reset.toString()).isEqualTo(Main.OK);
        assertThat(reset.out()).contains("Guarded bank of region", "rolled back");
        assertThat(get("bank.alice")).isEqualTo("5\n");
        region.counter("hits");
        assertRefused(CliProcess.runHere("reset", name, "hits"), Main.NOT_FOUND, "a counter, which needs no reset");
    }

    /** The mutex of an object that is the last of its region as yet. */
    private long lockOf(String object) {
        assertThat(Region.inspect(name).objects().getLast().name()).isEqualTo(object);
        region.mutex("after");
        return object(name, "after").offset() - MutexSlotLayout.SIZE;
    }

    private void set(long offset, int value) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile("/dev/shm/" + name, "rw")) {
            file.seek(offset);
            file.writeInt(Integer.reverseBytes(value));
        }
    }
}
