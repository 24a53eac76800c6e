package io.mortmain.cli.torture;

import static io.mortmain.cli.torture.DeedSite.refusal;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.mortmain.Hold;
import io.mortmain.Region;
import io.mortmain.RobustMutex;
import io.mortmain.cli.torture.Deeds.Deed;
import io.mortmain.errors.RegionException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** D4 to D7, D12 and B7: region files that are damaged, impossible, foreign, or many. */
final class RegionDeeds {
    private static final int HEADER = 4096;
    private static final int CHECKSUM = 4088;
    private static final long FNV_START = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;
    private static final long MORE_THAN_THERE_IS = 1L << 45;
    private static final int NOBODY = 65534;
    private static final int CREATORS = 4;
    private static final int TURNS = 50;

    private RegionDeeds() {}

    static void addTo(Map<String, Deed> all) {
        all.put("flip-each-byte", RegionDeeds::flipEachByte);
        all.put("forge", RegionDeeds::forge);
        all.put("too-large", site -> refusal(() -> Region.create(site.path(), MORE_THAN_THERE_IS)));
        all.put("no-descriptors", RegionDeeds::noDescriptors);
        all.put("no-permission", RegionDeeds::noPermission);
        all.put("create-together", RegionDeeds::createTogether);
        all.put("symbolic-link", RegionDeeds::symbolicLink);
        all.put("foreign-owner", RegionDeeds::foreignOwner);
        all.put("create-region", site -> {
            Region.create(site.path(), 0).close();
            return "created";
        });
        all.put("create-regions", RegionDeeds::createRegions);
    }

    private static String flipEachByte(DeedSite site) throws IOException {
        site.region().close();
        try (RandomAccessFile file = new RandomAccessFile(site.path(), "rw")) {
            for (int i = 0; i < HEADER; i++) {
                file.seek(i);
                int sound = file.read();
                file.seek(i);
                file.write(sound ^ 0xff);
                String reason = refusal(() -> Region.open(site.path()));
                file.seek(i);
                file.write(sound);
                if (!isTyped(reason)) {
                    return "byte " + i + ": " + reason;
                }
            }
        }
        Region.open(site.path()).close();
        return "each refused";
    }

    private static boolean isTyped(String reason) {
        return Stream.of(RegionException.Reason.values())
                .anyMatch(known -> known.name().equals(reason));
    }

    /** The argument: offset of the number in the header that is raised by one; the checksum is right. */
    private static String forge(DeedSite site) throws IOException {
        site.region().close();
        Path path = Path.of(site.path());
        ByteBuffer file = ByteBuffer.wrap(Files.readAllBytes(path)).order(ByteOrder.LITTLE_ENDIAN);
        file.putInt(site.number(), file.getInt(site.number()) + 1);
        long sum = FNV_START;
        for (int i = 0; i < CHECKSUM; i++) {
            sum = (sum ^ (file.get(i) & 0xff)) * FNV_PRIME;
        }
        file.putLong(CHECKSUM, sum);
        Files.write(path, file.array());
        return refusal(() -> Region.open(site.path()));
    }

    private static String noDescriptors(DeedSite site) throws IOException {
        refusal(() -> Region.open(site.path()));
        site.region().close();
        site.remove();
        Libc.limitFiles(3);
        return refusal(() -> Region.create(site.path(), 0));
    }

    private static String noPermission(DeedSite site) throws IOException {
        refusal(() -> Region.open(site.path()));
        Path folder = Files.createDirectory(
                Path.of(site.path()),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("r-x------")));
        if (Privileges.isRoot()) {
            Libc.becomeUser(NOBODY);
        }
        return refusal(() -> Region.create(folder.resolve("r").toString(), 0));
    }

    /** Done in several processes at once; each thread adds {@value TURNS} to the same number. */
    private static String createTogether(DeedSite site) throws Exception {
        List<Thread> threads = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        for (int i = 0; i < CREATORS; i++) {
            threads.add(Thread.ofPlatform().start(() -> {
                try {
                    add(site);
                } catch (RuntimeException failed) {
                    synchronized (problems) {
                        problems.add(failed.toString());
                    }
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        try (Region region = Region.open(site.path())) {
            return (problems.isEmpty() ? "" : problems.getFirst() + " ")
                    + region.memory("count", Long.BYTES).get(JAVA_LONG, 0);
        }
    }

    private static void add(DeedSite site) {
        try (Region region = Region.openOrCreate(site.path(), 4096)) {
            MemorySegment count = region.memory("count", Long.BYTES);
            RobustMutex mutex = region.mutex("m");
            for (int i = 0; i < TURNS; i++) {
                try (Hold hold = mutex.lock()) {
                    count.set(JAVA_LONG, 0, count.get(JAVA_LONG, 0) + 1);
                }
            }
        }
    }

    /** What {@link #createTogether} must come to. */
    static int together(int processes) {
        return processes * CREATORS * TURNS;
    }

    private static String symbolicLink(DeedSite site) throws IOException {
        site.region().close();
        Path link = Files.createSymbolicLink(Path.of(site.path() + "-link"), Path.of(site.path()));
        return refusal(() -> Region.open(link.toString()));
    }

    private static String foreignOwner(DeedSite site) throws IOException {
        if (!Privileges.isRoot()) {
            return "not tried | only root can give a file to another user";
        }
        site.region().close();
        Files.setAttribute(Path.of(site.path()), "unix:uid", NOBODY);
        return refusal(() -> Region.open(site.path()));
    }

    private static String createRegions(DeedSite site) {
        for (int i = 0; ; i++) {
            try (Region region = Region.create(site.path() + "-" + i, 4096)) {
                region.memory("bytes", 64);
            }
        }
    }
}
