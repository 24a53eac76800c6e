package io.mortmain;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mortmain.errors.RegionException;
import io.mortmain.testing.Commands;
import io.mortmain.testing.TestProcess;
import io.mortmain.testing.TestRegion;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Regions of which only a part is reserved at creation. */
class FirstCapacityTest {
    private static final long MIB = 1 << 20;
    private static final RegionOptions GROWING = RegionOptions.DEFAULT.withFirstCapacity(1 << 16);

    @Test
    void shouldSayWhenTheFileSystemIsFullAndGoOnWhenItIsNotAnyMore() {
        assertThat(saidInLittleSpace(InLittleSpace.class))
                .contains("NO_SPACE: object third of region /dev/shm/grows cannot have 1048576 bytes: fallocate failed")
                .contains("the file system is full", "free space", "mount -o remount")
                .endsWith("done\n");
    }

    @Test
    void shouldLetAHeapGrowAsLongAsThereIsSpace() {
        assertThat(saidInLittleSpace(HeapInLittleSpace.class))
                .contains("NO_SPACE: object heap of region /dev/shm/grows cannot have ")
                .contains("the file system is full", "free space", "mount -o remount")
                .endsWith("done\n");
    }

    private static String saidInLittleSpace(Class<?> main) {
        String refusal = Commands.refusalOf("unshare", "--mount", "true");
        assumeTrue(refusal.isEmpty(), refusal);
        Commands.Result result = Commands.run(Commands.under(
                List.of("unshare", "--mount"),
                Commands.shell(
                        "mount -t tmpfs -o size=2m none /dev/shm &&", TestProcess.javaCommand(List.of(), main))));
        assertThat(result.exitCode()).as(result.said()).isZero();
        return result.said();
    }

    /** What is done where /dev/shm has 2 MiB, of which a file takes a half. */
    static final class InLittleSpace {
        private static final Path FILLER = Path.of("/dev/shm/filler");
        private static final String NAME = "grows";

        public static void main(String[] arguments) throws IOException {
            Files.write(FILLER, new byte[(int) MIB]);
            try (Region region = Region.create(NAME, 64 * MIB, GROWING)) {
                long atFirst = used();
                require(atFirst < MIB + 300_000, "only what was asked for is reserved");
                region.memory("first", 1 << 16).fill((byte) 1);
                require(used() == atFirst, "what was reserved is used");
                region.memory("second", 100_000).fill((byte) 2);
                long before = used();
                require(before > atFirst + 90_000 && before < atFirst + 110_000, "no more than an object needs");
                requireRefusal(region);
                require(used() == before, "nothing was taken by the refusal");
                requireRefusalOfStripes(region);
                require(Region.inspect(NAME).objects().size() == 2, "nothing was published");
                region.mutex("needs no space").lock().close();
                Files.delete(FILLER);
                region.memory("third", MIB).fill((byte) 3);
                requireFilled(region.memory("first", 1 << 16), 1);
                requireFilled(region.memory("second", 100_000), 2);
                requireFilled(region.memory("third", MIB), 3);
            }
            System.out.println("done");
        }

        private static void requireRefusal(Region region) {
            try {
                region.memory("third", MIB);
                throw new AssertionError("there is no space for it");
            } catch (RegionException refused) {
                System.out.println(refused.reason() + ": " + refused.getMessage());
            }
        }

        private static void requireRefusalOfStripes(Region region) {
            try {
                region.guardedArray("striped", 1 << 17, new Number(1), GuardedArray.Options.DEFAULT.withStripes(2));
                throw new AssertionError("there is no space for it");
            } catch (RegionException refused) {
                require(refused.reason() == RegionException.Reason.NO_SPACE, refused.toString());
            }
        }

        record Number(long value) {}

        private static void requireFilled(MemorySegment memory, int value) {
            for (long at = 0; at < memory.byteSize(); at++) {
                require(memory.get(JAVA_BYTE, at) == value, "as it was stored");
            }
        }

        static void require(boolean condition, String what) throws AssertionError {
            if (!condition) {
                throw new AssertionError(what);
            }
        }

        static long used() throws IOException {
            FileStore store = Files.getFileStore(Path.of("/dev/shm"));
            return store.getTotalSpace() - store.getUnallocatedSpace();
        }
    }

    /** The same for a heap, whose space is reserved as it grows. */
    static final class HeapInLittleSpace {
        private static final int BLOCK = 50_000;

