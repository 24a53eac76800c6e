package io.mortmain.stress.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.openjdk.jcstress.JCStress;
import org.openjdk.jcstress.Options;
import org.openjdk.jcstress.infra.collectors.DiskReadCollector;
import org.openjdk.jcstress.infra.collectors.InProcessCollector;
import org.openjdk.jcstress.infra.collectors.TestResult;
import org.openjdk.jcstress.infra.runners.TestList;

/**
 * Runs the tests of this package by jcstress and judges what it saw: no forbidden outcome, and of each planted weakness its sign. Not
 * part of the build; see CONTRIBUTING.md.
 */
class MemoryOrderStress {
    private static final String PLANTED = ".Planted";
    /**
     * A planted weakness that was not seen is looked for longer before it counts as one that cannot be seen: jcstress has all kinds of
     * compilation once more at each further run in one process.
     */
    private static final int ATTEMPTS = 3;

    private static final int MILLIS = Boolean.getBoolean("mortmain.soak") ? 5_000 : 200;
    /** Which tests, as a regular expression that is looked for in their names. */
    private static final Pattern WANTED = Pattern.compile(System.getProperty("io.mortmain.stress.tests", ""));

    private static final Path FOLDER = Path.of("target", "jcstress");

    private final Map<String, Verdict> verdicts = new TreeMap<>();

    @Test
    void shouldSeeNoForbiddenOutcomeAndEachPlantedWeakness() throws Exception {
        Files.createDirectories(FOLDER);
        Set<String> tests =
                TestList.tests().stream().filter(WANTED.asPredicate()).collect(Collectors.toCollection(TreeSet::new));
        assertThat(tests).as("tests that jcstress found").isNotEmpty();
        run(tests, MILLIS);
        for (int attempt = 1; attempt < ATTEMPTS && !unseen().isEmpty(); attempt++) {
            run(unseen(), MILLIS * 5 * attempt);
        }
        System.out.println(summary());
        SoftAssertions.assertSoftly(all -> {
            all.assertThat(verdicts.keySet()).as("tests that were run").isEqualTo(tests);
            all.assertThat(names(Verdict::isWrong))
                    .as("tests with forbidden outcomes or errors")
                    .isEmpty();
            all.assertThat(unseen()).as("planted weaknesses that were not seen").isEmpty();
        });
    }

    private void run(Set<String> tests, int millis) throws Exception {
        String exactly =
                tests.stream().map(name -> name.replace(".", "\\.")).collect(Collectors.joining("|", "^(", ")$"));
        Options options = new Options(new String[] {
            "-m", "quick",
            "-iters", "1",
            "-time", Integer.toString(millis),
            "-strideSize", "256", // NativeMemory counts on these two
            "-strideCount", "40",
            "-r", FOLDER.resolve("report").toString(),
            "-t", exactly
        });
        assertThat(options.parse()).isTrue();
        Path log = FOLDER.resolve("log");
        System.out.println("jcstress: " + tests.size() + " tests, " + millis + " ms for each kind of compilation; see "
                + log.toAbsolutePath());
        PrintStream out = System.out;
        try (PrintStream toLog = new PrintStream(log.toFile())) {
            System.setOut(toLog);
            new JCStress(options).run();
        } catch (AssertionError failures) {
            out.println("jcstress: " + firstLine(failures)); // judged below
        } finally {
            System.setOut(out);
        }
        judge(Path.of(options.getResultFile()));
    }

    private void judge(Path results) throws IOException, ClassNotFoundException {
        InProcessCollector collected = new InProcessCollector();
        DiskReadCollector reader = new DiskReadCollector(results.toString(), collected);
        try {
            reader.dump();
        } finally {
            reader.close();
        }
        Files.move(results, FOLDER.resolve(results.getFileName()));
        Map<String, List<TestResult>> byName =
                collected.getTestResults().stream().collect(Collectors.groupingBy(TestResult::getName));
        byName.forEach((name, ofTest) -> verdicts.merge(name, Verdict.of(ofTest), Verdict::and));
    }

    private Set<String> unseen() {
        return names(verdict -> !verdict.isSeen()).stream()
                .filter(name -> name.contains(PLANTED))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private Collection<String> names(Predicate<Verdict> predicate) {
        return verdicts.keySet().stream()
                .filter(name -> predicate.test(verdicts.get(name)))
                .toList();
    }

    private String summary() {
        return verdicts.entrySet().stream()
                .map(entry -> entry.getValue()
                        .line(
                                entry.getKey()
                                        .substring(getClass().getPackageName().length() + 1),
                                entry.getKey().contains(PLANTED)))
                .collect(Collectors.joining("\n", "memory order:\n", ""));
    }

    private static String firstLine(AssertionError failures) {
        return String.valueOf(failures.getMessage()).lines().findFirst().orElse("");
    }
}
