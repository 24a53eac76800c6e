package io.mortmain;

import static io.mortmain.Refused.assertReason;
import static org.assertj.core.api.Assertions.assertThat;

import io.mortmain.errors.RegionException;
import io.mortmain.errors.RegionException.Reason;
import io.mortmain.internal.layout.Fnv;
import io.mortmain.internal.layout.RegionGeometry;
import io.mortmain.internal.layout.RegionHeaderLayout;
import io.mortmain.testing.Commands;
import io.mortmain.testing.TestProcess;
import io.mortmain.testing.TestRegion;
import java.io.RandomAccessFile;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rows B10, D5, D12 and a truncated file: what is at the path, and what becomes of it while it is open. */
class RegionFilesTest {
    @TempDir
    Path folder;

    @Test
    void shouldGoOnInsideAndRefuseNewcomersWhenTheFileIsDeletedAndReplaced() {
        try (TestRegion name = new TestRegion();
                Region old = Region.create(name.name(), 1 << 12);
                TestProcess inside = TestProcess.peer(Insider.class, name.name())) {
            inside.expect("inside");
            Region.delete(name.name());
            assertReason(Reason.NOT_FOUND, () -> Region.open(name.name()));
            assertReason(Reason.NOT_FOUND, () -> Region.inspect(name.name()));
            try (Region replaced = Region.create(name.name(), 1 << 12)) {
                inside.say("lock");
                inside.expect("locked");
                assertThat(old.mutex("book").tryLock())
                        .as("held in the old file")
                        .isNull();
                replaced.mutex("book").lock().close();
                assertThat(replaced.memory("page", 8).get(ValueLayout.JAVA_LONG, 0))
                        .isZero();
                assertThat(old.memory("page", 8).get(ValueLayout.JAVA_LONG, 0)).isEqualTo(42);
            }
            inside.kill();
            try (Hold hold = old.mutex("book").lock()) {
                assertThat(hold.predecessorDied()).isTrue();
                hold.markConsistent();
            }
        }
    }

    static final class Insider {
        public static void main(String[] arguments) throws Exception {
            Region region = Region.open(arguments[0]);
            RobustMutex mutex = region.mutex("book");
            System.out.println("inside");
            System.in.read();
            Hold hold = mutex.lock();
            region.memory("page", 8).set(ValueLayout.JAVA_LONG, 0, 42);
            System.out.println("locked " + hold.mutex());
            Thread.sleep(Long.MAX_VALUE);
        }
    }

    @Test
    void shouldFailClearlyAndCloseWhenTheFileIsTruncatedWhileOpen() {
        for (long length : new long[] {0, RegionHeaderLayout.SIZE, RegionGeometry.DIRECTORY + 4096}) {
            try (TestRegion name = new TestRegion();
                    TestProcess victim = TestProcess.java(Truncated.class, name.name(), Long.toString(length))) {
                assertThat(victim.expect("memory")).contains("InternalError");
                assertThat(victim.expect("directory")).contains("DAMAGED", "was truncated", "create it anew");
                assertThat(victim.expect("newcomer")).containsPattern("DAMAGED|NOT_A_REGION");
                victim.expect("closed");
                assertThat(victim.exitCode()).isZero();
            }
        }
    }

    static final class Truncated {
        public static void main(String[] arguments) throws Exception {
            Region region = Region.create(arguments[0], 1 << 20);
            MemorySegment memory = region.memory("page", 1 << 20);
            region.mutex("book").lock().close();
            Commands.Result truncate = Commands.run(
                    List.of("truncate", "-s", arguments[1], region.path().toString()));
            assert truncate.exitCode() == 0 : truncate;
            say("memory", () -> memory.get(ValueLayout.JAVA_BYTE, 1 << 19));
            for (int i = 0; i < 20_000; i++) { // compiled code too
                int object = i;
                refused(() -> region.memory("new " + object, 8));
                refused(() -> region.mutex("book"));
            }
            say("directory", () -> region.mutex("other"));
            say("newcomer", () -> Region.open(arguments[0]));
            region.close();
            System.out.println("closed");
        }