        public static void main(String[] arguments) throws IOException {
            Files.write(InLittleSpace.FILLER, new byte[(int) MIB]);
            try (Region region =
                    Region.create(InLittleSpace.NAME, 64 * MIB, RegionOptions.DEFAULT.withFirstCapacity(0))) {
                SharedHeap heap = region.heap("heap", 4 * MIB);
                int blocks = 0;
                while (canGrow(heap)) {
                    blocks++;
                }
                long used = InLittleSpace.used();
                InLittleSpace.require(blocks > 1, "it has grown");
                InLittleSpace.require(!canGrow(heap), "it grows without space");
                InLittleSpace.require(InLittleSpace.used() == used, "nothing was taken by the refusal");
                InLittleSpace.require(heap.checkInvariants() == blocks, "nothing was changed by the refusal");
                heap.update(tx -> tx.setRoot(tx.allocate(8))); // there is room for that below the committed end
                Files.delete(InLittleSpace.FILLER);
                for (int i = 0; i < 10; i++) {
                    InLittleSpace.require(canGrow(heap), "it does not grow any more");
                }
                InLittleSpace.require(heap.checkInvariants() == blocks + 11, "all of them are there");
            }
            System.out.println("done");
        }

        private static boolean canGrow(SharedHeap heap) {
            byte[] contents = new byte[BLOCK];
            Arrays.fill(contents, (byte) 7);
            try {
                heap.update(tx -> tx.putBytes(tx.allocate(BLOCK), 0, contents));
                return true;
            } catch (RegionException full) {
                System.out.println(full.reason() + ": " + full.getMessage());
                return false;
            }
        }
    }

    @Test
    void shouldShowTheFirstCapacityOnlyWhereSomethingIsLeftToReserve() {
        try (TestRegion plain = new TestRegion();
                TestRegion growing = new TestRegion();
                TestRegion rounded = new TestRegion()) {
            Region.create(plain.name(), 1 << 18).close();
            Region.create(growing.name(), 1 << 18, GROWING).close();
            Region.create(rounded.name(), 1 << 16, GROWING.withFirstCapacity(1)).close(); // the first 64 KiB are all
            assertThat(Region.inspect(plain.name()).firstCapacity()).isEmpty();
            assertThat(Region.inspect(growing.name()).firstCapacity()).hasValue(1 << 16);
            assertThat(Region.inspect(rounded.name()).firstCapacity()).isEmpty();
        }
    }

    @Test
    void shouldKeepADescriptorOnlyWhereSomethingIsLeftToReserve() throws IOException {
        try (TestRegion plain = new TestRegion();
                TestRegion growing = new TestRegion()) {
            Region.create(plain.name(), 1 << 18).close(); // whatever the first use opens
            Region.create(growing.name(), 1 << 18, GROWING).close();
            long before = descriptors(plain, growing);
            long ordinary;
            try (Region region = Region.open(plain.name())) {
                assertThat(region.memory("all", 1 << 18).byteSize()).isEqualTo(1 << 18);
                ordinary = descriptors(plain, growing);
            }
            try (Region region = Region.open(growing.name());
                    Region again = Region.open(growing.name())) {
                assertThat(region.memory("all", 1 << 18).byteSize()).isEqualTo(1 << 18);
                assertThat(descriptors(plain, growing)).as(again.toString()).isEqualTo(ordinary + 1);
            }
            assertThat(descriptors(plain, growing)).isEqualTo(before);
        }
    }

    /** Of this process, on these files. */
    private static long descriptors(TestRegion... regions) throws IOException {
        List<Path> files = Stream.of(regions).map(r -> Path.of(r.path())).toList();
        try (var all = Files.list(Path.of("/proc/self/fd"))) {
            return all.filter(fd -> Files.isSymbolicLink(fd) && files.contains(target(fd)))
                    .count();
        }
    }

    private static Path target(Path link) {
        try {
            return Files.readSymbolicLink(link);
        } catch (IOException closedMeanwhile) {
            return link;
        }
    }

    @Test
    void shouldReserveAllWhereTheFirstCapacityIsNoLess() throws IOException {
        try (TestRegion name = new TestRegion();
                Region region =
                        Region.create(name.name(), 100_000, RegionOptions.DEFAULT.withFirstCapacity(1L << 50))) {
            assertThat(region.memory("all", 100_000).byteSize()).isEqualTo(100_000);
            assertThat(Region.inspect(name.name()).fileSize()).isEqualTo(Files.size(Path.of(name.path())));
        }
    }

    @Test
    void shouldRefuseANegativeFirstCapacity() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RegionOptions.DEFAULT.withFirstCapacity(-1))
                .withMessage("a region cannot have a first capacity of -1 bytes; give 0 or more");
    }
}
