package io.mortmain.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mortmain.cli.CliProcess.Result;
import io.mortmain.cli.demo.DisplayProbe;
import java.io.File;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code mortmain demo} from end to end. */
class DemoCommandTest {
    private static final String ESCAPE = "\033";

    @Test
    void shouldLoseNothingWhileHoldersDie() {
        Result result = CliProcess.run("demo", "--seconds", "3", "--seed", "1", "--json");
        assertThat(result.exitCode()).as(result.toString()).isEqualTo(Main.OK);
        assertThat(result.out().lines()).hasSize(1);
        assertThat(result.out()).startsWith("{\"ok\":true,").contains("\"sum\":6400000", "\"problems\":[]");
        long held = number(result, "\"deaths\":\\{\"holding\":(\\d+)");
        assertThat(held).isPositive();
        assertThat(number(result, "\"told\":(\\d+)")).isEqualTo(held);
        assertThat(number(result, "\"rolledBack\":(\\d+)")).isPositive();
        assertThat(number(result, "\"transfers\":(\\d+)")).isPositive();
        assertThat(number(result, "\"javaWorkers\":(\\d+)")).isEqualTo(2);
    }

    /** The demo ends as soon as it sees the harm; how long that takes is a matter of chance. */
    @ParameterizedTest
    @CsvSource({"TWO_TRANSACTIONS, must hold 6.400.000", "SKIP_LOCK, two workers held the mutex at once"})
    void shouldFailWhenAWorkerMakesAMistake(String mistake, String found) {
        Result result = CliProcess.run("demo", "--seconds", "600", "--seed", "1", "--plant", mistake);
        assertThat(result.exitCode()).as(result.toString()).isEqualTo(Main.FAILED);
        assertThat(result.out().lines().toList().getLast())
                .startsWith("Failed: ")
                .containsPattern(found);
    }

    @Test
    void shouldRunUntilEnoughWereKilled() {
        Result result = CliProcess.run("demo", "--kills", "60", "--workers", "3", "--seed", "1");
        assertThat(result.exitCode()).as(result.toString()).isEqualTo(Main.OK);
        assertThat(result.out().lines().toList().getLast())
                .startsWith("Nothing was lost")
                .containsPattern("\\d+ % of \\d+ kills hit a holder");
    }

    @Test
    void shouldPrintPlainLinesWhenNotOnATerminal() {
        Result result = CliProcess.run("demo", "--seconds", "2", "--seed", "77");
        assertThat(result.exitCode()).as(result.toString()).isEqualTo(Main.OK);
        assertThat(result.out()).startsWith("Seed 77.\n").doesNotContain(ESCAPE).contains("\n1 s: ");
        assertThat(result.err()).isEmpty();
    }

    @Test
    void shouldDrawAPictureOnATerminal() {
        Result result = onTerminal(24, 80, "xterm", CliProcess.command("demo", "--seconds", "1", "--seed", "1"));
        assertThat(result.exitCode()).as(result.toString()).isEqualTo(Main.OK);
        assertThat(result.out()).contains(ESCAPE + "[K");
    }

    /** Asks for the display alone: a demo for each terminal takes long. */
    @ParameterizedTest
    @CsvSource({
        "xterm, 24, 80, Picture",
        "dumb, 24, 80, PlainLines",
        "xterm, 24, 79, PlainLines",
        "xterm, 18, 80, PlainLines",
        "xterm, 0, 0, PlainLines"
    })
    void shouldDrawAPictureOnATerminalThatIsLargeEnough(String terminal, int rows, int columns, String display) {
        Result result = onTerminal(rows, columns, terminal, CliProcess.ofTests(DisplayProbe.class, "4"));
        assertThat(result).isEqualTo(new Result(0, display + "\n", ""));
    }

    private static Result onTerminal(int rows, int columns, String terminal, List<String> command) {
        assumeTrue(new File("/usr/bin/script").canExecute(), "script(1) gives a terminal");
        String line = "stty rows " + rows + " cols " + columns + "; " + String.join(" ", command);
        return CliProcess.run(List.of("/usr/bin/script", "-qec", line, "/dev/null"), Map.of("TERM", terminal));
    }

    @Test
    void shouldGoOnInJavaWithoutACompiler() {
        Result result = CliProcess.run(
                CliProcess.command("demo", "--seconds", "3", "--workers", "2", "--json"), Map.of("PATH", "/nowhere"));
        assertThat(result.exitCode()).as(result.toString()).isEqualTo(Main.OK);
        assertThat(number(result, "\"cWorkers\":(\\d+)")).isZero();
        assertThat(result.out()).contains("no C compiler (cc, gcc or clang) on the PATH; the demo goes on");
    }

    @ParameterizedTest
    @CsvSource({"TERM, 143", "INT, 130", "KILL, 137"})
    void shouldLeaveNothingBehindWhenEnded(String signal, int exitCode) throws Exception {
        try (CliProcess demo = CliProcess.start(CliProcess.command("demo", "--seconds", "600"), Map.of())) {
            demo.expect("1 s: ");
            List<ProcessHandle> workers = demo.handle().descendants().toList();
            assertThat(workers).isNotEmpty();
            demo.signal(signal);
            assertThat(demo.result().exitCode()).isEqualTo(exitCode);
            CliProcess.awaitEnd(workers);
            awaitNoTrace("/dev/shm", "mortmain-demo-" + demo.handle().pid() + "-");
        }
    }

    /** After a SIGKILL a worker that was just starting can be the one who tidies up. */
    private static void awaitNoTrace(String folder, String prefix) throws InterruptedException {
        long guard = System.nanoTime() + TimeUnit.SECONDS.toNanos(CliProcess.GUARD_SECONDS);
        while (Stream.of(new File(folder).list()).anyMatch(name -> name.startsWith(prefix))) {
            assertThat(System.nanoTime() - guard).as("%s is removed", prefix).isNegative();
            Thread.sleep(10);
        }
    }

    @Test
    void shouldRefuseWrongArgumentsInOneSentence() {
        Result result = CliProcess.run("demo", "--seconds", "0");
        assertThat(result)
                .isEqualTo(new Result(
                        Main.USAGE,
                        "",
                        "mortmain: --seconds is 0 and must be 1 to 86400. See 'mortmain demo --help'.\n"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--seconds -1",
                "--seconds x",
                "--workers 0",
                "--workers 1",
                "--workers 1000",
                "--workers 99999999999",
                "--kills 0",
                "--seconds 1 --kills 1",
                "--seed",
                "--plant NOTHING",
                "--nope",
                "argument"
            })
    void shouldRefuseEachWrongArgument(String arguments) {
        Result result = CliProcess.runHere(("demo " + arguments).split(" "));
        CliProcess.assertRefused(result, Main.USAGE, " See 'mortmain demo --help'.\n");
    }

    private static long number(Result result, String pattern) {
        Matcher matcher = Pattern.compile(pattern).matcher(result.out());
        assertThat(matcher.find()).as("%s in %s", pattern, result.out()).isTrue();
        return Long.parseLong(matcher.group(1));
    }
}
