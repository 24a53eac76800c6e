package io.mortmain.internal.region;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mortmain.MutexKind;
import io.mortmain.Region;
import io.mortmain.RegionOptions;
import io.mortmain.RegionSnapshot.NamedObject;
import io.mortmain.SharedLong;
import io.mortmain.internal.layout.DirectoryEntryLayout;
import io.mortmain.internal.layout.RegionGeometry;
import io.mortmain.internal.layout.RegionHeaderLayout;
import io.mortmain.internal.linux.OpenFile;
import io.mortmain.testing.CProgram;
import io.mortmain.testing.TestProcess;
import io.mortmain.testing.TestRegion;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.ValueLayout;
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
import org.junit.jupiter.params.provider.ValueSource;

/** mortmain.h: a C program opens regions that Java made, and refuses whatever Java refuses, each in one sentence. */
class MortmainHeaderTest {
    private static final Path INCLUDE = Path.of("..", "include").toAbsolutePath();
    private static final int NOBODY = 65_534;
    private static final int FLIPS = 3;

    private final TestRegion name = new TestRegion();
    private Region region;

    @TempDir
    private Path folder;

    @BeforeEach
    void create() {
        region = Region.create(name.name(), 1000);
        region.mutex("book", MutexKind.RECURSIVE, null);
        region.memory("Kürbis", 100).set(ValueLayout.JAVA_BYTE, 0, (byte) 42);
    }

    @AfterEach
    void remove() {
        try (name) {
            region.close();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "gcc -std=c11",
                "gcc -std=gnu11",
                "gcc -std=gnu17 -D_POSIX_C_SOURCE=200809L",
                "g++ -std=c++11",
                "g++ -std=c++20"
            })
    void shouldCompileWithoutAWarning(String compiler) throws IOException, InterruptedException {
        Path source = folder.resolve(compiler.startsWith("gcc") ? "user.c" : "user.cc");
        Files.writeString(source, """
            #include "mortmain.h"
            int main(void) {
                mortmain_region region;
                mortmain_guarded object;
                mortmain_error why;
                int (*find)(const mortmain_region *, const char *, mortmain_guarded *, mortmain_error *) = mortmain_guarded_find;
                memset(&region, 0, sizeof region);
                if (find(&region, "none", &object, &why) != -1 || why.reason != MORTMAIN_INVALID_ARGUMENT) {
                    return 2;
                }
                return mortmain_open(&region, "none", &why) == -1 && why.reason == MORTMAIN_NOT_FOUND ? 0 : 1;
            }
            """);
        Path program = folder.resolve("user");
        List<String> command = new ArrayList<>(List.of(compiler.split(" ")));
        command.addAll(
                List.of("-O2", "-Wall", "-Wextra", "-pedantic", "-Wshadow", "-Wconversion", "-Werror", "-pthread"));
        command.addAll(List.of("-I", INCLUDE.toString(), source.toString(), "-o", program.toString()));
        assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
        assertThat(new ProcessBuilder(program.toString()).start().waitFor()).isZero();
    }

    @Test
    void shouldFindWhatJavaMadeByNameAndByPath() {
        NamedObject mutex = Region.inspect(name.name()).objects().get(0);
        NamedObject memory = Region.inspect(name.name()).objects().get(1);
        for (String named : List.of(name.name(), name.path())) {
            assertThat(run("open", named, "mutex", "book", "memory", "Kürbis"))
                    .containsExactly(
                            "ok opened " + name.path() + ", capacity 1000",
                            "ok mutex at " + mutex.offset(),
                            "ok memory at " + memory.offset() + ", 100 bytes, first 42",
                            "ok closed");
        }
    }

