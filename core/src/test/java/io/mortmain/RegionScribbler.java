package io.mortmain;

import io.mortmain.internal.layout.GlibcMutexLayout;
import io.mortmain.internal.layout.GuardedBlockLayout;
import io.mortmain.internal.layout.HeapLayout;
import io.mortmain.internal.layout.MutexSlotLayout;
import io.mortmain.internal.layout.RegionGeometry;
import io.mortmain.internal.layout.RegionHeaderLayout;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * The hostile process of {@code RegionFuzzTest}: maps a region's file and writes bytes, numbers, and values that mean something over
 * every area of it, in bursts; between bursts it often puts back what was there at first, else nothing but refusals would be seen. Where
 * and what kind of value follows from the seed alone; thread numbers and addresses are those of the run.
 */
final class RegionScribbler {
    /** How many objects' entries and slots are written: those that the victims use, and some that they make. */
    private static final int OBJECTS = 20;

    /** The words of a heap, and headers of its first blocks. */
    private static final int HEAP_WORDS = HeapLayout.BLOCKS + 256;

    private static final int LONGEST_BURST = 48;
    private static final int LONGEST_PAUSE_NANOS = 2_000_000;
    private static final int BURSTS_BETWEEN_LOOKS = 64;
    private static final int[] FIELDS = {
        GlibcMutexLayout.LOCK,
        GlibcMutexLayout.LOCK,
        GlibcMutexLayout.LOCK,
        GlibcMutexLayout.COUNT,
        GlibcMutexLayout.OWNER,
        GlibcMutexLayout.OWNER,
        GlibcMutexLayout.USERS,
        GlibcMutexLayout.KIND,
        GlibcMutexLayout.PREVIOUS,
        GlibcMutexLayout.NODE,
        GlibcMutexLayout.NODE,
        GlibcMutexLayout.NODE
    };
    private static final long[] MARKS = {
        0,
        1,
        -1,
        8,
        GlibcMutexLayout.WAITERS,
        GlibcMutexLayout.OWNER_DIED,
        GlibcMutexLayout.OWNER_DIED | GlibcMutexLayout.WAITERS,
        GlibcMutexLayout.OWNER_INCONSISTENT,
        GlibcMutexLayout.OWNER_NOT_RECOVERABLE,
        GlibcMutexLayout.KIND_ROBUST | GlibcMutexLayout.KIND_PROCESS_SHARED,
        GlibcMutexLayout.KIND_ROBUST | GlibcMutexLayout.KIND_PROCESS_SHARED | GlibcMutexLayout.KIND_RECURSIVE,
        GlibcMutexLayout.KIND_ROBUST | GlibcMutexLayout.KIND_PROCESS_SHARED | GlibcMutexLayout.KIND_ERROR_CHECKING,
        Integer.MAX_VALUE,
        Long.MAX_VALUE,
        Long.MIN_VALUE,
        0x7fff_ffff_f000L
    };

    private record Area(int start, int size, int weight) {}

    private final MappedByteBuffer map;
    private final byte[] original;
    private final Random random;
    private final String[] victims;
    private final long[] addresses;
    private final List<Area> areas;
    private final int lockArea;
    private long[] threads = {1};

    private RegionScribbler(
            MappedByteBuffer map, RegionSnapshot region, long seed, String[] victims, long[] addresses) {
        RegionGeometry geometry = geometryOf(region);
        this.map = map;
        this.original = new byte[map.capacity()];
        map.get(0, original);
        this.random = new Random(seed);
        this.victims = victims;
        this.addresses = addresses;
        this.lockArea = (int) geometry.lockArea();
        this.areas = Stream.concat(
                        areas(geometry),
                        region.objects().stream()
                                .filter(object -> FuzzData.BLOCKS.contains(object.name()))
                                .flatMap(object -> areasOf((int) object.offset())))
                .toList();
    }

    private static Stream<Area> areas(RegionGeometry geometry) {
        return Stream.of(
                new Area(0, RegionHeaderLayout.SIZE, 2),
                new Area(RegionGeometry.STATE_PAGE, 64, 1),
                new Area(RegionGeometry.DIRECTORY, OBJECTS * 128, 3),
                new Area((int) geometry.lockArea(), OBJECTS * MutexSlotLayout.SIZE, 8),
                new Area((int) geometry.ownerArea(), (int) (geometry.data() - geometry.ownerArea()), 1),
                new Area((int) geometry.data(), (int) geometry.dataSize(), 1));
    }

