package io.mortmain.cli.torture;

import static io.mortmain.cli.torture.DeedSite.mutex;

import io.mortmain.MutexKind;
import io.mortmain.Region;
import io.mortmain.cli.torture.Deeds.Deed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** D14: what a process has more of after many regions. */
final class GrowthDeed {
    /** Every class is loaded, the code compiled, the slots of ended threads are there. */
    private static final long FIRST_MILLIS = 700;

    private static final long MILLIS = 2_000;
    /** On a busy machine it takes longer. */
    private static final int FEWEST = 1_000;
    /** One of so many is a new file. */
    private static final int CREATED = 8;

    private static final int NOISE = 16;
    private static final long HEAP_NOISE = 256 << 10;
    private static final long MEMORY_NOISE = 4 << 20;

    private GrowthDeed() {}

    static void addTo(Map<String, Deed> all) {
        all.put("many-regions", GrowthDeed::manyRegions);
    }

    /** What the process has. Bytes of the heap after a collection; bytes of memory without the heap's, which is all there from the start. */
    private record Size(long descriptors, long mappings, long heap, long memory) {
        static Size now() throws IOException {
            System.gc();
            Runtime runtime = Runtime.getRuntime();
            return new Size(
                    openFiles(),
                    Files.readAllLines(Path.of("/proc/self/maps")).size(),
                    runtime.totalMemory() - runtime.freeMemory(),
                    resident());
        }

        private static long openFiles() throws IOException {
            try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
                return all.count();
            }
        }

        private static long resident() throws IOException {
            long kilobytes = Files.readAllLines(Path.of("/proc/self/status")).stream()
                    .filter(line -> line.startsWith("RssAnon:") || line.startsWith("RssShmem:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                    .sum();
            return kilobytes << 10;
        }

        Size minus(Size before) {
            return new Size(
                    descriptors - before.descriptors,
                    mappings - before.mappings,
                    heap - before.heap,
                    memory - before.memory);
        }

        boolean isNoise() {
            return descriptors < NOISE && mappings < NOISE && heap < HEAP_NOISE && memory < MEMORY_NOISE;
        }

        String text() {
            return descriptors + " descriptors, " + mappings + " mappings, " + (heap >> 10) + " KB of heap, "
                    + (memory >> 10) + " KB of other memory more";
        }
    }

    private static String manyRegions(DeedSite site) throws IOException {
        openAndClose(site, FIRST_MILLIS, FEWEST / 2);
        Size before = Size.now();
        int regions = openAndClose(site, MILLIS, FEWEST);
        Size grown = Size.now().minus(before);
        return (grown.isNoise() ? "nothing grew" : "it grew") + " | " + regions + " regions: " + grown.text();
    }

    /** Returns how many. */
    private static int openAndClose(DeedSite site, long millis, int fewest) throws IOException {
        long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        int regions = 0;
        for (; regions < fewest || System.nanoTime() - until < 0; regions++) {
            if (regions % CREATED == 0) {
                site.remove();
            }
            try (Region region = Region.openOrCreate(site.path(), 4096)) {
                mutex(region, MutexKind.ERROR_CHECKING).lock().close();
            }
        }
        site.remove();
        return regions;
    }
}
