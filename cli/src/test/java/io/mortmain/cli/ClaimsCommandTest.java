package io.mortmain.cli;

import static io.mortmain.cli.JsonArray.TEXT;
import static org.assertj.core.api.Assertions.assertThat;

import io.mortmain.cli.CliProcess.Result;
import io.mortmain.cli.claims.ClaimTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code mortmain claims} from end to end, all of it on this machine. */
class ClaimsCommandTest {
    private static final String SEEN = "\\{\"observation\":" + TEXT + ",\"experiment\":" + TEXT
            + ",\"mortmain\":(?:true|false),\"said\":" + TEXT + ",\"expected\":" + TEXT + ",\"seen\":" + TEXT + "\\}";
    private static final String CLAIM = "\\{\"id\":\"(\\w+)\",\"sentence\":" + TEXT + ",\"made\":" + TEXT
            + ",\"verdict\":(" + TEXT + "),\"outcome\":(" + TEXT + "),\"found\":(null|" + TEXT + "),\"seen\":\\[(?:"
            + SEEN + ",?)*+\\],\"restsOn\":" + TEXT + ",\"remark\":" + TEXT + ",\"mortmain\":" + TEXT
            + ",\"reason\":" + TEXT + "\\}";

    @Test
    void shouldConfirmEachVerdictHereAndPrintItAsJson() {
        Result result = CliProcess.run("claims", "--json");
        assertThat(result.exitCode()).as(result.toString()).isEqualTo(Main.OK);
        List<MatchResult> claims = JsonArray.elements(result.out(), CLAIM);
        assertThat(claims).allSatisfy(claim -> {
            assertThat(claim.group(3)).as(claim.group()).isEqualTo("\"confirmed\"");
            assertThat(claim.group(4)).isEqualTo(claim.group(2));
        });
        assertThat(claims.stream().map(claim -> claim.group(1))).containsExactlyElementsOf(ClaimTable.ids());
        assertThat(result.err()).isEmpty();
    }

    @Test
    void shouldPrintASentenceForPeople() {
        Result result = CliProcess.run("claims", "--only", "f4");
        assertThat(result.exitCode()).as(result.toString()).isEqualTo(Main.OK);
        assertThat(result.out())
                .contains(
                        "\nF4     Only the thread that called fork is duplicated in the child.\n  is   true (confirmed)\n")
                .containsPattern("\n +threads in the child +1\n")
                .contains("\n       Rests on: POSIX.1-2008, fork().\n")
                .containsPattern("\n1 confirmed, 0 not confirmed, 0 not tried, in \\d+ s.\n");
    }

    @Test
    void shouldSeeAWrongVerdict() {
        List<String> command = new ArrayList<>(CliProcess.command("claims", "--only", "F4"));
        command.add(1, "-Dio.mortmain.cli.claims.lie=F4");
        Result result = CliProcess.run(command, Map.of());
        assertThat(result.exitCode()).as(result.toString()).isEqualTo(Main.FAILED);
        assertThat(result.out())
                .contains("false (not confirmed): what was seen makes it true\n")
                .containsPattern("\n0 confirmed, 1 not confirmed, 0 not tried, in \\d+ s.\n");
    }

    @Test
    void shouldSayWhatWasNotTriedWithoutACompiler() {
        Result result = CliProcess.run(CliProcess.command("claims", "--only", "R6,F4"), Map.of("PATH", "/nowhere"));
        assertThat(result.exitCode()).as(result.toString()).isEqualTo(ClaimsCommand.NOT_TRIED);
        assertThat(result.out())
                .contains("(not tried): There is no C compiler (cc, gcc or clang) on the PATH")
                .containsPattern("\n0 confirmed, 0 not confirmed, 2 not tried, in \\d+ s.\n");
    }

    @Test
    void shouldLeaveNothingBehindWhenEnded() throws Exception {
        try (CliProcess claims = CliProcess.start(CliProcess.command("claims"), Map.of())) {
            long guard = System.nanoTime() + TimeUnit.SECONDS.toNanos(CliProcess.GUARD_SECONDS);
            List<ProcessHandle> children = claims.handle().descendants().toList();
            while (children.isEmpty() && System.nanoTime() - guard < 0) {
                children = claims.handle().descendants().toList();
            }
            claims.signal("INT");
            Result result = claims.result();
            assertThat(result.exitCode()).as(result.toString()).isEqualTo(130);
            CliProcess.awaitEnd(children);
            assertThat(claims.traces()).isEmpty();
        }
    }

    @Test
    void shouldPrintThePageAndTryNothing() {
        Result result = CliProcess.runHere("claims", "--page");
        assertThat(result.exitCode()).isEqualTo(Main.OK);
        assertThat(result.out()).startsWith("# What to watch out for").endsWith(" |\n");
    }

    @Test
    void shouldListTheClaimsWhenThereIsNoSuchClaim() {
        Result result = CliProcess.runHere("claims", "--only", "R1,F99");
        assertThat(result.exitCode()).isEqualTo(Main.USAGE);
        assertThat(result.err()).contains("There is no claim F99; there are R1, R2, ", "R12, F1, ", "F29. See");
    }

    @ParameterizedTest
    @ValueSource(strings = {",", ",,", "R1,,R2", ",R1", "R1,", "R1 --only ,"})
    void shouldRefuseEmptyNamesBetweenCommas(String names) {
        Result result = CliProcess.runHere(("claims --page --only " + names).split(" ")); // which tries nothing
        assertThat(result.exitCode()).isEqualTo(Main.USAGE);
        assertThat(result.err()).contains("--only has an empty name between commas;");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--only", "--only ,R1", "--page --json", "--page --only R1", "--nope", "argument"})
    void shouldRefuseEachWrongArgument(String arguments) {
        Result result = CliProcess.runHere(("claims " + arguments).split(" "));
        CliProcess.assertRefused(result, Main.USAGE, " See 'mortmain claims --help'.\n");
    }
}