    @Test
    void shouldCountWithJava() {
        SharedLong counter = region.counter("transfers");
        counter.set(41);
        assertThat(run("open", name.name(), "counter", "transfers", "counter", "book", "counter", "none"))
                .containsSubsequence(
                        "ok counter was 41",
                        "refused 8 object book of region " + name.path()
                                + " is a mutex, not a counter; ask for that, or use another name",
                        "refused 1 region " + name.path()
                                + " has no object \"none\"; check the name, or create it from Java first");
        assertThat(counter.get()).isEqualTo(42);
    }

    @Test
    void shouldRefuseNamesThatCannotBe() {
        for (String bad : List.of("", ".", "..", "x".repeat(201))) {
            assertThat(run("open", bad))
                    .containsExactly("refused 2 \"" + bad + "\" cannot name a region; give 1 to 200 bytes, or a path");
        }
    }

    @Test
    void shouldRefuseObjectsThatAreNotThereOrOfAnotherType() {
        String path = name.path();
        assertThat(run("open", path, "mutex", "other", "mutex", "Kürbis", "memory", "book", "mutex", "boo"))
                .containsSubsequence(
                        "refused 1 region " + path
                                + " has no object \"other\"; check the name, or create it from Java first",
                        "refused 8 object Kürbis of region " + path
                                + " is memory, not a mutex; ask for that, or use another name",
                        "refused 8 object book of region " + path
                                + " is a mutex, not memory; ask for that, or use another name",
                        "refused 1 region " + path
                                + " has no object \"boo\"; check the name, or create it from Java first");
    }

    @Test
    void shouldRefuseWhatIsNoRegularFile() throws IOException, InterruptedException {
        Path link = Files.createSymbolicLink(folder.resolve("link"), Path.of(name.path()));
        Path pipe = folder.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        assertThat(run("open", folder.resolve("none").toString()))
                .containsExactly("refused 1 region " + folder
                        + "/none does not exist; check the name, or create it from Java first");
        assertThat(run("open", link.toString()))
                .containsExactly("refused 5 region " + link
                        + " is refused: it is a symbolic link; give the path of the file itself");
        assertThat(run("open", folder.toString()))
                .containsExactly("refused 5 region " + folder + " is refused: it is a folder; give the path of a file");
        assertThat(run("open", pipe.toString()))
                .containsExactly("refused 5 region " + pipe
                        + " is refused: it is not a regular file; give the path of a region");
    }

    @Test
    void shouldRefuseAFileSystemThatIsNotKnownToBeLocal() {
        assertThat(run("open", "/proc/self/comm"))
                .containsExactly(
                        "refused 6 region /proc/self/comm is refused: its file system (0x00009fa0) may be shared with"
                                + " other hosts or kernels, where thread numbers and futexes mean nothing; use /dev/shm");
    }

    @Test
    void shouldKnowTheLocalFileSystemsThatJavaKnows() throws ReflectiveOperationException {
        List<Long> types = new ArrayList<>();
        for (String list : List.of("LOCAL", "SHARED")) {
            var field = FileSystems.class.getDeclaredField(list);
            field.setAccessible(true);
            ((Map<?, ?>) field.get(null)).keySet().forEach(type -> types.add((Long) type));
        }
        List<String> arguments = new ArrayList<>(List.of("is-local"));
        types.forEach(type -> arguments.add(Long.toUnsignedString(type)));
        assertThat(run(arguments.toArray(String[]::new)))
                .isEqualTo(types.stream()
                        .map(type -> Long.toUnsignedString(type) + (FileSystems.isLocal(type) ? " 1" : " 0"))
                        .toList());
    }

    @Test
    void shouldRefuseTheFileOfAnotherUserUnlessAllowed() throws IOException {
        assumeTrue(OpenFile.effectiveUserId() == 0, "only root can give a file away");
        Files.setAttribute(Path.of(name.path()), "unix:uid", NOBODY);
        assertThat(run("open", name.path()))
                .containsExactly("refused 5 region " + name.path()
                        + " is refused: it belongs to user 65534 and this process runs as 0;"
                        + " allow it with MORTMAIN_FOREIGN_OWNER if that user is trusted");
        assertThat(run("open-foreign", name.path())).last().isEqualTo("ok closed");
    }

