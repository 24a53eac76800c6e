package io.mortmain.cli;

import static io.mortmain.cli.CliProcess.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import io.mortmain.cli.CliProcess.Result;
import io.mortmain.explore.machine.Rule;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code mortmain explore} from end to end, with small programs. */
class ExploreCommandTest {
    private static final String SMALL = "try/try,kills=1";
    private static final String COUNTS = "\"states\":\\d+,\"steps\":\\d+,\"kills\":\\d+,";

    @Test
    void shouldExploreProgramsInTheirOrder() {
        Result result = CliProcess.run("explore", "--program", "lock/lock,kills=1", "--program", SMALL);
        assertThat(result.exitCode()).as(result.toString()).isEqualTo(Main.OK);
        assertThat(result.out())
                .containsPattern("(?m)^ +[\\d,]+ +[\\d,]+ +\\d+ +\\d+\\.\\d   lock/lock,kills=1\n"
                        + " +[\\d,]+ +[\\d,]+ +\\d+ +\\d+\\.\\d   try/try,kills=1\n"
                        + "\n2 programs; operations of each process, in the largest: 1 \\+ 1\\.\n"
                        + "[\\d,]+ states, [\\d,]+ steps, [\\d,]+ of them kills, in \\d+\\.\\d s\\.\n"
                        + "No rule is broken\\.\n\\z");
        assertThat(result.err()).isEmpty();
    }

    @Test
    void shouldSayHowManyOperationsTheProcessesHaveInTheLargest() {
        String[] programs = {"--program", "lock+try/lock", "--program", "try/try", "--program", "try&try&try"};
        assertThat(CliProcess.runHere(Stream.concat(Stream.of("explore"), Stream.of(programs))
                                .toArray(String[]::new))
                        .out())
                .contains("\n3 programs; operations of each process, in the largest: 2 + 1, 3.\n");
    }

    @Test
    void shouldPrintOneObjectAsJson() {
        Result result = CliProcess.runHere("explore", "--program", SMALL, "--program", "two/try", "--json");
        assertThat(result.exitCode()).isEqualTo(Main.OK);
        assertThat(result.out())
                .matches("\\{\"ways\":null,\"seed\":null,\"programs\":\\[" + program(SMALL) + "," + program("two/try")
                        + "\\]," + COUNTS + "\"nanos\":\\d+,\"complete\":true,\"broken\":null\\}\n");
    }

    private static String program(String text) {
        return "\\{\"program\":\"" + text + "\"," + COUNTS + "\"ends\":\\d+,\"complete\":true,\"nanos\":\\d+\\}";
    }

    @Test
    void shouldSayWhenNotAllStatesWereVisited() {
        Result result = CliProcess.runHere("explore", "--program", SMALL, "--states", "100");
        assertThat(result.exitCode()).isEqualTo(ExploreCommand.NOT_COMPLETE);
        assertThat(result.out())
                .contains(SMALL + "   not complete\n")
                .endsWith(
                        "\nNo rule is broken in these states. Of 1 program not every state was visited: see --states.\n");
    }

    @Test
    void shouldGoTheSameWaysWithTheSameSeed() {
        Result one = walk("--seed", "7");
        assertThat(one.exitCode()).isEqualTo(Main.OK);
        assertThat(one.out()).contains("Seed 7.\n").endsWith("\nNo rule is broken on these ways.\n");
        assertThat(states(one)).isEqualTo(states(walk("--seed", "7"))).isNotEqualTo(states(walk("--seed", "8")));
        assertThat(walk().out()).containsPattern("(?m)^20 ways through each. Seed \\d+\\.$");
    }

    private static Result walk(String... more) {
        List<String> arguments = new ArrayList<>(List.of("explore", "--program", SMALL, "--walks", "20"));
        arguments.addAll(List.of(more));
        return CliProcess.runHere(arguments.toArray(String[]::new));
    }

    private static String states(Result result) {
        Matcher states = Pattern.compile("([\\d,]+) states, ([\\d,]+) steps").matcher(result.out());
        assertThat(states.find()).isTrue();
        return states.group();
    }

    @Test
    void shouldListTheRules() {
        assertThat(CliProcess.runHere("explore", "--rules").out().lines())
                .hasSize(Rule.values().length)
                .first()
                .isEqualTo("   1  " + Rule.ONE_HOLDER.text());
        assertThat(CliProcess.runHere("explore", "--rules", "--json").out())
                .startsWith("[{\"rule\":1,\"text\":\"" + Rule.ONE_HOLDER.text() + "\"},{\"rule\":2,")
                .endsWith("}]\n");
    }

    @Test
    void shouldShowTheStepsOfATrace() {
        Result result = CliProcess.runHere("explore", "--program", SMALL, "--replay", "0,1,k0");
        assertThat(result.exitCode()).isEqualTo(Main.OK);
        assertThat(result.out())
                .startsWith("    1  thread A: reads ")
                .endsWith("    3  thread A is killed\nNo rule is broken in 3 steps; more could follow.\n");
        assertThat(CliProcess.runHere("explore", "--program", SMALL, "--replay", "k0", "--json")
                        .out())
                .isEqualTo("{\"program\":\"" + SMALL
                        + "\",\"rule\":null,\"what\":null,\"lines\":[\"thread A is killed\"],\"over\":false}\n");
    }

