package io.mortmain.cli;

import static io.mortmain.cli.CliProcess.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mortmain.Guarded;
import io.mortmain.GuardedArray;
import io.mortmain.Length;
import io.mortmain.Region;
import io.mortmain.cli.CliProcess.Result;
import io.mortmain.errors.DataLostException;
import io.mortmain.internal.layout.GuardedBlockLayout;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code mortmain set} of data that were lost, and of all data at once. */
class LostDataCommandsTest {
    private static final String OTHER_BOOT =
            "mount --bind \"$0/boot_id\" /proc/sys/kernel/random/boot_id && mount --bind \"$0/stat\" /proc/stat && exec \"$@\"";

    @TempDir
    private Path folder;

    private String name = "";

    record Order(long price, @Length(8) String of) {}

    record Bank(
            long alice, @Length(3) int[] counts, @Length(2) Order[] orders) {}

    private static final Order TEA = new Order(3, "tea");
    private static final Bank FIRST = new Bank(5, new int[] {1, 2, 3}, new Order[] {TEA, TEA});

    @BeforeEach
    void nameRegion() {
        name = folder.resolve("a.region").toString();
    }

    @AfterEach
    void removeFile() throws IOException {
        Files.deleteIfExists(Path.of(name));
    }

    private static void assertSilent(Result result) {
        assertThat(result).isEqualTo(new Result(Main.OK, "", ""));
    }

    /** As the first to open the region after a reboot marks them. */
    private void lose(String object) throws IOException {
        long block = Region.inspect(name).objects().stream()
                .filter(candidate -> candidate.name().equals(object))
                .findFirst()
                .orElseThrow()
                .offset();
        try (RandomAccessFile file = new RandomAccessFile(name, "rw")) {
            file.seek(block + GuardedBlockLayout.FLAGS);
            file.writeByte(GuardedBlockLayout.FLAG_LOST);
        }
    }

    @Test
    void shouldSetALostRecordAnewWithAValueForEveryField() throws IOException {
        try (Region region = Region.create(name, 1 << 16)) {
            Guarded<Bank> bank = region.guarded("bank", FIRST);
            lose("bank");
            assertRefused(CliProcess.runHere("get", name + "/bank"), Main.FAILED, "are lost");
            String[] all = {"alice=7", "counts[*]=4", "orders[0].price=1", "orders[1].price=2", "orders[*].of=x"};
            for (int without = 0; without < all.length; without++) {
                List<String> some = new ArrayList<>(List.of("set", name + "/bank"));
                some.addAll(List.of(all));
                some.remove(without + 2);
                assertRefused(
                        CliProcess.runHere(some.toArray(String[]::new)),
                        Main.FAILED,
                        "set all of it anew, by a value for every field: "
                                + all[without].replaceFirst("=.*", "").replace("*", "0") + " has none");
            }
            assertThatThrownBy(bank::get).isInstanceOf(DataLostException.class);
            assertSilent(CliProcess.run("set", name + "/bank", all[4], all[3], all[2], all[1], all[0]));
            Bank now = bank.get();
            assertThat(now.alice()).isEqualTo(7);
            assertThat(now.counts()).containsExactly(4, 4, 4);
            assertThat(now.orders()).containsExactly(new Order(1, "x"), new Order(2, "x"));
            assertSilent(CliProcess.runHere("set", name + "/bank", "alice=8"));
        }
    }