    /** The header of an object with data and the first of its journal; the first of the data; and where a heap has lists and blocks. */
    private Stream<Area> areasOf(int block) {
        int data = block + (int) map.getLong(block + GuardedBlockLayout.DATA);
        return Stream.of(
                new Area(block, (int) GuardedBlockLayout.entry(4), 1),
                new Area(data, HeapLayout.FREE_LISTS, 1),
                new Area(data, HEAP_WORDS, 1));
    }

    /** Path, seed, the victims' process numbers with commas between, and addresses that mean something to them. */
    public static void main(String[] arguments) throws IOException {
        long[] addresses = Arrays.stream(arguments)
                .skip(3)
                .mapToLong(text -> Long.parseUnsignedLong(text, 16))
                .toArray();
        RegionSnapshot region = Region.inspect(arguments[0]);
        try (RandomAccessFile file = new RandomAccessFile(arguments[0], "rw");
                FileChannel channel = file.getChannel()) {
            MappedByteBuffer map = channel.map(
                    FileChannel.MapMode.READ_WRITE, 0, geometryOf(region).fileSize());
            map.order(ByteOrder.nativeOrder());
            RegionScribbler scribbler = new RegionScribbler(
                    map, region, Long.parseLong(arguments[1]), arguments[2].split(",", -1), addresses);
            System.out.println("scribbling");
            scribbler.scribble();
        }
    }

    private static RegionGeometry geometryOf(RegionSnapshot snapshot) {
        return new RegionGeometry(snapshot.capacity(), snapshot.maxObjects());
    }

    private void scribble() {
        for (int burst = 0; ; burst++) {
            if (burst % BURSTS_BETWEEN_LOOKS == 0) {
                lookForThreads();
            }
            Area area = anyArea();
            int length = 1 + random.nextInt(LONGEST_BURST);
            for (int i = 0; i < length; i++) {
                write(random.nextInt(4) == 0 ? anyArea() : area);
            }
            int mercy = random.nextInt(4);
            LockSupport.parkNanos(random.nextInt(LONGEST_PAUSE_NANOS));
            if (mercy > 0) {
                areas.forEach(this::putBack);
                LockSupport.parkNanos(random.nextInt(LONGEST_PAUSE_NANOS));
            }
        }
    }

    private void lookForThreads() {
        List<Long> found = new ArrayList<>();
        for (String victim : victims) {
            try (var tasks = Files.newDirectoryStream(Path.of("/proc", victim, "task"))) {
                tasks.forEach(
                        task -> found.add(Long.parseLong(task.getFileName().toString())));
            } catch (IOException ended) {
                continue;
            }
        }
        if (!found.isEmpty()) {
            threads = found.stream().mapToLong(Long::longValue).toArray();
        }
    }

    private Area anyArea() {
        int left = random.nextInt(areas.stream().mapToInt(Area::weight).sum());
        for (Area area : areas) {
            left -= area.weight();
            if (left < 0) {
                return area;
            }
        }
        throw new AssertionError(left);
    }

    private void putBack(Area area) {
        map.put(area.start(), original, area.start(), area.size());
    }

    private void write(Area area) {
        int at = area.start() + random.nextInt(area.size());
        switch (random.nextInt(6)) {
            case 0 -> map.put(at, (byte) random.nextInt());
            case 1 -> map.putInt(at & -4, random.nextInt());
            case 2 -> map.putLong(at & -8, random.nextLong());
            default -> writePlausible(area, at);
        }
    }

    private void writePlausible(Area area, int at) {
        long value = plausible();
        if (area.start() != lockArea) {
            map.putLong(at & -8, value);
            return;
        }
        int field = FIELDS[random.nextInt(FIELDS.length)];
        int place = (at & -MutexSlotLayout.SIZE) + field;
        if (field >= GlibcMutexLayout.PREVIOUS) {
            map.putLong(place, value);
        } else {
            map.putInt(place, (int) value);
        }
    }

    /** A mark, kind or size; a victim's thread number, with and without marks; an address; or what stands in a link or word now. */
    private long plausible() {
        int slot = lockArea + random.nextInt(OBJECTS) * MutexSlotLayout.SIZE;
        int index = random.nextInt(1 << 20);
        return switch (random.nextInt(6)) {
            case 0 -> MARKS[index % MARKS.length];
            case 1 -> threads[index % threads.length];
            case 2 -> threads[index % threads.length] | MARKS[4 + index % 3];
            case 3 -> addresses[index % addresses.length] + 8L * (index % 3 - 1);
            case 4 -> map.getLong(slot + GlibcMutexLayout.PREVIOUS + index % 2 * Long.BYTES);
            default -> map.getInt(slot);
        };
    }
}
