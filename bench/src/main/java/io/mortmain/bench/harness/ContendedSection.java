package io.mortmain.bench.harness;

import io.mortmain.bench.peer.SharedNames;
import io.mortmain.bench.peer.SharingPeer;
import java.io.PrintWriter;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Two processes, each bound to a processor of its own, that lock, increment a plain counter in shared memory, and unlock, for a fixed
 * time. The pairs run by turns. That the counter is the sum of what both did is checked each time.
 */
final class ContendedSection {
    private static final String C_AND_C = "C and C";
    /** So that both have read the command when it begins. */
    private static final long HEAD_START_NANOS = 20_000_000;

    private static final int LEAST_WARM_UPS = 2;
    private static final int MOST_WARM_UPS = 20;

    private final Workbench bench;
    private final Settings settings;
    private final Map<String, Series> results = new LinkedHashMap<>();

    ContendedSection(Workbench bench, Settings settings) {
        this.bench = bench;
        this.settings = settings;
    }

    /** Two processes and the lock they contend for. */
    private record Pair(String title, String command, PeerProcess first, PeerProcess second) {}

    /** A value for each round: both together, the share of the first and of the slower one, and the longest run of either. */
    private record Series(
            List<Double> perSecond, List<Double> shareOfFirst, List<Double> shareOfSlower, List<Double> longestRun) {
        Series() {
            this(new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        }

        Map<String, Object> toMap() {
            Map<String, Object> map = new LinkedHashMap<>();
            map.put("operationsPerSecond", perSecond);
            map.put("shareOfFirst", shareOfFirst);
            map.put("shareOfSlower", shareOfSlower);
            map.put("longestRun", longestRun);
            return map;
        }
    }

    /** Measures, prints, and returns the raw values. */
    Map<String, Object> run(PrintWriter out) {
        List<Integer> processors = Processors.allowed();
        if (processors.size() < 2) {
            out.println();
            out.println("Contended: left out, because this process may use one processor only and two are needed.");
            return Map.of();
        }
        try (Peers peers = new Peers()) {
            List<Pair> pairs = pairs(peers, processors.get(0), processors.get(1));
            warmUp(pairs);
            for (int round = 0; round < settings.contendedRounds(); round++) {
                pairs.forEach(this::contend);
            }
        }
        return report(out, processors);
    }

    private void warmUp(List<Pair> pairs) {
        for (int i = 0; i < MOST_WARM_UPS; i++) {
            pairs.forEach(this::contend);
            if (i >= LEAST_WARM_UPS && pairs.stream().allMatch(ContendedSection::compilersSleep)) {
                break;
            }
        }
        results.clear();
    }

    private static boolean compilersSleep(Pair pair) {
        return WarmUp.compilersSleep(pair.first()) && WarmUp.compilersSleep(pair.second());
    }

    private List<Pair> pairs(Peers peers, int one, int other) {
        PeerProcess java = peers.add(startJava(bench, "Java"));
        PeerProcess otherJava = peers.add(startJava(bench, "the other Java"));
        List<Pair> pairs = new ArrayList<>();
        List<PeerProcess> onOne = new ArrayList<>(List.of(java));
        List<PeerProcess> onOther = new ArrayList<>(List.of(otherJava));
        if (bench.hasCompiler()) {
            PeerProcess c = peers.add(bench.startC("C"));
            PeerProcess otherC = peers.add(bench.startC("the other C"));
            onOne.add(c);
            onOther.add(otherC);
            pairs.add(new Pair(C_AND_C, "contend", c, otherC));
            pairs.add(new Pair("Java and Java", "contend", java, otherJava));
            pairs.add(new Pair("C and Java", "contend", c, otherJava));
        } else {
            pairs.add(new Pair("Java and Java", "contend", java, otherJava));
        }
        pairs.add(new Pair("FileChannel.lock, Java and Java", "contend-file", java, otherJava));
        onOne.forEach(peer -> requireBound(peer, one));
        onOther.forEach(peer -> requireBound(peer, other));
        return pairs;
    }

    private static void requireBound(PeerProcess peer, int processor) {
        if (!Peers.bind(peer, processor)) {
            throw new BenchException("the peer " + peer.name() + " could not be bound to processor " + processor);
        }
    }

    /** Starts a JVM that shares the first mutex. */
    static PeerProcess startJava(Workbench bench, String name) {
        return bench.startJava(
                name,
                SharingPeer.class,
                List.of(),
                bench.regionPath(),
                bench.fileToLock().toString());
    }

    private void contend(Pair pair) {
        bench.memory().set(ValueLayout.JAVA_LONG, SharedNames.COUNTER, 0);
        long nanos = settings.contendedMillis() * 1_000_000L;
        String command = pair.command() + " " + (System.nanoTime() + HEAD_START_NANOS) + " " + nanos;
        pair.first().tell(command);
        pair.second().tell(command);
        String[] first = pair.first().await("contended");
        String[] second = pair.second().await("contended");
        long operationsOfFirst = Long.parseLong(first[0]);
        long operationsOfSecond = Long.parseLong(second[0]);
        long sum = operationsOfFirst + operationsOfSecond;
        requireExact(pair.title(), sum, bench.memory().get(ValueLayout.JAVA_LONG, SharedNames.COUNTER));
        Series series = results.computeIfAbsent(pair.title(), _ -> new Series());
        series.perSecond().add(sum * 1e9 / nanos);
        series.shareOfFirst().add((double) operationsOfFirst / sum);
        series.shareOfSlower().add((double) Math.min(operationsOfFirst, operationsOfSecond) / sum);
        series.longestRun().add((double) Math.max(Long.parseLong(first[1]), Long.parseLong(second[1])));
    }

    static void requireExact(String title, long sum, long counter) {
        if (counter != sum) {
            throw new BenchException("the lock did not exclude (" + title + "): " + sum
                    + " increments were made and the counter says " + counter);
        }
    }

    private Map<String, Object> report(PrintWriter out, List<Integer> processors) {
        out.println();
        out.println("Contended: two processes on processors " + processors.get(0) + " and " + processors.get(1) + ", "
                + settings.contendedRounds() + " rounds of " + settings.contendedMillis()
                + " ms; every count was exact");
        Table table = new Table(
                "",
                "ops/s, median",
                "least – most",
                "ratio to C and C",
                "least – most",
                "share of first",
                "share of slower",
                "longest run");
        Map<String, Object> raw = new LinkedHashMap<>();
        Series c = results.get(C_AND_C);
        results.forEach((title, series) -> {
            raw.put(title, series.toMap());
            Statistics perSecond = Statistics.of(series.perSecond());
            Statistics ratio = c == null ? null : Statistics.ofRatios(series.perSecond(), c.perSecond());
            table.add(
                    title,
                    Table.decimal(perSecond.median(), 0),
                    Table.spread(perSecond, 0),
                    ratio == null ? "-" : Table.decimal(ratio.median(), 2),
                    ratio == null ? "-" : Table.spread(ratio, 2),
                    Table.decimal(Statistics.of(series.shareOfFirst()).median(), 2),
                    Table.decimal(Statistics.of(series.shareOfSlower()).median(), 2),
                    Table.decimal(Statistics.of(series.longestRun()).median(), 0));
        });
        table.print(out);
        return raw;
    }
}