    @Test
    void shouldRefuseATraceThatIsNotPossible() {
        assertRefused(
                CliProcess.runHere("explore", "--program", SMALL, "--replay", "k0,k1"),
                Main.FAILED,
                "step 2, k1, is not possible there, but 0 is; the trace is of another program or another version, or has a step that nobody else sees: such steps take no turns.\n");
    }

    @Test
    void shouldTellHowARuleWasBrokenAndHowToSeeItAgain() {
        Result result = broken("--program", "lock&try", "--program", "timed/timed,time-outs=2", "--program", "try");
        assertThat(result.exitCode()).isEqualTo(Main.FAILED);
        Matcher told = Pattern.compile(
                        "\nA rule is broken by timed/timed,time-outs=2 in (\\d+) steps:\n"
                                + "((?: +\\d+  .*\n)+)(rule 2 \\(.*\\): .*)\n\n"
                                + "To see it again: ./mortmain explore --mutant living-condemned --program '(.*)' --replay (\\S+)\n\\z")
                .matcher(result.out());
        assertThat(told.find()).as(result.out()).isTrue();
        assertThat(told.group(2).lines()).hasSize(Integer.parseInt(told.group(1)));
        Result again = broken("--program", told.group(4), "--replay", told.group(5));
        assertThat(again.exitCode()).isEqualTo(Main.FAILED);
        assertThat(again.out()).isEqualTo(told.group(2) + told.group(3) + "\n");
    }

    @Test
    void shouldTellOfABrokenRuleAsJson() {
        Result result = broken("--program", "timed/timed,time-outs=2", "--json");
        assertThat(result.exitCode()).isEqualTo(Main.FAILED);
        assertThat(result.out())
                .containsPattern(
                        "\"broken\":\\{\"program\":\"timed/timed,time-outs=2\",\"rule\":2,\"what\":\"rule 2 .*\","
                                + "\"lines\":\\[\".*\"\\],\"trace\":\"[0-9tz,]+\",\"replay\":\"./mortmain explore .*\"\\}\\}\n\\z");
    }

    /** With a library that takes every holder for dead. */
    private static Result broken(String... arguments) {
        return CliProcess.runHere(
                Stream.concat(Stream.of("explore", "--mutant", "living-condemned"), Stream.of(arguments))
                        .toArray(String[]::new));
    }

    @Test
    void shouldFindEachMutant() {
        Result result = CliProcess.runHere("explore", "--mutants");
        assertThat(result.exitCode()).as(result.toString()).isEqualTo(Main.OK);
        assertThat(result.out())
                .containsPattern("\n *2 +\\d+ +[0-9,]+   living-condemned ")
                .endsWith(" mutants, every one found.\n");
    }

    @Test
    void shouldSayTheCureWhereTheHeapIsTooSmall() {
        List<String> command = new ArrayList<>(CliProcess.command("explore", "--program", "two+two/two+two,kills=2"));
        command.add(1, "-Xmx24m");
        Result result = CliProcess.run(command, Map.of());
        assertThat(result.exitCode()).as(result.toString()).isEqualTo(Main.FAILED);
        assertThat(result.err())
                .matches("mortmain: Java's heap of \\d+ MB is too small for so many states: give more, for example by"
                        + " JAVA_TOOL_OPTIONS=-Xmx4g, or visit fewer, by --states\\.\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--bound tiny|--bound is tiny and must be small, large or beyond.",
                "--bound beyond|The bound beyond is too large to visit: give --walks.",
                "--program lok|there is no operation \"lok\"",
                "--program lock/lock,kills=x|needs a number from 0 to 9 after =.",
                "--bound small --program lock|not both.",
                "--states 0|must be 1 to 500000000.",
                "--states 500000001|must be 1 to 500000000.",
                "--states -1|must be 1 to 500000000.",
                "--walks x|--walks is x and must be 1 to 1000000000.",
                "--walks 9999999999999|must be 1 to 1000000000.",
                "--walks 1 --states 1|not both.",
                "--walks 1 --seed x|--seed is x and must be a number",
                "--seed 1|--seed is for --walks.",
                "--replay 0|--replay needs one --program",
                "--replay 0 --program lock --program try|--replay needs one --program",
                "--replay 0 --program lock --walks 1|--replay needs one --program",
                "--replay 0,,0 --program lock|a step is written 0, 0.1, k0, s0, t0, z0, i0",
                "--rules --program lock|--rules explores nothing",
                "--nope|Unknown option",
                "argument|Unexpected argument argument.",
            })
    void shouldRefuseEachWrongArgument(String arguments, String because) {
        Result result = CliProcess.runHere(("explore " + arguments).split(" "));
        assertRefused(result, Main.USAGE, because);
        assertThat(result.err()).endsWith(" See 'mortmain explore --help'.\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--program", "--replay"})
    void shouldShowAnEmptyArgument(String option) {
        Result result = option.equals("--program")
                ? CliProcess.runHere("explore", option, "")
                : CliProcess.runHere("explore", "--program", "lock", option, "");
        assertRefused(result, Main.USAGE, "\"\"");
    }
}