    /** D4: each byte of the header, and of a directory entry, with three changes each. */
    @Test
    void shouldBelieveNothingOfADamagedHeaderOrEntry() {
        assertThat(run("flip-header", name.path(), "book"))
                .containsExactly("ok " + FLIPS * RegionHeaderLayout.SIZE + " refusals");
        assertThat(run("flip-entry", name.path(), "book"))
                .containsExactly("ok " + FLIPS * DirectoryEntryLayout.SIZE + " refusals");
        assertThat(run("open", name.path(), "mutex", "book")).last().isEqualTo("ok closed");
    }

    @Test
    void shouldRefuseADirectoryWithAGap() throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(name.path(), "rw")) {
            file.seek(RegionGeometry.DIRECTORY + DirectoryEntryLayout.STATE);
            file.write(DirectoryEntryLayout.STATE_FREE);
            assertThat(run("open", name.path(), "memory", "Kürbis"))
                    .contains("refused 10 region " + name.path() + ": entry 0 of its directory is damaged"
                            + " (unpublished before a published one); remove it and create it anew");
        }
    }

    /** D5, both sides named. The bytes are changed by hand: what the C header checks are these fields, and before the checksum. */
    @Test
    void shouldNameBothSidesOfWhatDiffers() throws IOException {
        assertThat(runWith(RegionHeaderLayout.VERSION, 9))
                .endsWith("it has format version 9 and this header has 1; use one version in all processes, or remove"
                        + " it");
        assertThat(runWith(RegionHeaderLayout.ABI, 7))
                .contains("its mutexes are those of ABI 7 and this process has ")
                .endsWith("share it among processes of one kind only");
        assertThat(runWith(RegionHeaderLayout.LAYOUT_HASH, 1))
                .contains("its layout hash is 1 and this header's is ")
                .endsWith("; use one build in all processes, or remove it");
        assertThat(runWith(RegionHeaderLayout.MAGIC, 0))
                .endsWith("it does not begin with MORTMAIN; give the path of a region");
        assertThat(runWith(RegionHeaderLayout.RESERVED, 1))
                .endsWith("the checksum of its header is wrong; remove it and create it anew");
    }

    @Test
    void shouldRefuseATruncatedFile() throws IOException {
        long size = Files.size(Path.of(name.path()));
        try (RandomAccessFile file = new RandomAccessFile(name.path(), "rw")) {
            file.setLength(size - 1);
            assertThat(run("open", name.path()))
                    .containsExactly("refused 10 region " + name.path() + " is refused: the file has " + (size - 1)
                            + " bytes and its header says " + size
                            + ": it was truncated or extended; remove it and create it anew");
            file.setLength(100);
            assertThat(run("open", name.path()))
                    .containsExactly("refused 7 region " + name.path()
                            + " is refused: it has 100 bytes and a region's header has 4096; give the path of"
                            + " a region");
            file.setLength(size); // for the close at the end
        }
    }

    /** A19, A20: in a mount namespace with another boot id, and in another PID namespace. */
    @Test
    void shouldRefuseTheRegionOfAnotherBootOrPidNamespace() throws IOException {
        assumeTrue(OpenFile.effectiveUserId() == 0, "only root can make namespaces everywhere");
        Path boot = Files.writeString(folder.resolve("boot"), "01234567-89ab-cdef-0123-456789abcdef\n");
        String peer = CProgram.compile("regionpeer").toString();
        String bind =
                "mount --bind " + boot + " /proc/sys/kernel/random/boot_id && exec " + peer + " open " + name.path();
        assertThat(lines(List.of("unshare", "-m", "sh", "-c", bind)))
                .singleElement()
                .asString()
                .startsWith("refused 9 region " + name.path() + " is refused: it was made in boot ")
                .endsWith(
                        " of a machine and this is boot 0123456789abcdef0123456789abcdef, so its locks belong to nobody"
                                + " and its data may be half written; remove it and create it anew");
        assertThat(lines(List.of("unshare", "-p", "-f", "--mount-proc", peer, "open", name.path())))
                .singleElement()
                .asString()
                .startsWith("refused 8 region " + name.path() + " is refused: it belongs to PID namespace ")
                .endsWith("where equal thread numbers mean other threads; share the PID namespace (docker run"
                        + " --pid=...)");
    }

    /** A20: the numbers in its mutexes are none of the kernel's. */
    @Test
    void shouldRefuseTheRegionForSeveralPidNamespaces() {
        RegionOptions several = RegionOptions.DEFAULT.withSeveralPidNamespaces();
        try (TestRegion other = new TestRegion();
                Region open = Region.create(other.name(), 0, several)) {
            assertThat(run("open", open.path().toString()))
                    .containsExactly(
                            "refused 8 region " + other.path()
                                    + " is refused: it was created for several PID namespaces, where mutexes do not have the"
                                    + " thread numbers that pthread_mutex_lock stores; use it from Java, or create one for one namespace");
        }
    }

    /** A22. */
    @Test
    void shouldAdoptOnlyAWholeSharedWritableMapping() {
        String path = name.path();
        assertThat(run("adopt", path)).containsExactly("ok adopted " + path, "ok closed", "ok mapped");
        assertThat(run("adopt-private", path))
                .singleElement()
                .asString()
                .startsWith("refused 6 region " + path + " is refused: it is mapped \"rw-p\" at 0x")
                .endsWith(", so its locks would exclude nobody; map it MAP_SHARED with PROT_READ | PROT_WRITE");
        assertThat(run("adopt-patched", path)).singleElement().asString().contains("it is mapped \"rw-p\" at 0x");
        assertThat(run("adopt-readable", path)).singleElement().asString().contains("it is mapped \"r--s\" at 0x");
        assertThat(run("adopt-part", path))
                .singleElement()
                .asString()
                .startsWith("refused 2 ")
                .endsWith("; map all of it");
    }

    /** D9. */
    @Test
    void shouldMapARegionOncePerProcess() {
        assertThat(run("open-twice", name.path()))
                .last()
                .asString()
                .startsWith("refused 11 region " + name.path() + " is refused: this process has it mapped at 0x")
                .endsWith(" already, and a mutex must have one address; use that mapping, or close it first");
    }

    /** D3. */
    @Test
    void shouldNotCloseWhileAThreadOfTheProcessHoldsAMutex() {
        List<String> said = run("open", name.path(), "close-held", "book");
        String threadId = said.get(1).substring("tid ".length());
        assertThat(said.get(2))
                .isEqualTo("refused 11 region " + name.path() + " cannot be closed: thread " + threadId
                        + " holds mutex book; release it first");
        assertThat(said.get(3)).isEqualTo("ok closed");
    }

    /** What the program says of the region with one byte of its header changed. */
    private String runWith(int offset, int value) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(name.path(), "rw")) {
            byte[] before = new byte[Long.BYTES];
            file.seek(offset);
            file.readFully(before);
            byte[] changed = offset == RegionHeaderLayout.VERSION || offset == RegionHeaderLayout.ABI
                    ? before.clone()
                    : new byte[Long.BYTES];
            changed[0] = (byte) value;
            file.seek(offset);
            file.write(changed);
            List<String> said = run("open", name.path());
            file.seek(offset);
            file.write(before);
            assertThat(said).hasSize(1);
            return said.getFirst();
        }
    }

    private static List<String> run(String... arguments) {
        List<String> command =
                new ArrayList<>(List.of(CProgram.compile("regionpeer").toString()));
        command.addAll(List.of(arguments));
        return lines(command);
    }

    private static List<String> lines(List<String> command) {
        try (TestProcess process = TestProcess.start(command)) {
            return process.untilEnd();
        }
    }
}
