package io.mortmain.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.mortmain.cli.CliProcess.Result;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code mortmain torture --every-instruction} from end to end, with a handful of instructions. */
class EveryInstructionTest {
    /** Of Java more than a second each. */
    private static final int POINTS = 2;

    /** By which the first point in Java lies where the lock has begun and the mutex is not taken yet. */
    private static final String SEED = "60";

    @Test
    void shouldTellOrFindFreeAfterEachInstruction() {
        Result result = run(POINTS, "", "--json", "--seed", SEED);
        assertThat(result.exitCode()).as(result.toString()).isEqualTo(Main.OK);
        assertThat(result.out()).startsWith("[{\"holder\":\"C\",").contains("},{\"holder\":\"Java\",");
        for (String holder : result.out().split("\\},\\{", -1)) {
            assertThat(holder).contains("\"verdict\":\"ok\"", "\"acquirers\":\"Java, C\"", "\"seed\":" + SEED);
            assertThat(number(holder, "points")).isEqualTo(POINTS);
            assertThat(number(holder, "told") + number(holder, "free")).isEqualTo(POINTS);
            assertThat(number(holder, "instructions")).isBetween(50, 5000);
            assertThat(number(holder, "tornWithoutBeingTold")).isZero();
        }
    }

    private static int number(String json, String name) {
        Matcher matcher = Pattern.compile("\"" + name + "\":(\\d+)").matcher(json);
        assertThat(matcher.find()).as(json).isTrue();
        return Integer.parseInt(matcher.group(1));
    }

    /** A victim that stores the first word before it locks, killed in between. */
    @Test
    void shouldFindAHolderThatStoresOutsideOfItsLock() {
        Result result = run(1, "early", "--seed", SEED);
        assertThat(result.exitCode()).as(result.toString()).isEqualTo(Main.FAILED);
        assertThat(result.out())
                .containsPattern("  ok        C: 1 kill points")
                .containsPattern("  failed    Java: .* 1 torn without being told, 0 hang")
                .containsPattern("\n1 ok, 1 failed, 0 not tried, in \\d+ s.\n");
        Matcher failure = Pattern.compile(
                        "after instruction \\d+ of \\d+: the next in Java: torn without being told, in C:"
                                + " torn without being told; the words are (\\d+) and (\\d+)")
                .matcher(result.out());
        assertThat(failure.find()).as(result.out()).isTrue();
        assertThat(Long.parseLong(failure.group(1)) - Long.parseLong(failure.group(2)))
                .isEqualTo(1);
    }

    /** Without the second compiler, and with one method on the way that it may not compile. */
    @ParameterizedTest
    @CsvSource({
        "-XX:TieredStopAtLevel=1, before the section",
        "'-XX:CompileCommand=exclude,io.mortmain.Hold::close', after \\d+ instructions"
    })
    void shouldNotTakeOtherCodeForTheSecondCompilers(String option, String where) {
        Result result = CliProcess.run(command(1, ""), Map.of("_JAVA_OPTIONS", option, "PATH", "/nowhere"));
        assertThat(result.exitCode()).as(result.toString()).isEqualTo(Main.FAILED);
        assertThat(result.err())
                .containsPattern("mortmain: of 3 JVMs none stayed in the second compiler's code: " + where
                        + " the thread was in 0x\\w+, no code of the second compiler.");
    }

    @Test
    void shouldTryJavaAloneWithoutACompiler() {
        Result result = CliProcess.run(command(1, "", "--seed", "5"), Map.of("PATH", "/nowhere"));
        assertThat(result.exitCode()).as(result.toString()).isEqualTo(TortureCommand.NOT_TRIED);
        assertThat(result.out())
                .contains("  not tried C: There is no C compiler (cc, gcc or clang) on the PATH; install gcc")
                .contains("  not tried Java: 1 kill points");
    }

    @Test
    void shouldSayThatItMayNotTrace(@TempDir Path folder) throws Exception {
        Path filtered = folder.resolve("filtered");
        Path source = Path.of("..", "core", "src", "test", "c", "filtered.c");
        Process gcc = new ProcessBuilder("gcc", "-o", filtered.toString(), source.toString())
                .inheritIO()
                .start();
        assertThat(gcc.waitFor()).isZero();
        List<String> command = new ArrayList<>(List.of(filtered.toString(), "ptrace"));
        command.addAll(command(1, ""));
        Result result = CliProcess.run(command, Map.of());
        assertThat(result.exitCode()).as(result.toString()).isEqualTo(TortureCommand.NOT_TRIED);
        String cure =
                ": this kernel or sandbox lacks the system call \\(ENOSYS\\); use Linux 5.15 or later, or allow the call"
                        + " in the seccomp profile\n";
        assertThat(result.out())
                .containsPattern("  not tried C: ptrace failed for thread \\d+" + cure)
                .containsPattern("  not tried Java: ptrace failed for thread \\d+" + cure);
    }

    @ParameterizedTest
    @CsvSource({"C, INT, 130", "Java, KILL, 137"})
    void shouldLeaveNoProcessBehindWhenEnded(String holder, String signal, int exitCode) throws Exception {
        try (CliProcess stepper = CliProcess.start(command(Integer.MAX_VALUE, ""), Map.of())) {
            stepper.expect(holder + ": ");
            List<ProcessHandle> children = stepper.handle().descendants().toList();
            stepper.signal(signal);
            assertThat(stepper.result().exitCode()).isEqualTo(exitCode);
            assertThat(children).isNotEmpty();
            CliProcess.awaitEnd(children);
            if (signal.equals("INT")) {
                assertThat(stepper.traces()).isEmpty();
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "--complete, --complete belongs to --every-instruction",
        "--seed 1, --seed belongs to --every-instruction",
        "--every-instruction --only A1, --only picks rows of the tables",
        "--every-instruction --seed x, --seed is x and must be",
        "--every-instruction --seed=-1, --seed is -1 and must be",
        "--every-instruction --seconds 0, --seconds is 0 and must be"
    })
    void shouldRefuseWhatDoesNotFit(String arguments, String because) {
        Result result = CliProcess.runHere(("torture " + arguments).split(" "));
        CliProcess.assertRefused(result, Main.USAGE, because);
    }

    private static Result run(int points, String defect, String... arguments) {
        return CliProcess.run(command(points, defect, arguments), Map.of());
    }

    private static List<String> command(int points, String defect, String... arguments) {
        List<String> all = new ArrayList<>(List.of("torture", "--every-instruction", "--seconds", "3600"));
        all.addAll(List.of(arguments));
        List<String> command = new ArrayList<>(CliProcess.command(all.toArray(String[]::new)));
        command.add(1, "-Dio.mortmain.cli.stepper.points=" + points);
        command.add(1, "-Dio.mortmain.cli.stepper.defect=" + defect);
        return command;
    }
}
