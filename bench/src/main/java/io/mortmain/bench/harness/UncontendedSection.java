package io.mortmain.bench.harness;

import io.mortmain.bench.peer.Shape;
import io.mortmain.bench.peer.UncontendedPeer;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One pair of lock and unlock that nobody contends for. Every shape runs in a JVM of its own that stays alive, with default flags but for
 * {@link PeerJvm#withTouchedHeap}; all run by turns on one processor, each directly after the C program that it is compared with. A
 * slice's value is the median of its chunks of some thousand pairs, so that what else runs on the machine disturbs few values. The rounds are shared among
 * {@link Generations} of such JVMs.
 */
final class UncontendedSection {
    private static final String BEFORE = ", before";
    private static final String ROBUST = "robust";
    private static final String ROBUST_NESTED = "robust-nested";
    private static final String PLAIN = "plain";
    private static final String PLAIN_NESTED = "plain-nested";

    private final Workbench bench;
    private final Settings settings;
    private final Map<String, Series> results = new LinkedHashMap<>();

    UncontendedSection(Workbench bench, Settings settings) {
        this.bench = bench;
        this.settings = settings;
    }

    /** What one peer measured, a value for each round; those of C are empty when there is no compiler. */
    private record Series(boolean ours, List<Double> medians, List<Double> means, List<Double> mediansOfC) {
        Series(boolean ours) {
            this(ours, new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        }

        Map<String, Object> toMap() {
            Map<String, Object> map = new LinkedHashMap<>();
            map.put("medianNanosPerPair", medians);
            map.put("meanNanosPerPair", means);
            map.put("medianNanosPerPairOfRobustC", mediansOfC);
            return map;
        }
    }

    /** Processes that live at the same time: a JVM for each shape, another with the build before, and the C program if there is one. */
    private record Generation(Map<Shape, PeerProcess> java, Map<Shape, PeerProcess> before, List<PeerProcess> c) {}

    /** Measures, prints, and returns the raw values. */
    Map<String, Object> run(PrintWriter out) {
        return report(out, Generations.measureEach(settings, this::measureGeneration));
    }

    /** False where the peers could not be bound to the processor. */
    private boolean measureGeneration(int processor, int rounds) {
        try (Peers peers = new Peers()) {
            List<PeerProcess> c = bench.hasCompiler() ? List.of(peers.add(bench.startC("C"))) : List.of();
            Map<Shape, PeerProcess> java = new LinkedHashMap<>();
            Map<Shape, PeerProcess> before = new LinkedHashMap<>();
            for (Shape shape : Shape.values()) {
                java.put(shape, peers.add(startJava(bench, shape)));
                if (shape.isOurs()) {
                    startJavaBefore(shape).ifPresent(peer -> before.put(shape, peers.add(peer)));
                }
            }
            List<PeerProcess> all = new ArrayList<>(java.values());
            all.addAll(before.values());
            WarmUp.run(all, settings.warmUpMillis()); // before they are bound
            boolean bound = peers.bind(processor);
            Generation generation = new Generation(java, before, c);
            measureRound(generation, new LinkedHashMap<>()); // warms the processor that they are bound to
            for (int round = 0; round < rounds; round++) {
                measureRound(generation, results);
            }
            return bound;
        }
    }

    /** Starts the JVM of one shape. */
    static PeerProcess startJava(Workbench bench, Shape shape) {
        return bench.startJava(
                shape.title(),
                UncontendedPeer.class,
                PeerJvm.withTouchedHeap(shape.jvmOptions()),
                shape.name(),
                bench.regionPath(),
                bench.fileToLock().toString());
    }

    private Optional<PeerProcess> startJavaBefore(Shape shape) {
        return bench.startJavaBefore(
                shape.title() + BEFORE,
                UncontendedPeer.class,
                PeerJvm.withTouchedHeap(shape.jvmOptions()),
                shape.name(),
                bench.regionPath(),
                bench.fileToLock().toString());
    }

    private void measureRound(Generation generation, Map<String, Series> into) {
        generation.java().forEach((shape, peer) -> {
            measureJava(shape, shape.title(), peer, generation, into);
            PeerProcess before = generation.before().get(shape);
            if (before != null) {
                measureJava(shape, shape.title() + BEFORE, before, generation, into);
            }
        });
        generation.c().forEach(process -> measurePlain(process, into));
    }

    private void measureJava(
            Shape shape, String title, PeerProcess peer, Generation generation, Map<String, Series> into) {
        Series series = into.computeIfAbsent(title, _ -> new Series(shape.isOurs()));
        String compared = shape.isNested() ? ROBUST_NESTED : ROBUST;
        for (PeerProcess process : generation.c()) {
            double[] robust = measureC(process, compared);
            series.mediansOfC().add(robust[0]);
            Series all = into.computeIfAbsent(title(compared), _ -> new Series(false));
            add(all, robust, robust[0]);
        }
        String[] answer = peer.ask("measure " + settings.sliceMillis(), "measured");
        series.medians().add(Double.valueOf(answer[0]));
        series.means().add(Double.valueOf(answer[1]));
    }

    private void measurePlain(PeerProcess c, Map<String, Series> into) {
        for (String shape : List.of(PLAIN, PLAIN_NESTED)) {
            double robust = measureC(c, shape.equals(PLAIN) ? ROBUST : ROBUST_NESTED)[0];
            add(into.computeIfAbsent(title(shape), _ -> new Series(false)), measureC(c, shape), robust);
        }
    }

    private double[] measureC(PeerProcess c, String shape) {
        String[] answer = c.ask("measure " + shape + " " + settings.sliceMillis(), "measured");
        return new double[] {Double.parseDouble(answer[0]), Double.parseDouble(answer[1])};
    }

    private static void add(Series series, double[] medianAndMean, double medianOfC) {
        series.medians().add(medianAndMean[0]);
        series.means().add(medianAndMean[1]);
        series.mediansOfC().add(medianOfC);
    }

    private static String title(String shapeOfC) {
        return "C, " + shapeOfC.replace("-", ", ");
    }

    private Map<String, Object> report(PrintWriter out, String where) {
        out.println();
        out.println("Uncontended: ns for one lock + unlock, " + settings.rounds() + " rounds of "
                + settings.sliceMillis() + " ms, " + where);
        Table table = new Table("", "median", "least – most", "ratio to C robust", "least – most");
        Map<String, Object> raw = new LinkedHashMap<>();
        results.forEach((title, series) -> {
            raw.put(title, series.toMap());
            Statistics nanos = Statistics.of(series.medians());
            String name = series.ours() ? "Mortmain, " + title : title;
            if (series.mediansOfC().isEmpty()) {
                table.add(name, Table.decimal(nanos.median(), 1), Table.spread(nanos, 1), "-", "-");
            } else {
                Statistics ratio = Statistics.ofRatios(series.medians(), series.mediansOfC());
                table.add(
                        name,
                        Table.decimal(nanos.median(), 1),
                        Table.spread(nanos, 1),
                        Table.decimal(ratio.median(), 2),
                        Table.spread(ratio, 2));
            }
        });
        table.print(out);
        reportBefore(out);
        return raw;
    }

    private void reportBefore(PrintWriter out) {
        Table table = new Table("", "ratio to the build before", "least – most");
        for (Shape shape : Shape.values()) {
            Series now = results.get(shape.title());
            Series before = results.get(shape.title() + BEFORE);
            if (now != null && before != null) {
                Statistics ratio = Statistics.ofRatios(now.medians(), before.medians());
                table.add("Mortmain, " + shape.title(), Table.decimal(ratio.median(), 2), Table.spread(ratio, 2));
            }
        }
        if (results.keySet().stream().anyMatch(title -> title.endsWith(BEFORE))) {
            out.println();
            table.print(out);
        }
    }
}