    @Test
    void shouldRefuseAConditionOnLostData() throws IOException {
        try (Region region = Region.create(name, 1 << 16)) {
            Guarded<Order> order = region.guarded("order", TEA);
            lose("order");
            assertRefused(
                    CliProcess.runHere("set", name + "/order", "price=1", "of=x", "--if", "price=3"),
                    Main.FAILED,
                    "set all of it anew, without --if");
            assertThatThrownBy(order::get).isInstanceOf(DataLostException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void shouldSetALostArrayAnewAsAWhole(int stripes) throws IOException {
        try (Region region = Region.create(name, 1 << 16)) {
            GuardedArray<Order> orders =
                    region.guardedArray("orders", 6, TEA, GuardedArray.Options.DEFAULT.withStripes(stripes));
            lose("orders");
            assertRefused(
                    CliProcess.runHere("set", name + "/orders[2]", "price=1", "of=x"),
                    Main.FAILED,
                    "set them anew together, by orders[*] and a value for every field");
            assertRefused(
                    CliProcess.runHere("set", name + "/orders[*]", "price=1"),
                    Main.USAGE,
                    "every field needs a value, and of has none");
            assertThatThrownBy(() -> orders.get(2)).isInstanceOf(DataLostException.class);
            assertSilent(CliProcess.run("set", name + "/orders[*]", "price=1", "of=x"));
            assertThat(orders.getAll()).hasSize(6).containsOnly(new Order(1, "x"));
        }
    }

    @Test
    void shouldSetEachRecordOfAnArrayThatIsNotLost() {
        try (Region region = Region.create(name, 1 << 16)) {
            GuardedArray<Order> orders = region.guardedArray("orders", 6, TEA);
            assertRefused(
                    CliProcess.runHere("set", name + "/orders", "price=1", "of=x"),
                    Main.USAGE,
                    "orders[0] to orders[5]");
            assertRefused(
                    CliProcess.runHere("set", name + "/orders[*]", "price=1", "of=x", "--if", "price=3"),
                    Main.USAGE,
                    "--if is for one record");
            assertThat(orders.getAll()).containsOnly(TEA);
            assertSilent(CliProcess.runHere("set", name + "/orders[*]", "price=1", "of="));
            assertThat(orders.getAll()).containsOnly(new Order(1, ""));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "alice[*]=1, alice has no parts, 4",
        "[*]=1, There is no [*], 4",
        "counts[*].x=1, counts[0] has no parts, 4",
        "orders[*]=1, 'orders[0] cannot be', 2"
    })
    void shouldRefuseEachOfWhatIsNoArray(String assignment, String because, int exitCode) {
        try (Region region = Region.create(name, 1 << 16)) {
            Guarded<Bank> bank = region.guarded("bank", FIRST);
            assertRefused(CliProcess.runHere("set", name + "/bank", "alice=1", assignment), exitCode, because);
            assertThat(bank.get().alice()).isEqualTo(5);
        }
    }

    @Test
    void shouldLookAtAndSetEachElementInARecord() {
        try (Region region = Region.create(name, 1 << 16)) {
            Guarded<Bank> bank = region.guarded("bank", FIRST);
            assertSilent(CliProcess.runHere("set", name + "/bank", "orders[*].price=9", "--if", "orders[*].price=3"));
            assertThat(bank.get().orders()).containsOnly(new Order(9, "tea"));
            assertRefused(
                    CliProcess.runHere("set", name + "/bank", "alice=1", "--if", "counts[*]=1"),
                    SetCommand.IS_NOT,
                    "counts[1] is 2 and not 1");
        }
    }

    /** Another boot id, and a later start of the machine, for the commands alone. */
    @Test
    void shouldSetAnewWhatWasLostInAReboot() throws Exception {
        assumeTrue(CliProcess.run(List.of("unshare", "-m", "true"), Map.of()).exitCode() == 0, "mounts of one's own");
        try (Region region = Region.create(name, 1 << 16)) {
            region.guarded("order", TEA);
        }
        Files.writeString(folder.resolve("boot_id"), "01234567-89ab-cdef-0123-456789abcdef\n");
        Files.writeString(folder.resolve("stat"), "cpu 0\nbtime " + laterStart() + "\n");
        assertRefused(inOtherBoot("get", name + "/order"), Main.FAILED, "are lost");
        assertRefused(inOtherBoot("set", name + "/order", "price=1"), Main.FAILED, "of has none");
        assertSilent(inOtherBoot("set", name + "/order", "price=1", "of=x"));
        assertThat(inOtherBoot("get", name + "/order").out()).isEqualTo("price = 1\nof = \"x\"\n");
    }

    private Result inOtherBoot(String... arguments) {
        List<String> command = new ArrayList<>(List.of("unshare", "-m", "sh", "-c", OTHER_BOOT, folder.toString()));
        command.addAll(CliProcess.command(arguments));
        return CliProcess.run(command, Map.of());
    }

    /** After all that was done so far, and before all that is done from now on. */
    private static long laterStart() throws InterruptedException {
        long later = System.currentTimeMillis() / 1_000 + 1;
        while (System.currentTimeMillis() / 1_000 < later) {
            Thread.sleep(10);
        }
        return later;
    }
}