        private static void refused(Runnable action) {
            try {
                action.run();
                throw new AssertionError("not refused");
            } catch (RegionException damaged) {
                assert damaged.reason() == Reason.DAMAGED;
            }
        }

        private static void say(String what, Runnable action) {
            try {
                action.run();
                System.out.println(what + ": no error");
            } catch (RegionException refused) {
                System.out.println(what + ": " + refused.reason() + " " + refused.getMessage());
            } catch (InternalError fault) {
                System.out.println(what + ": InternalError");
            }
        }
    }

    /**
     * Bytes are changed by hand, since nothing here can make most of these headers: the library for another processor does not run on this
     * one, and impossible sizes no library writes. {@link OtherBuildTest} has real other versions and layouts. The header is made valid
     * again after the change: what refuses is not the checksum.
     */
    @ParameterizedTest
    @CsvSource({
        "8, INCOMPATIBLE, format version",
        "12, INCOMPATIBLE, glibc on",
        "16, INCOMPATIBLE, layout hash",
        "24, DAMAGED, impossible sizes",
        "32, OTHER_BOOT, boot",
        "48, INCOMPATIBLE, PID namespace",
        "65, DAMAGED, impossible sizes",
        "69, INCOMPATIBLE, flags",
        "75, DAMAGED, impossible sizes",
        "90, DAMAGED, impossible sizes"
    })
    void shouldRefuseAndNameBothSidesWhenAFieldOfAValidHeaderIsAnother(int offset, Reason reason, String named)
            throws Exception {
        try (TestRegion name = new TestRegion()) {
            Region.create(name.name(), 1 << 12).close();
            try (RandomAccessFile file = new RandomAccessFile(name.path(), "rw")) {
                byte[] page = new byte[RegionHeaderLayout.SIZE];
                file.readFully(page);
                page[offset] ^= 1;
                ByteBuffer.wrap(page)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putLong(RegionHeaderLayout.CHECKSUM, Fnv.hash(page, 0, RegionHeaderLayout.CHECKSUM));
                file.seek(0);
                file.write(page);
            }
            assertThat(assertReason(reason, () -> Region.open(name.name()))).contains(named);
        }
    }

    @Test
    void shouldRefuseWhenThePathIsNoRegularFile() throws Exception {
        try (TestRegion name = new TestRegion()) {
            Region.create(name.name(), 0).close();
            Path link = Files.createSymbolicLink(folder.resolve("link"), Path.of(name.path()));
            assertThat(assertReason(Reason.NOT_SECURE, () -> Region.open(link.toString())))
                    .contains("symbolic link");
            assertReason(Reason.NOT_SECURE, () -> Region.delete(link.toString()));
            assertReason(Reason.ALREADY_EXISTS, () -> Region.create(link.toString(), 0));
            assertReason(Reason.NOT_SECURE, () -> Region.openOrCreate(link.toString(), 0));
        }
        assertReason(Reason.NOT_SECURE, () -> Region.open(folder.toString()));
        assertReason(Reason.NOT_SECURE, () -> Region.open("/dev/null"));
        Path pipe = folder.resolve("pipe");
        assertThat(Commands.run(List.of("mkfifo", pipe.toString())).exitCode()).isZero();
        assertReason(Reason.NOT_SECURE, () -> Region.open(pipe.toString()));
        assertReason(Reason.NOT_SECURE, () -> Region.inspect(pipe.toString()));
        Path socket = folder.resolve("socket");
        try (var server = java.nio.channels.ServerSocketChannel.open(java.net.StandardProtocolFamily.UNIX)) {
            server.bind(java.net.UnixDomainSocketAddress.of(socket));
            assertReason(Reason.NOT_SECURE, () -> Region.open(socket.toString()));
        }
        Path text = Files.writeString(folder.resolve("text"), "no region");
        assertReason(Reason.NOT_A_REGION, () -> Region.delete(text.toString()));
        assertThat(text).exists();
    }
}
