package io.mortmain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mortmain.internal.layout.GuardedBlockLayout;
import io.mortmain.testing.CProgram;
import io.mortmain.testing.Commands;
import io.mortmain.testing.Seed;
import io.mortmain.testing.TestProcess;
import io.mortmain.testing.TestRegion;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A writer of a guarded object dies, in C or in Java, and the other language finds the record whole. */
class GuardedInCDeathTest {
    private static final int MOST_STORES = 200;
    private static final int JAVA_KILLS = 6;
    /** As long as none of them has hit a transaction. */
    private static final int MOST_JAVA_KILLS = 60;

    private static final Numbers OLD = new Numbers(10, 20, 30);
    private static final Numbers NEW = new Numbers(11, 21, 31);

    record Numbers(long first, long second, long third) {}

    /** The C program stores the words one after the other, each with its entry; killed after each store that it makes to the region. */
    @ParameterizedTest(name = "undoing what one before it left: {0}")
    @ValueSource(booleans = {false, true})
    void shouldBeWholeWhereverCIsKilled(boolean afterADeath) throws IOException {
        String refusal = Commands.refusalOf(
                CProgram.compile("kill_at").toString(),
                "syscall",
                "1",
                CProgram.compile("kill_at_probe").toString());
        assumeTrue(refusal.isEmpty(), refusal);
        List<Numbers> found = new ArrayList<>();
        int halfWritten = 0;
        String said = "";
        for (int store = 1; !said.contains("ended after"); store++) {
            assertThat(store).isLessThan(MOST_STORES);
            try (TestRegion name = new TestRegion();
                    Region region = Region.create(name.name(), 4096, RegionOptions.DEFAULT.withMaxObjects(16))) {
                Guarded<Numbers> numbers = region.guarded("numbers", OLD);
                long block = Region.inspect(name.name()).objects().getFirst().offset();
                if (afterADeath) {
                    leaveHalfWritten(name);
                }
                said = killAt(store, name.path() + "@" + block, name.name());
                halfWritten += journalUsed(name, block) > 0 ? 1 : 0;
                found.add(store % 2 == 0 ? numbers.get() : seenByC(name));
                assertThat(numbers.get()).isEqualTo(found.getLast());
            }
        }
        assertThat(halfWritten).isGreaterThanOrEqualTo(afterADeath ? 16 : 10);
        assertThat(found.getLast()).isEqualTo(NEW);
        int commit = found.indexOf(NEW);
        assertThat(found.subList(0, commit)).containsOnly(OLD);
        assertThat(found.subList(commit, found.size())).as("after the commit").containsOnly(NEW);
    }

    private static void leaveHalfWritten(TestRegion name) {
        try (TestProcess victim = TestProcess.c("guardedpeer", name.name(), "numbers")) {
            for (String command : List.of("lock", "put 2 5", "put 0 6", "put 1 7")) {
                victim.say(command);
                victim.expect("ok");
            }
        }
    }

    private static String killAt(int store, String file, String region) {
        List<String> command = List.of(
                CProgram.compile("kill_at").toString(),
                "store",
                Integer.toString(store),
                file,
                CProgram.compile("guardedpeer").toString(),
                "once",
                region,
                "numbers");
        try (TestProcess killer = TestProcess.start(command)) {
            return killer.untilEnd().getLast();
        }
    }

    private static int journalUsed(TestRegion name, long block) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(name.path(), "r")) {
            file.seek(block + GuardedBlockLayout.JOURNAL_USED);
            return Integer.reverseBytes(file.readInt());
        }
    }

    private static Numbers seenByC(TestRegion name) {
        ByteBuffer bytes = dumpedByC(name, "numbers", 24);
        return new Numbers(bytes.getLong(), bytes.getLong(), bytes.getLong());
    }

    private static ByteBuffer dumpedByC(TestRegion name, String object, long size) {
        try (TestProcess peer = TestProcess.c("guardedpeer", name.name(), object)) {
            peer.expect("ready");
            peer.say("lock");
            assertThat(peer.next()).isEqualTo("ok");
            peer.say("dump 0 " + size);
            byte[] bytes = HexFormat.of().parseHex(peer.next());
            peer.say("unlock");
            assertThat(peer.next()).isEqualTo("ok");
            return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        }
    }

    /** The next to come is a C program; with the journal in use it is that which makes the record whole. */
    @Test
    void shouldBeWholeInCWheneverJavaIsKilled() {
        long seed = Seed.of("killed JVMs");
        Random random = new Random(seed);
        long last = 0;
        try (TestRegion name = new TestRegion();
                Region region = Region.create(name.name(), 1 << 20)) {
            region.guarded("sheet", SoakSheet.of(0));
            JournalWatch journal = new JournalWatch(name, "sheet");
            int inside = 0;
            SoakMarks marks = new SoakMarks(region.memory("marks", SoakMarks.SIZE));
            for (int kill = 0; kill < JAVA_KILLS || (inside == 0 && kill < MOST_JAVA_KILLS); kill++) {
                try (TestProcess victim = TestProcess.peer(SoakWorker.class, name.name(), "0")) {
                    victim.expect("ready");
                    awaitCommits(marks, random.nextInt(100));
                    inside += journal.isLeftInUseBy(List.of(victim)) ? 1 : 0;
                }
                long version = wholeVersion(dumpedByC(name, "sheet", 8 + 8L * SoakSheet.WORDS));
                assertThat(version).isGreaterThanOrEqualTo(last);
                last = version;
            }
            assertThat(last).isPositive();
            assertThat(inside).as("kills that left a transaction").isPositive();
        }
    }

    private static void awaitCommits(SoakMarks marks, int more) {
        long commits = marks.get(0, SoakMarks.COMMITS) + more;
        long guard = System.nanoTime() + TestProcess.GUARD_SECONDS * 1_000_000_000L;
        while (System.nanoTime() < guard && marks.get(0, SoakMarks.COMMITS) < commits) {
            Thread.onSpinWait();
        }
    }

    private static long wholeVersion(ByteBuffer bytes) {
        long version = bytes.getLong();
        long[] words = new long[SoakSheet.WORDS];
        bytes.asLongBuffer().get(words);
        SoakSheet seen = new SoakSheet(version, words);
        assertThat(seen.isWhole()).as("version %d", version).isTrue();
        return version;
    }
}
