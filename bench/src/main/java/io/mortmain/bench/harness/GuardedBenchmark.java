package io.mortmain.bench.harness;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;

/** Measures changes of guarded data, prints them, and writes the raw values. */
public final class GuardedBenchmark {
    private final Settings settings;
    private final PrintWriter out;

    /** With the settings of the uncontended section of {@link LockBenchmark}. */
    public GuardedBenchmark(Settings settings, PrintWriter out) {
        this.settings = settings;
        this.out = out;
    }

    /**
     * Measures.
     *
     * @param command as it was given, for the record
     * @param file for the raw values
     * @throws BenchException when it could not be measured
     */
    public void run(String command, Path file) {
        RawValues raw = RawValues.begin(command, file, out);
        raw.put("kind", settings.kind().name());
        out.println("bare mutexes: process-shared, "
                + settings.kind().name().toLowerCase(Locale.ROOT).replace('_', '-'));
        try (Workbench bench = new Workbench(settings.kind(), null);
                SharedFolder folder = new SharedFolder()) {
            if (!bench.hasCompiler()) {
                out.println("No gcc or cc was found, so there are no rows of C.");
            }
            out.flush();
            raw.put("guarded", new GuardedSection(bench, folder, settings).run(out));
        }
        raw.write();
        out.println();
        out.println("raw values: " + file);
        out.flush();
    }
}
