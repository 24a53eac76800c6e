package io.mortmain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.mortmain.errors.DataLostException;
import io.mortmain.errors.RegionException;
import io.mortmain.errors.RegionException.Reason;
import io.mortmain.internal.layout.GuardedBlockLayout;
import io.mortmain.testing.TestProcess;
import io.mortmain.testing.TestRegion;
import java.io.IOException;
import java.io.RandomAccessFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whatever stands in a guarded object's block, C refuses it in a sentence and stores nothing, as Java does. */
class GuardedInCDamageTest {
    private static final Numbers FIRST = new Numbers(10, 20, 30);
    private static final int CAPACITY = 3;

    private final TestRegion name = new TestRegion();
    private final Region region = Region.create(name.name(), 1 << 16);
    private final Guarded<Numbers> numbers = region.guarded("numbers", FIRST);
    private final long block = Region.inspect(name.name()).objects().getFirst().offset();
    private RandomAccessFile file;

    record Numbers(long first, long second, long third) {}

    @BeforeEach
    void open() throws IOException {
        file = new RandomAccessFile(name.path(), "rw");
    }

    @AfterEach
    void close() throws IOException {
        file.close();
        region.close();
        name.close();
    }

    private static String ask(TestProcess peer, String command) {
        peer.say(command);
        return peer.next();
    }

    private TestProcess peer() {
        TestProcess peer = TestProcess.c("guardedpeer", name.name(), "numbers");
        peer.expect("ready");
        return peer;
    }

    private long load(long at) throws IOException {
        file.seek(block + at);
        return Long.reverseBytes(file.readLong());
    }

    private void store(long at, long value) throws IOException {
        file.seek(block + at);
        file.writeLong(Long.reverseBytes(value));
    }

    private void storeInt(long at, int value) throws IOException {
        file.seek(block + at);
        file.writeInt(Integer.reverseBytes(value));
    }

    @ParameterizedTest
    @CsvSource({
        "0, 1", // the hash
        "8, 0", // element size
        "8, 16",
        "8, 20",
        "8, -8",
        "8, 9223372036854775800",
        "16, 0", // elements
        "16, 2",
        "16, -1",
        "16, 768614336404564651", // x 24 is 8 more than 2^64
        "24, 0", // journal's capacity
        "24, 2",
        "24, 67108865",
        "24, -1",
        "24, 1152921504606846976", // x 16 is 2^64
        "32, 0", // schema's size
        "32, 65537",
        "32, -1",
        "40, 0", // data
        "40, 64",
        "40, -64",
        "112, 0" // the schema
    })
    void shouldRefuseAHeaderThatCannotBe(int at, long value) throws IOException {
        try (TestProcess peer = peer()) {
            long before = load(at);
            store(at, value);
            assertThat(ask(peer, "find numbers"))
                    .startsWith("refused 10 guarded numbers of region " + name.path() + " is damaged (")
                    .endsWith("); remove its region and create it anew");
            try (Region again = Region.open(name.name())) {
                assertThatExceptionOfType(RegionException.class)
                        .isThrownBy(() -> again.guarded("numbers", FIRST))
                        .satisfies(refused -> assertThat(refused.reason()).isEqualTo(Reason.DAMAGED));
            }
            store(at, before);
            assertThat(ask(peer, "find numbers")).isEqualTo("ok");
        }
    }

    /** Of three entries: the damaged one last, so that what is good before it must not be followed either. */
    @ParameterizedTest
    @CsvSource({
        "4, 0", // entries used, and what is added to the offset of the third one's word
        "-1, 0",
        "-2147483648, 0",
        "67108864, 0",
        "3, 8", // the data end
        "3, 3",
        "3, -4",
        "3, -24", // they begin
        "3, 9223372036854775800",
        "3, -9223372036854775808",
    })
    void shouldRefuseAJournalThatCannotBe(int used, long shift) throws IOException {
        try (TestProcess peer = peer()) {
            long data = load(GuardedBlockLayout.DATA);
            for (int index = 0; index < CAPACITY; index++) {
                long entry = GuardedBlockLayout.entry(index);
                store(entry + GuardedBlockLayout.ENTRY_OLD_VALUE, 77);
                store(entry + GuardedBlockLayout.ENTRY_WORD, data + 8L * index + (index == 2 ? shift : 0));
            }
            byte[] before = bytes();
            storeInt(GuardedBlockLayout.JOURNAL_USED, used);
            for (String lock : new String[] {"lock", "trylock", "timedlock 1000", "lock"}) {
                assertThat(ask(peer, lock))
                        .startsWith(
                                "refused 10 guarded numbers of region " + name.path() + ": its journal is damaged (");
            }
            assertThatExceptionOfType(RegionException.class)
                    .isThrownBy(numbers::get)
                    .satisfies(refused -> assertThat(refused.reason()).isEqualTo(Reason.DAMAGED));
            storeInt(GuardedBlockLayout.JOURNAL_USED, 0);
            assertThat(bytes()).isEqualTo(before);
            assertThat(ask(peer, "lock")).isEqualTo("ok");
        }
    }

    /** The whole block. */
    private byte[] bytes() throws IOException {
        byte[] bytes = new byte[(int) (load(GuardedBlockLayout.DATA) + 24)];
        file.seek(block);
        file.readFully(bytes);
        return bytes;
    }

    @Test
    void shouldRefuseLostDataUntilAllOfThemAreSet() throws IOException {
        try (TestProcess peer = peer()) {
            storeInt(GuardedBlockLayout.FLAGS, GuardedBlockLayout.FLAG_LOST);
            assertThat(ask(peer, "lock"))
                    .startsWith(
                            "refused 13 the data of guarded numbers of region " + name.path() + " are lost, because ");
            assertThatExceptionOfType(DataLostException.class).isThrownBy(numbers::get);
            numbers.set(new Numbers(1, 2, 3));
            assertThat(ask(peer, "lock")).isEqualTo("ok");
        }
    }

    @Test
    void shouldRefuseWhatDoesNotFitTheJournal() throws IOException {
        try (TestProcess peer = peer()) {
            assertThat(ask(peer, "lock")).isEqualTo("ok");
            assertThat(ask(peer, "put 0 11")).isEqualTo("ok");
            storeInt(GuardedBlockLayout.JOURNAL_USED, CAPACITY); // by somebody who should not
            assertThat(ask(peer, "put 1 21"))
                    .startsWith("refused 14 guarded numbers of region " + name.path() + " cannot be changed: ")
                    .endsWith("change less at once, or create it anew with a larger journal");
            assertThat(ask(peer, "dump 8 8")).isEqualTo("1400000000000000");
            storeInt(GuardedBlockLayout.JOURNAL_USED, CAPACITY + 1);
            assertThat(ask(peer, "put 1 21")).startsWith("refused 10 ");
            storeInt(GuardedBlockLayout.JOURNAL_USED, 1);
            assertThat(ask(peer, "unlock")).isEqualTo("ok");
            assertThat(numbers.get()).isEqualTo(FIRST);
        }
    }
}
