package io.mortmain;

import io.mortmain.internal.layout.GlibcMutexLayout;
import io.mortmain.internal.linux.AddressSpace;
import io.mortmain.internal.linux.KernelThread;
import io.mortmain.internal.words.MappedWords;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A JVM of {@code RegionFuzzTest}. Arguments: "stays", to keep the hostile region open throughout, or "comes-and-goes"; the names of the
 * hostile and of the sound region; seconds; a seed. It says "ready" and addresses, is told to go, and says what it did, or what broke.
 */
final class FuzzVictim {
    private static final int ATTEMPTS = 10;
    private static final MappedWords WORDS = MappedWords.INSTANCE;
    private static final long CANARY = 0x5eed_c0de_5eed_c0deL;
    /** No operation takes this long: the longest waits 30 seconds, for the mutex of a directory. */
    private static final long HANG_NANOS = TimeUnit.SECONDS.toNanos(100);

    private static volatile long end = Long.MAX_VALUE;

    private final List<Long> canaries = new ArrayList<>();
    private final List<FuzzWorker> workers = new ArrayList<>();
    private final List<Thread> drivers = new ArrayList<>();

    private FuzzVictim() {}

    public static void main(String[] arguments) throws Exception {
        new FuzzVictim().run(arguments);
        System.exit(0);
    }

    static boolean isOver() {
        return System.nanoTime() - end > 0;
    }

    static void require(boolean holds, Supplier<String> rule) {
        if (!holds) {
            throw new AssertionError("broken: " + rule.get());
        }
    }

    private void run(String[] arguments) throws Exception {
        Region sound = Region.open(arguments[2]);
        RobustMutex[] mutexes = {sound.mutex("sound-0"), sound.mutex("sound-1")};
        MemorySegment counters = sound.memory("counters", 16);
        if (arguments[0].equals("stays")) {
            openWithCanaries(arguments[1]);
        }
        place(AddressSpace.reserve(AddressSpace.PAGE_SIZE));
        System.out.println("ready " + meaningful(mutexes));
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)).readLine();
        end = System.nanoTime() + TimeUnit.SECONDS.toNanos(Long.parseLong(arguments[3]));
        for (FuzzWorker.Role role : FuzzWorker.Role.values()) {
            long seed = Long.parseLong(arguments[4]) + role.ordinal();
            FuzzWorker worker = new FuzzWorker(role, arguments[1], mutexes, counters, seed);
            workers.add(worker);
            drivers.add(Thread.ofPlatform().start(() -> drive(worker, role)));
        }
        awaitEnd();
        checkCanaries();
        System.out.println("done " + sum(0) + " " + sum(1) + " in "
                + workers.stream()
                        .map(worker -> worker + ", acquired " + worker.acquired() + ", refused " + worker.refused())
                        .collect(Collectors.joining("; ")));
    }

    private static String meaningful(RobustMutex[] sound) {
        return Stream.of(
                        sound[0].pthreadMutex().address() + GlibcMutexLayout.NODE,
                        sound[1].pthreadMutex().address() + GlibcMutexLayout.NODE,
                        KernelThread.robustListHead(),
                        AddressSpace.reserve(AddressSpace.PAGE_SIZE))
                .map(Long::toHexString)
                .collect(Collectors.joining(" "));
    }

    /** One thread after another does the worker's rounds, so that threads end, and their numbers and lists with them. */
    private static void drive(FuzzWorker worker, FuzzWorker.Role role) {
        while (!isOver()) {
            Thread.Builder builder = role == FuzzWorker.Role.VIRTUAL ? Thread.ofVirtual() : Thread.ofPlatform();
            Thread thread = builder.name("fuzz-" + role)
                    .uncaughtExceptionHandler((_, thrown) -> fail(worker + ": " + thrown, thrown))
                    .start(worker::run);
            try {
                thread.join();
            } catch (InterruptedException never) {
                throw new AssertionError(never);
            }
        }
    }

    private void awaitEnd() throws InterruptedException {
        for (Thread driver : drivers) {
            while (!driver.join(Duration.ofSeconds(1))) {
                checkCanaries();
                workers.stream()
                        .filter(worker -> worker.age() > HANG_NANOS)
                        .findAny()
                        .ifPresent(worker -> fail(worker + " hangs", new Throwable()));
                System.out.println(
                        "rounds " + workers.stream().map(FuzzWorker::rounds).toList());
            }
        }
    }

    private long sum(int mutex) {
        return workers.stream().mapToLong(worker -> worker.increments(mutex)).sum();
    }

    private static void fail(String what, Throwable thrown) {
        thrown.printStackTrace();
        System.out.println("FAILED " + what);
        Thread.getAllStackTraces().forEach((thread, stack) -> System.out.println(thread + " " + List.of(stack)));
        Runtime.getRuntime().halt(3);
    }

    private void place(long page) {
        for (long at = 0; at < AddressSpace.PAGE_SIZE; at += Long.BYTES) {
            WORDS.putLongRelease(page + at, CANARY);
        }
        canaries.add(page);
    }

    private void checkCanaries() {
        for (long page : canaries) {
            for (long at = 0; at < AddressSpace.PAGE_SIZE; at += Long.BYTES) {
                if (WORDS.getLongPlain(page + at) != CANARY) {
                    fail("the canary at " + Long.toHexString(page + at) + " was changed", new Throwable());
                }
            }
        }
    }

    /** Something else may stand on both sides of it; then it is opened again, somewhere else. */
    private void openWithCanaries(String name) throws Exception {
        for (int attempt = 0; canaries.isEmpty(); attempt++) {
            require(attempt < ATTEMPTS, () -> "there is room next to a mapping of the region");
            Region region = Region.open(name);
            placeNextTo(name);
            if (canaries.isEmpty()) {
                region.close();
                long _ = AddressSpace.reserve(AddressSpace.PAGE_SIZE << attempt); // in its place
            }
        }
        System.out.println(canaries.size() + " canary pages next to the region");
    }

    /** Pages before and behind each mapping of the region, where nothing else stands. */
    private void placeNextTo(String name) throws Exception {
        for (String line : Files.readAllLines(Path.of("/proc/self/maps"))) {
            if (line.endsWith("/" + name)) {
                String[] range = line.substring(0, line.indexOf(' ')).split("-", 2);
                placeAt(Long.parseUnsignedLong(range[0], 16) - AddressSpace.PAGE_SIZE);
                placeAt(Long.parseUnsignedLong(range[1], 16));
            }
        }
    }

    private void placeAt(long address) throws IOException {
        int anonymousHereIfFree = 0x2 | 0x20 | 0x10_0000;
        Linker linker = Linker.nativeLinker();
        MethodHandle mmap = linker.downcallHandle(
                linker.defaultLookup().findOrThrow("mmap"),
                FunctionDescriptor.of(
                        ValueLayout.JAVA_LONG,
                        ValueLayout.JAVA_LONG,
                        ValueLayout.JAVA_LONG,
                        ValueLayout.JAVA_INT,
                        ValueLayout.JAVA_INT,
                        ValueLayout.JAVA_INT,
                        ValueLayout.JAVA_LONG));
        try {
            var placed = (long) mmap.invokeExact(address, AddressSpace.PAGE_SIZE, 3, anonymousHereIfFree, -1, 0L);
            if (placed == address) {
                place(placed);
            }
        } catch (Throwable thrown) {
            throw new IOException(thrown);
        }
    }
}
