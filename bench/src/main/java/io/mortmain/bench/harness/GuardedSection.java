package io.mortmain.bench.harness;

import io.mortmain.bench.pair.GuardedPeer;
import io.mortmain.bench.pair.GuardedShape;
import io.mortmain.bench.pair.Means;
import io.mortmain.bench.pair.PairPeer;
import io.mortmain.bench.peer.Shape;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One change of two numbers that belong together, which nobody contends for: by guarded data, by other means, and in C by a lock alone. Each
 * runs in a process of its own, that stays alive; all run by turns on one processor, each directly after the bare lock of Mortmain.
 */
final class GuardedSection {
    private static final int CHANGES = 1 << 18;
    private static final String BARE = "Mortmain, lock + unlock alone";

    private final Workbench bench;
    private final SharedFolder folder;
    private final Settings settings;
    private final List<Row> rows = new ArrayList<>();

    GuardedSection(Workbench bench, SharedFolder folder, Settings settings) {
        this.bench = bench;
        this.folder = folder;
        this.settings = settings;
    }

    /** One line of the table: a value for each round, and one of the bare lock right before. */
    private record Row(
            String title,
            PeerProcess peer,
            String command,
            Optional<Double> bytes,
            List<Double> medians,
            List<Double> means,
            List<Double> mediansOfBare) {
        Row(String title, PeerProcess peer, String command, Optional<Double> bytes) {
            this(title, peer, command, bytes, new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        }

        /** Nanoseconds for one change. */
        double measure(int millis) {
            String[] answer = peer.ask(command + " " + millis, "measured");
            medians.add(Double.valueOf(answer[0]));
            means.add(Double.valueOf(answer[1]));
            return medians.getLast();
        }

        void forget() {
            medians.clear();
            means.clear();
            mediansOfBare.clear();
        }

        Map<String, Object> toMap() {
            Map<String, Object> map = new LinkedHashMap<>();
            map.put("medianNanosPerChange", medians);
            map.put("meanNanosPerChange", means);
            map.put("medianNanosOfBareLock", mediansOfBare);
            bytes.ifPresent(value -> map.put("allocatedBytesPerChange", value));
            return map;
        }
    }

    /** Measures, prints, and returns the raw values. */
    Map<String, Object> run(PrintWriter out) {
        try (Peers peers = new Peers()) {
            PeerProcess lock = peers.add(UncontendedSection.startJava(bench, Shape.FIELD));
            Map<String, PeerProcess> java = startJava(peers);
            List<PeerProcess> all = new ArrayList<>(java.values());
            all.add(lock);
            WarmUp.run(all, settings.warmUpMillis()); // before they are bound
            Row bare = javaRow(BARE, lock);
            java.forEach((title, peer) -> rows.add(javaRow(title, peer)));
            if (bench.hasCompiler()) {
                PeerProcess c = peers.add(bench.startC("C"));
                rows.add(new Row("C, robust lock + two stores + unlock", c, "measure robust-stores", Optional.empty()));
                rows.add(new Row("C, robust lock + unlock alone", c, "measure robust", Optional.empty()));
            }
            int processor = Processors.allowed().getLast();
            boolean bound = peers.bind(processor);
            measureRound(bare); // warms the processor that they are bound to
            bare.forget();
            rows.forEach(Row::forget);
            for (int round = 0; round < settings.rounds(); round++) {
                measureRound(bare);
            }
            return report(out, bare, bound ? "bound to processor " + processor : "not bound to a processor");
        }
    }

    private static Row javaRow(String title, PeerProcess peer) {
        return new Row(title, peer, "measure", Optional.of(allocation(peer)));
    }

    private Map<String, PeerProcess> startJava(Peers peers) {
        Map<String, PeerProcess> java = new LinkedHashMap<>();
        for (GuardedShape shape : GuardedShape.values()) {
            java.put("Mortmain, " + shape.title(), peers.add(startJava(bench, shape)));
        }
        for (Means means : Means.values()) {
            if (means != Means.GUARDED) {
                java.put(means.title(), peers.add(startJava(means)));
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

    private void measureRound(Row bare) {
        for (Row row : rows) {
            row.mediansOfBare().add(bare.measure(settings.sliceMillis()));
            row.measure(settings.sliceMillis());
        }
    }

    private Map<String, Object> report(PrintWriter out, Row bare, String where) {
        out.println();
        out.println("One change of two numbers: ns, " + settings.rounds() + " rounds of " + settings.sliceMillis()
                + " ms, uncontended, " + where);
        Table table = new Table("", "median", "least – most", "ratio to bare lock", "least – most", "bytes of heap");
        Map<String, Object> raw = new LinkedHashMap<>();
        raw.put(BARE, bare.toMap());
        Statistics alone = Statistics.of(bare.medians());
        table.add(BARE, Table.decimal(alone.median(), 1), Table.spread(alone, 1), "1", "-", bytes(bare));
        for (Row row : rows) {
            raw.put(row.title(), row.toMap());
            Statistics nanos = Statistics.of(row.medians());
            Statistics ratio = Statistics.ofRatios(row.medians(), row.mediansOfBare());
            table.add(
                    row.title(),
                    Table.decimal(nanos.median(), 1),
                    Table.spread(nanos, 1),
                    Table.decimal(ratio.median(), 2),
                    Table.spread(ratio, 2),
                    bytes(row));
        }
        table.print(out);
        out.println("Only guarded data and LMDB are whole after a death between the stores: see 'mortmain bench torn'."
                + " LMDB is not synced here: neither it nor the others wait for a disk.");
        out.println("Aim: Guarded.update at most 4 times the bare lock, and no bytes of heap.");
        return raw;
    }

    private static String bytes(Row row) {
        return row.bytes().map(bytes -> Table.decimal(bytes, 1)).orElse("-");
    }
}
