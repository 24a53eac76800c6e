package io.mortmain.bench.harness;

import io.mortmain.bench.pair.GuardedPeer;
import io.mortmain.bench.pair.GuardedShape;
import io.mortmain.bench.pair.Means;
import io.mortmain.bench.pair.PairPeer;
import io.mortmain.bench.peer.Shape;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One change of two numbers that belong together, which nobody contends for: by guarded data, by other means, and in C by a lock alone. Each
 * runs in a process of its own, that stays alive; all run by turns on one processor, each directly after the bare lock of Mortmain. The
 * rounds are shared among {@link Generations} of JVMs.
 */
final class GuardedSection {
    private static final int CHANGES = 1 << 18;
    private static final String BARE = "Mortmain, lock + unlock alone";
    private static final String MEASURE = "measure";

    private final Workbench bench;
    private final SharedFolder folder;
    private final Settings settings;
    private final Map<String, Row> rows = new LinkedHashMap<>();

    GuardedSection(Workbench bench, SharedFolder folder, Settings settings) {
        this.bench = bench;
        this.folder = folder;
        this.settings = settings;
    }

    /** One line of the table: a value for each round, and one of the bare lock right before; for each JVM the bytes of heap for a change. */
    private record Row(List<Double> medians, List<Double> means, List<Double> mediansOfBare, List<Double> bytes) {
        Row() {
            this(new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        }

        Map<String, Object> toMap() {
            Map<String, Object> map = new LinkedHashMap<>();
            map.put("medianNanosPerChange", medians);
            map.put("meanNanosPerChange", means);
            map.put("medianNanosOfBareLock", mediansOfBare);
            if (!bytes.isEmpty()) {
                map.put("allocatedBytesPerChange", bytes);
            }
            return map;
        }
    }

    /** A process, and by which command it measures what stands in a row. */
    private record Runner(String title, PeerProcess peer, String command) {
        /** Nanoseconds for one change, in its row: the median, and the mean. */
        Row measure(int millis, Map<String, Row> into) {
            String[] answer = peer.ask(command + " " + millis, "measured");
            Row row = into.computeIfAbsent(title, _ -> new Row());
            row.medians().add(Double.valueOf(answer[0]));
            row.means().add(Double.valueOf(answer[1]));
            return row;
        }
    }

    /** Measures, prints, and returns the raw values. */
    Map<String, Object> run(PrintWriter out) {
        return report(out, Generations.measureEach(settings, this::measureGeneration));
    }

    /** False where the peers could not be bound to the processor. */
    private boolean measureGeneration(int processor, int rounds) {
        try (Peers peers = new Peers()) {
            Runner bare = new Runner(BARE, peers.add(UncontendedSection.startJava(bench, Shape.FIELD)), MEASURE);
            List<Runner> java = startJava(peers);
            java.addFirst(bare);
            WarmUp.run(java.stream().map(Runner::peer).toList(), settings.warmUpMillis()); // before they are bound
            java.forEach(runner ->
                    rows.computeIfAbsent(runner.title(), _ -> new Row()).bytes().add(allocation(runner.peer())));
            List<Runner> others = new ArrayList<>(java.subList(1, java.size()));
            if (bench.hasCompiler()) {
                PeerProcess c = peers.add(bench.startC("C"));
                others.add(new Runner("C, robust lock + two stores + unlock", c, MEASURE + " robust-stores"));
                others.add(new Runner("C, robust lock + unlock alone", c, MEASURE + " robust"));
            }
            boolean bound = peers.bind(processor);
            measureRound(bare, others, new LinkedHashMap<>()); // warms the processor that they are bound to
            for (int round = 0; round < rounds; round++) {
                measureRound(bare, others, rows);
            }
            return bound;
        }
    }

    private List<Runner> startJava(Peers peers) {
        List<Runner> java = new ArrayList<>();
        for (GuardedShape shape : GuardedShape.values()) {
            java.add(new Runner("Mortmain, " + shape.title(), peers.add(startJava(bench, shape)), MEASURE));
        }
        for (Means means : Means.values()) {
            if (means != Means.GUARDED) {
                java.add(new Runner(means.title(), peers.add(startJava(means)), MEASURE));
            }
        }
        return java;
    }

    /** Starts the JVM of one shape. */
    static PeerProcess startJava(Workbench bench, GuardedShape shape) {
        return bench.startJava(
                shape.title(), GuardedPeer.class, PeerJvm.withTouchedHeap(List.of()), shape.name(), bench.regionPath());
    }

    private PeerProcess startJava(Means means) {
        PeerProcess peer = bench.startJava(
                means.title(),
                PairPeer.class,
                PeerJvm.withTouchedHeap(means.jvmOptions(folder.path())),
                means.name(),
                folder.path().toString());
        peer.ask("open " + folder.resolve(means.name()), "opened");
        return peer;
    }

    /** Bytes of heap for one change, when warm. */
    static double allocation(PeerProcess peer) {
        return Double.parseDouble(peer.ask("allocation " + CHANGES, "allocated")[0]);
    }

    private void measureRound(Runner bare, List<Runner> others, Map<String, Row> into) {
        for (Runner other : others) {
            double alone = bare.measure(settings.sliceMillis(), into).medians().getLast();
            other.measure(settings.sliceMillis(), into).mediansOfBare().add(alone);
        }
    }

    private Map<String, Object> report(PrintWriter out, String where) {
        out.println();
        out.println("One change of two numbers: ns, " + settings.rounds() + " rounds of " + settings.sliceMillis()
                + " ms, uncontended, " + where);
        Table table = new Table("", "median", "least – most", "ratio to bare lock", "least – most", "bytes of heap");
        Map<String, Object> raw = new LinkedHashMap<>();
        rows.forEach((title, row) -> {
            raw.put(title, row.toMap());
            Statistics nanos = Statistics.of(row.medians());
            boolean isBare = row.mediansOfBare().isEmpty();
            Statistics ratio = Statistics.ofRatios(row.medians(), isBare ? row.medians() : row.mediansOfBare());
            table.add(
                    title,
                    Table.decimal(nanos.median(), 1),
                    Table.spread(nanos, 1),
                    isBare ? "1" : Table.decimal(ratio.median(), 2),
                    isBare ? "-" : Table.spread(ratio, 2),
                    bytes(row));
        });
        table.print(out);
        out.println("Only guarded data and LMDB are whole after a death between the stores: see 'mortmain bench torn'."
                + " LMDB is not synced here: neither it nor the others wait for a disk.");
        out.println("Aim: Guarded.update at most 4 times the bare lock, and no bytes of heap.");
        return raw;
    }

    /** Of the JVM that took most. */
    private static String bytes(Row row) {
        return row.bytes().isEmpty() ? "-" : Table.decimal(Collections.max(row.bytes()), 1);
    }
}
