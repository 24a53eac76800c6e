package io.mortmain.bench.harness;

import io.mortmain.bench.peer.Shape;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Bytes of heap that a warm pair of lock and unlock allocates, as the JVM counts them for the thread. */
final class AllocationSection {
    private static final int PAIRS = 1 << 20;

    private final Workbench bench;
    private final Settings settings;

    AllocationSection(Workbench bench, Settings settings) {
        this.bench = bench;
        this.settings = settings;
    }

    /** Measures, prints, and returns the raw values. */
    Map<String, Object> run(PrintWriter out) {
        Map<String, Object> bytes = new LinkedHashMap<>();
        for (Shape shape : Shape.values()) {
            if (shape.isOurs()) {
                try (PeerProcess peer = UncontendedSection.startJava(bench, shape)) {
                    WarmUp.run(List.of(peer), settings.warmUpMillis());
                    bytes.put(shape.title(), Double.valueOf(peer.ask("allocation " + PAIRS, "allocated")[0]));
                }
            }
        }
        out.println();
        out.println("Allocation: bytes of heap for one lock + unlock, over " + PAIRS + " pairs after warm-up");
        Table table = new Table("", "bytes");
        bytes.forEach((title, value) -> table.add("Mortmain, " + title, Table.decimal((Double) value, 3)));
        table.print(out);
        return bytes;
    }
}
