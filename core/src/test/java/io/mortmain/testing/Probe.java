package io.mortmain.testing;

import io.mortmain.Death;
import io.mortmain.Hold;
import io.mortmain.MutexKind;
import io.mortmain.Region;
import io.mortmain.RegionOptions;
import io.mortmain.errors.RegionException;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Does one thing with a region in surroundings that a test made for it, and says what came of it: "done", or the refusal. */
public final class Probe {
    private static final int ATTEMPTS = 100;

    private Probe() {}

    /** Arguments: what to do, the region's name, and for a creation its capacity. */
    public static void main(String[] arguments) throws Exception {
        String name = arguments[1];
        long capacity = arguments.length > 2 ? Long.parseLong(arguments[2]) : 0;
        try {
            switch (arguments[0]) {
                case "create" ->
                    Region.create(name, capacity, RegionOptions.DEFAULT.withMode(0666))
                            .close();
                case "create anonymous" -> Region.createAnonymous(capacity).close();
                case "open" -> Region.open(name).close();
                case "lock" -> lock(name);
                case "delete" -> Region.delete(name);
                case "list" -> System.out.println(Region.list());
                case "inspect" -> System.out.println(Region.inspect(name).unusableBecause());
                case "create without descriptors" -> createWithoutDescriptors(name);
                case "create without addresses" -> createWithoutAddresses(name, capacity);
                case "create in many threads" -> createInManyThreads(name, capacity);
                default -> throw new IllegalArgumentException(arguments[0]);
            }
            System.out.println("done");
        } catch (RegionException refused) {
            System.out.println(refused.reason() + ": " + refused.getMessage());
        } catch (RuntimeException | Error unexpected) {
            System.out.println(unexpected);
        }
        Path folder = Path.of(name.contains("/") ? name : "/dev/shm/" + name).getParent();
        if (Files.isDirectory(folder)) {
            System.out.println(
                    "left: " + Files.exists(folder.resolve(Path.of(name).getFileName())) + ", bytes in use: "
                            + (Files.getFileStore(folder).getTotalSpace()
                                    - Files.getFileStore(folder).getUnallocatedSpace()));
        }
    }

    private static void lock(String name) {
        try (Region region = Region.open(name);
                Hold hold =
                        region.mutex(MutexPeer.MUTEX, MutexKind.NORMAL, null).lock()) {
            System.out.println(hold.death().map(Death::toString).orElse("clean"));
            if (hold.predecessorDied()) {
                hold.markConsistent();
            }
        }
    }

    private static void createWithoutDescriptors(String name) throws IOException {
        loadWhatIsNeeded(name);
        List<FileInputStream> open = new ArrayList<>();
        try {
            for (int attempt = 0; attempt < ATTEMPTS; attempt++) { // another thread may give one back just then
                takeAll(open);
                Region.create(name, 0).close();
                Region.delete(name);
            }
        } finally {
            for (FileInputStream stream : open) {
                stream.close();
            }
        }
    }

    private static void takeAll(List<FileInputStream> open) {
        try {
            for (; ; ) {
                open.add(new FileInputStream("/dev/null"));
            }
        } catch (IOException exhausted) {
            return;
        }
    }

    /** Classes in folders need descriptors to be loaded, and memory, those of failures too. */
    private static void loadWhatIsNeeded(String name) {
        Region.create(name, 0).close();
        Region.delete(name);
        try {
            Region.open(name).close();
        } catch (RegionException notFound) {
            assert notFound.reason() == RegionException.Reason.NOT_FOUND;
        }
    }

    private static void createWithoutAddresses(String name, long capacity) throws Exception {
        loadWhatIsNeeded(name);
        limitAddressSpace("--version"); // what starting a process needs is there from now on
        String size = Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("VmSize:"))
                .findFirst()
                .orElseThrow()
                .replaceAll("\\D", "");
        long limit = Long.parseLong(size) * 1024 + capacity / 2;
        limitAddressSpace("--as=" + limit);
        Region.create(name, capacity).close();
    }

    private static void limitAddressSpace(String option) throws Exception {
        int exit = new ProcessBuilder(
                        "prlimit",
                        "--pid",
                        Long.toString(ProcessHandle.current().pid()),
                        option)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
        if (exit != 0) {
            throw new IllegalStateException("prlimit: " + exit);
        }
    }

    private static void createInManyThreads(String name, long capacity) throws InterruptedException {
        AtomicInteger opened = new AtomicInteger();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            threads.add(Thread.ofPlatform().start(() -> {
                Region.openOrCreate(name, capacity).close();
                opened.incrementAndGet();
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        System.out.println("opened " + opened);
    }
}
