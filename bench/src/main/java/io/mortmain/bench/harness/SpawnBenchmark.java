package io.mortmain.bench.harness;

import io.mortmain.bench.peer.SpawnPeer;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Starts processes by turns with the JDK, which has three ways to do it, from a small JVM and from a large one. */
public final class SpawnBenchmark {
    private static final String BUILDER = "ProcessBuilder, ";
    private static final List<String> MECHANISMS = List.of("POSIX_SPAWN", "VFORK", "FORK");
    private static final String DEFAULT = "POSIX_SPAWN";
    /** A JVM that is left alone takes for heap and collector whatever is there. */
    private static final List<String> SMALL_JVM = List.of("-Xmx12m", "-XX:+UseSerialGC");

    private static final List<String> LARGE_JVM = List.of();
    private static final long KIB_OF_A_MIB = 1024;

    private final SpawnSettings settings;
    private final PrintWriter out;

    /** With these settings. */
    public SpawnBenchmark(SpawnSettings settings, PrintWriter out) {
        this.settings = settings;
        this.out = out;
    }

    /** A way to start processes: for each round the median of its turn, in microseconds. */
    private record Way(String title, List<Double> starts, List<Double> wholes) {
        Way(String title) {
            this(title, new ArrayList<>(), new ArrayList<>());
        }

        void measure(PeerProcess peer, String command, SpawnSettings settings) {
            String turn = command + " " + settings.children() + " " + settings.turnMillis();
            String[] answer = peer.ask(turn, "measured");
            starts.add(Double.valueOf(answer[0]));
            wholes.add(Double.valueOf(answer[1]));
        }

        Map<String, Object> toMap() {
            Map<String, Object> map = new LinkedHashMap<>();
            map.put("medianMicrosUntilStarted", starts);
            map.put("medianMicrosUntilEnded", wholes);
            return map;
        }
    }

    /** One mechanism of the JDK beside Spawn, by turns in one JVM. */
    private record Pair(String mechanism, Way spawn, Way builder, long residentMib) {}

    /**
     * Measures, prints, and writes the raw values.
     *
     * @param command as it was given, for the record
     * @param file for the raw values
     * @throws BenchException when it could not be measured
     */
    public void run(String command, Path file) {
        RawValues raw = RawValues.begin(command, file, out);
        raw.put("small", measure(0, SMALL_JVM));
        raw.put("large", measure(affordable(settings.largeMib()), LARGE_JVM));
        raw.write();
        out.println();
        out.println(
                "Until started: the call returned, and exec had succeeded. Until ended: somebody who waits knew it. Median of the"
                        + " rounds' medians, least – most.");
        out.println("Times Spawn: of the same round of the same JVM.");
        out.println("raw values: " + file);
        out.flush();
    }

    /** What is there at most, half of it: others work here, too. */
    private long affordable(long mib) {
        long half = availableMib() / 2;
        if (half < mib) {
            out.println("This machine has " + half * 2 + " MiB left, so the large JVM gets " + half + " instead of "
                    + mib + " MiB.");
        }
        return Math.min(half, mib);
    }

    private static long availableMib() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/meminfo"))) {
            String line = lines.filter(each -> each.startsWith("MemAvailable:"))
                    .findFirst()
                    .orElse("MemAvailable: 0 kB");
            return Long.parseLong(line.split("\\s+", -1)[1]) / KIB_OF_A_MIB;
        } catch (IOException unknown) {
            throw new BenchException("/proc/meminfo cannot be read; mount /proc", unknown);
        }
    }

    private Map<String, Object> measure(long mib, List<String> jvm) {
        List<Pair> pairs =
                MECHANISMS.stream().map(each -> measure(mib, jvm, each)).toList();
        Map<String, Object> raw = new LinkedHashMap<>();
        for (Pair pair : pairs) {
            Map<String, Object> both = new LinkedHashMap<>();
            both.put("residentMib", pair.residentMib());
            both.put(pair.spawn().title(), pair.spawn().toMap());
            both.put(pair.builder().title(), pair.builder().toMap());
            raw.put(pair.mechanism(), both);
        }
        print(pairs);
        return raw;
    }

    private Pair measure(long mib, List<String> jvm, String mechanism) {
        List<String> options = new ArrayList<>(jvm);
        options.add("-Djdk.lang.Process.launchMechanism=" + mechanism);
        try (PeerProcess peer = PeerJvm.start(mechanism, SpawnPeer.class, options, Long.toString(mib))) {
            Way spawn = new Way("Spawn");
            Way builder = new Way(BUILDER + mechanism + (mechanism.equals(DEFAULT) ? " (default)" : ""));
            String warmUp = settings.warmUp() + " " + settings.warmUpMillis();
            peer.ask("spawn " + warmUp, "measured");
            peer.ask("builder " + warmUp, "measured");
            for (int round = 0; round < settings.rounds(); round++) {
                if (round % 2 == 0) {
                    spawn.measure(peer, "spawn", settings);
                }
                builder.measure(peer, "builder", settings);
                if (round % 2 == 1) {
                    spawn.measure(peer, "spawn", settings);
                }
            }
            return new Pair(mechanism, spawn, builder, Long.parseLong(peer.ask("resident", "resident")[0]));
        }
    }

    private void print(List<Pair> pairs) {
        out.println();
        out.println("From a JVM with " + pairs.getFirst().residentMib()
                + " MiB resident, /bin/true with three pipes, " + settings.rounds() + " rounds of "
                + settings.children() + ", µs:");
        Table table = new Table("", "until started", "", "times Spawn", "until ended", "", "times Spawn");
        for (Pair pair : pairs) {
            if (pair.mechanism().equals(DEFAULT)) {
                add(table, pair.spawn(), pair.spawn());
            }
            add(table, pair.builder(), pair.spawn());
        }
        table.print(out);
    }

    private static void add(Table table, Way way, Way spawn) {
        Statistics starts = Statistics.of(way.starts());
        Statistics wholes = Statistics.of(way.wholes());
        table.add(
                way.title(),
                Table.decimal(starts.median(), 0),
                Table.spread(starts, 0),
                Table.decimal(Statistics.ofRatios(way.starts(), spawn.starts()).median(), 2),
                Table.decimal(wholes.median(), 0),
                Table.spread(wholes, 0),
                Table.decimal(Statistics.ofRatios(way.wholes(), spawn.wholes()).median(), 2));
    }
}
