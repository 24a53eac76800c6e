package io.mortmain.bench.peer;

import io.mortmain.process.Child;
import io.mortmain.process.Handover;
import io.mortmain.process.Spawn;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A process of so much resident memory that starts others, by {@link Spawn} or by {@link ProcessBuilder}, one after the other, with three pipes
 * each, and waits for their ends.
 */
public final class SpawnPeer {
    private static final String PROGRAM = "/bin/true";
    private static final long MIB = 1 << 20;
    private static final long KIB_OF_A_MIB = 1024;
    private static final double NANOS_OF_A_MICRO = 1_000;
    private static final Path NO_REGION = Path.of("none");

    private SpawnPeer() {}

    private interface Start {
        /** Waits for the end, and returns when the start returned. */
        long startAndAwait() throws Exception;
    }

    /** Argument: the memory that is resident at least, in MiB. */
    public static void main(String[] args) throws Exception {
        long missing = Long.parseLong(args[0]) - residentMib();
        try (Arena arena = Arena.ofShared()) {
            if (missing > 0) {
                arena.allocate(missing * MIB).fill((byte) 1); // every page is touched
            }
            Conversation.run(NO_REGION, SpawnPeer::answer);
        }
    }

    private static String answer(String[] command) throws Exception {
        return switch (command[0]) {
            case "resident" -> "resident " + residentMib();
            case "spawn" -> measure(command, SpawnPeer::spawn);
            case "builder" -> measure(command, SpawnPeer::build);
            default -> "error there is no " + command[0];
        };
    }

    /** So many children, or fewer if the time in milliseconds is over; medians in microseconds: until the start returned, until the end was known. */
    private static String measure(String[] command, Start start) throws Exception {
        int children = Integer.parseInt(command[1]);
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(Long.parseLong(command[2]));
        List<Double> starts = new ArrayList<>();
        List<Double> wholes = new ArrayList<>();
        while (starts.isEmpty() || (starts.size() < children && System.nanoTime() < end)) {
            long before = System.nanoTime();
            long started = start.startAndAwait();
            wholes.add((System.nanoTime() - before) / NANOS_OF_A_MICRO);
            starts.add((started - before) / NANOS_OF_A_MICRO);
        }
        return "measured " + median(starts) + " " + median(wholes);
    }

    private static double median(List<Double> values) {
        double[] sorted =
                values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    private static long spawn() throws InterruptedException {
        try (Child child = Spawn.of(PROGRAM)
                .stdin(Handover.pipeToChild())
                .stdout(Handover.pipeFromChild())
                .stderr(Handover.pipeFromChild())
                .start()) {
            long started = System.nanoTime();
            require(child.await().shellCode());
            return started;
        }
    }

    private static long build() throws IOException, InterruptedException {
        Process process = new ProcessBuilder(PROGRAM).start();
        long started = System.nanoTime();
        require(process.waitFor());
        process.getInputStream().close();
        process.getErrorStream().close();
        process.getOutputStream().close();
        return started;
    }

    private static void require(int exitCode) {
        if (exitCode != 0) {
            throw new IllegalStateException(PROGRAM + " ended with exit code " + exitCode);
        }
    }

    private static long residentMib() throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/status"))) {
            String line =
                    lines.filter(each -> each.startsWith("VmRSS:")).findFirst().orElseThrow();
            List<String> words = List.of(line.split("\\s+"));
            return Long.parseLong(words.get(1)) / KIB_OF_A_MIB;
        }
    }
}
