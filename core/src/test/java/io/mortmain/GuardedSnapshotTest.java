package io.mortmain;

import static org.assertj.core.api.Assertions.assertThat;

import io.mortmain.RegionSnapshot.NamedObject;
import io.mortmain.internal.layout.GuardedBlockLayout;
import io.mortmain.testing.Seed;
import io.mortmain.testing.TestRegion;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What inspect shows of guarded objects, sound, in use and damaged. */
class GuardedSnapshotTest {
    private static final int ROUNDS = 3_000;

    private final TestRegion name = new TestRegion();
    private final Region region = Region.create(name.name(), 1 << 21);

    record Order(long price, @Length(8) String of) {}

    record Bank(
            long alice,
            boolean open,
            char sign,
            double rate,
            @Length(5) int[] counts,
            @Length(2) Order[] orders) {}

    record Text(@Length(500_000) String text) {}

    record Large(@Length(200_000) byte[] bytes) {}

    private static Bank bank() {
        return new Bank(
                5, true, 'x', 0.5, new int[] {1, 2, 3, 4, 5}, new Order[] {new Order(7, "tea"), new Order(0, "")});
    }

    @AfterEach
    void delete() {
        region.close();
        name.close();
    }

    private NamedObject object(String object) {
        return Region.inspect(name.name()).objects().stream()
                .filter(candidate -> candidate.name().equals(object))
                .findFirst()
                .orElseThrow();
    }

    private GuardedSnapshot guarded(String object) {
        return object(object).guarded().orElseThrow();
    }

    @Test
    void shouldShowARecordByField() {
        region.guarded("bank", bank());
        GuardedSnapshot shown = guarded("bank");
        assertThat(shown.schema()).startsWith("record Bank ").contains("\n0 long alice\n", "record[2] orders ");
        assertThat(shown.elements()).isEqualTo(1);
        assertThat(shown.journalCapacity()).isEqualTo((int) (shown.elementSize() / Long.BYTES));
        assertThat(shown.journalUsed()).isZero();
        assertThat(shown.lost()).isFalse();
        assertThat(shown.problem()).isEmpty();
        assertThat(shown.values())
                .containsExactly(Map.of(
                        "alice",
                        5L,
                        "open",
                        true,
                        "sign",
                        'x',
                        "rate",
                        0.5,
                        "counts",
                        List.of(1, 2, 3, 4, 5),
                        "orders",
                        List.of(Map.of("price", 7L, "of", "tea"), Map.of("price", 0L, "of", ""))));
    }

    @Test
    void shouldShowACounter() {
        region.counter("hits").set(-3);
        region.memory("bytes", 8);
        assertThat(object("hits").counter()).hasValue(-3);
        assertThat(object("hits").guarded()).isEmpty();
        assertThat(object("bytes").counter()).isEmpty();
    }

    @Test
    void shouldSayWhatWillBeRolledBack() throws IOException {
        region.guarded("bank", bank());
        long block = object("bank").offset();
        try (RandomAccessFile file = new RandomAccessFile(name.path(), "rw")) {
            file.seek(block + GuardedBlockLayout.JOURNAL_USED);
            file.write(3);
            file.seek(block + GuardedBlockLayout.FLAGS);
            file.write(GuardedBlockLayout.FLAG_LOST);
        }
        assertThat(guarded("bank").journalUsed()).isEqualTo(3);
        assertThat(guarded("bank").lost()).isTrue();
        assertThat(guarded("bank").values()).hasSize(1);
    }

    /** They are far larger as maps and boxes. */
    @Test
    void shouldLeaveOutWhatIsTooLarge() {
        region.guarded("large", new Large(new byte[200_000]));
        region.guarded("bank", bank());
        assertThat(guarded("large").values()).isEmpty();
        assertThat(guarded("large").problem())
                .hasValueSatisfying(why -> assertThat(why).contains("too much"));
        assertThat(guarded("bank").problem()).isEmpty();
    }

    @Test
    void shouldSayWhatIsDamagedAndShowTheRest() throws IOException {
        region.guarded("bank", bank());
        region.guarded("other", new Order(1, "x"));
        try (RandomAccessFile file = new RandomAccessFile(name.path(), "rw")) {
            file.seek(object("bank").offset() + GuardedBlockLayout.ELEMENTS);
            file.write(9);
        }
        assertThat(guarded("bank").problem())
                .hasValueSatisfying(
                        why -> assertThat(why).startsWith("guarded bank of region " + name.path() + " is damaged"));
        assertThat(guarded("bank").values()).isEmpty();
        assertThat(guarded("other").values()).containsExactly(Map.of("price", 1L, "of", "x"));
    }

    /** Whatever stands there: it is shown, or there is a sentence why not. */
    @Test
    void shouldShowWhateverAnybodyWrote() throws IOException {
        long seed = Seed.of("scribbled snapshots");
        Random random = new Random(seed);
        region.guarded("bank", bank());
        region.guarded("order", new Order(1, "x"));
        region.counter("hits");
        long begin = object("bank").offset();
        int length = (int) (object("hits").offset() + Long.BYTES - begin);
        byte[] sound = new byte[length];
        int damaged = 0;
        try (RandomAccessFile file = new RandomAccessFile(name.path(), "rw")) {
            file.seek(begin);
            file.readFully(sound);
            for (int round = 0; round < ROUNDS; round++) {
                byte[] wrong = sound.clone();
                scribble(wrong, random);
                file.seek(begin);
                file.write(wrong);
                damaged += problems();
            }
            file.seek(begin);
            file.write(sound);
        }
        assertThat(damaged).isGreaterThan(ROUNDS / 10);
        assertThat(problems()).isZero();
    }

    private static void scribble(byte[] bytes, Random random) {
        ByteBuffer words = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        long[] odd = {0, -1, 1, 8, 1 << 20, Integer.MAX_VALUE, Long.MAX_VALUE, Long.MIN_VALUE, random.nextLong()};
        for (int times = 1 + random.nextInt(3); times > 0; times--) {
            switch (random.nextInt(3)) {
                case 0 -> words.put(random.nextInt(bytes.length), (byte) random.nextInt());
                case 1 -> words.putLong(random.nextInt(8) * Long.BYTES, odd[random.nextInt(odd.length)]);
                default ->
                    words.putInt(random.nextInt(bytes.length - Integer.BYTES), (int) odd[random.nextInt(odd.length)]);
            }
        }
    }

    private int problems() {
        int problems = 0;
        for (NamedObject object : Region.inspect(name.name()).objects()) {
            problems += object.guarded().flatMap(GuardedSnapshot::problem).isPresent() ? 1 : 0;
        }
        return problems;
    }

    /** A directory that somebody else wrote can have a million objects of the same large bytes. */
    @Test
    void shouldNotLookAtTheDataOfAnyNumberOfObjects() throws IOException {
        String large = name.name() + "-large";
        try (Region other = Region.create(large, 1 << 24)) {
            for (int i = 0; i < 9; i++) {
                other.guarded("o" + i, new Text("x"));
            }
            List<NamedObject> shown = Region.inspect(large).objects();
            assertThat(shown).hasSize(9);
            assertThat(shown.getFirst().guarded().orElseThrow().values()).hasSize(1);
            assertThat(shown.getLast().guarded().orElseThrow().problem())
                    .hasValueSatisfying(why -> assertThat(why).startsWith("not looked at"));
        } finally {
            Files.deleteIfExists(Path.of("/dev/shm", large));
        }
    }
}
