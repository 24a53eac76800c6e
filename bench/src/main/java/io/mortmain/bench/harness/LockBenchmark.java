package io.mortmain.bench.harness;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Runs the chosen sections one after the other, prints them, and writes the raw values. */
public final class LockBenchmark {
    private final Settings settings;
    private final Set<Section> sections;
    private final @Nullable Path before;
    private final PrintWriter out;

    /**
     * Of these sections, {@link Section#JMH} aside.
     *
     * @param before another build of the library, to be measured beside this one
     */
    public LockBenchmark(Settings settings, Set<Section> sections, @Nullable Path before, PrintWriter out) {
        this.settings = settings;
        this.sections = sections;
        this.before = before;
        this.out = out;
    }

    /**
     * Measures.
     *
     * @param command as it was given, for the record
     * @param file for the raw values
     * @throws BenchException when it could not be measured, or something was found that must not be
     */
    public void run(String command, Path file) {
        RawValues raw = RawValues.begin(command, file, out);
        raw.put("kind", settings.kind().name());
        out.println("mutexes: process-shared, " + settings.kind().name().toLowerCase(Locale.ROOT));
        try (Workbench bench = new Workbench(settings.kind(), before)) {
            if (!bench.hasCompiler()) {
                out.println("No gcc or cc was found, so there are no rows of C and no ratios.");
            }
            out.flush();
            if (sections.contains(Section.UNCONTENDED)) {
                raw.put("uncontended", new UncontendedSection(bench, settings).run(out));
            }
            if (sections.contains(Section.CONTENDED)) {
                raw.put("contended", new ContendedSection(bench, settings).run(out));
            }
            if (sections.contains(Section.KILL)) {
                raw.put("killToToldMicros", new KillSection(bench, settings).run(out));
            }
            if (sections.contains(Section.ALLOCATION)) {
                raw.put("allocatedBytesPerPair", new AllocationSection(bench, settings).run(out));
            }
        }
        raw.write();
        out.println();
        out.println("raw values: " + file);
        out.flush();
    }
}
