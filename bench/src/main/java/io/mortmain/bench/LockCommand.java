package io.mortmain.bench;

import io.mortmain.bench.harness.LockBenchmark;
import io.mortmain.bench.harness.Section;
import io.mortmain.bench.harness.Settings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.Main;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code mortmain bench lock}. */
@Command(
        name = "lock",
        description = "Measures the robust mutex by turns with C and with what else Java has, in the same run.",
        sortOptions = false,
        footer = {
            "",
            "Sections: uncontended, contended, kill, allocation (these four by default), jmh.",
            "When a run is killed by SIGKILL, its processes notice, remove its region and files, and end; what they miss the next run"
                    + " removes.",
            "",
            "Exit codes:",
            "  0  measured",
            "  1  could not be measured, or a lock was found broken (a lost count, a death that was not told)",
            "  2  wrong usage"
        })
final class LockCommand implements Callable<Integer> {
    private static final String[] DEFAULT_FOR_JMH = {"-prof", "gc"};

    @Spec
    private CommandSpec spec;

    @Mixin
    HelpOption help = new HelpOption();

    @Mixin
    HowMuch howMuch = new HowMuch();

    @Option(names = "--only", split = ",", paramLabel = "SECTION", description = "Only these, e.g. uncontended,kill.")
    private List<Section> only = List.of();

    @Mixin
    RawFile file = new RawFile();

    @Option(
            names = "--before",
            paramLabel = "JAR",
            description =
                    "Another build of the library, of the same region format: measured by turns with this one in the"
                            + " uncontended section.")
    private @Nullable Path before;

    @Option(
            names = "--jmh",
            description = "Runs the JMH benchmarks instead; what follows -- goes to JMH, by default -prof gc.")
    private boolean jmh;

    @Parameters(paramLabel = "ARG", arity = "0..*", description = "After --jmh --: arguments of JMH, e.g. -prof gc.")
    private List<String> arguments = List.of();

    @Override
    public Integer call() throws Exception {
        Set<Section> sections = sections();
        Settings settings = howMuch.settings(spec);
        file.requireNamed(spec);
        if (!arguments.isEmpty() && !sections.contains(Section.JMH)) {
            throw new ParameterException(
                    spec.commandLine(), "Unexpected argument " + arguments.get(0) + "; only --jmh takes arguments.");
        }
        if (before != null && !Files.isRegularFile(before)) {
            throw new ParameterException(
                    spec.commandLine(), "--before is '" + before + "', which is no file; give a jar of the library.");
        }
        RawFile.removeLeftovers(spec);
        boolean runJmh = sections.remove(Section.JMH);
        if (!sections.isEmpty()) {
            new LockBenchmark(settings, sections, before, spec.commandLine().getOut())
                    .run(RawFile.commandLine(spec), file.orDefault(spec));
        }
        if (runJmh) {
            Main.main(arguments.isEmpty() ? DEFAULT_FOR_JMH : arguments.toArray(String[]::new));
        }
        return 0;
    }

    private Set<Section> sections() {
        if (jmh) {
            if (!only.isEmpty()) {
                throw new ParameterException(spec.commandLine(), "Give --jmh or --only, not both.");
            }
            return EnumSet.of(Section.JMH);
        }
        return only.isEmpty() ? EnumSet.complementOf(EnumSet.of(Section.JMH)) : EnumSet.copyOf(only);
    }
}
