package io.mortmain.cli;

import static io.mortmain.cli.JsonArray.TEXT;
import static org.assertj.core.api.Assertions.assertThat;

import io.mortmain.cli.CliProcess.Result;
import io.mortmain.cli.torture.FaultTable;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code mortmain torture} from end to end, with rows that are fast and measure no time. */
class TortureCommandTest {
    private static final String CELL = "\\{\"id\":\"(\\w+)\",\"cell\":" + TEXT + ",\"expected\":" + TEXT + ",\"got\":"
            + TEXT + ",\"verdict\":(\"ok\"|\"failed\"|\"not tried\"),\"reason\":" + TEXT
            + ",\"millis\":(?:null|\\d+\\.\\d+)\\}";

    @Test
    void shouldKnowEachFaultOnce() {
        List<String> table = Stream.of(numbered("A", 25), numbered("B", 10), numbered("C", 12), numbered("D", 17))
                .flatMap(ids -> ids)
                .toList();
        assertThat(FaultTable.ids()).containsExactlyInAnyOrderElementsOf(table);
    }

    private static Stream<String> numbered(String letter, int last) {
        return IntStream.rangeClosed(1, last).mapToObj(number -> letter + number);
    }

    @Test
    void shouldPrintEachCellAsJson() {
        Result result = CliProcess.run("torture", "--only", "A2,A3,A5,A13,B5,B6,D1", "--json");
        assertThat(result.exitCode()).as(result.toString()).isEqualTo(Main.OK);
        List<MatchResult> cells = JsonArray.elements(result.out(), CELL);
        assertThat(cells)
                .allSatisfy(cell -> assertThat(cell.group(2)).as(cell.group()).isEqualTo("\"ok\""));
        assertThat(cells.stream().map(cell -> cell.group(1)))
                .hasSizeGreaterThan(30)
                .contains("A2", "A3", "A5", "A13", "B5", "B6", "D1");
    }

    /** The experiments that they look at are those of the claims. */
    @Test
    void shouldMakeEachFaultAroundForkHappen() {
        String[] rows = numbered("C", 12).toArray(String[]::new);
        Result result = CliProcess.run("torture", "--only", String.join(",", rows), "--json");
        assertThat(result.exitCode()).as(result.toString()).isEqualTo(TortureCommand.NOT_TRIED);
        List<MatchResult> cells = JsonArray.elements(result.out(), CELL);
        assertThat(cells.stream().map(MatchResult::group).filter(cell -> !cell.contains("\"verdict\":\"ok\"")))
                .hasSize(2)
                .allMatch(cell -> cell.contains("\"there is no 'mortmain check' yet\""));
        assertThat(cells.stream().map(cell -> cell.group(1)).distinct()).containsExactly(rows);
        assertThat(rows)
                .allSatisfy(row -> assertThat(cellsOf(cells, row))
                        .as("with glibc alone, and with Mortmain")
                        .anyMatch(cell -> cell.contains("\"cell\":\"glibc alone"))
                        .anyMatch(cell -> !cell.contains("\"cell\":\"glibc alone")));
    }

    private static List<String> cellsOf(List<MatchResult> cells, String row) {
        return cells.stream()
                .filter(cell -> cell.group(1).equals(row))
                .map(MatchResult::group)
                .toList();
    }

    @Test
    void shouldPrintARowOfEachFaultForPeople() {
        Result result = CliProcess.run("torture", "--only", "d1");
        assertThat(result.exitCode()).as(result.toString()).isEqualTo(Main.OK);
        assertThat(result.out())
                .contains("\nD1   unlock by one who does not hold it\n")
                .containsPattern("\n  ok        glibc alone +EPERM\n")
                .containsPattern("\n2 ok, 0 failed, 0 not tried, in \\d+ s.\n");
        assertThat(result.err()).isEmpty();
    }

    @Test
    void shouldFailWhenWhatIsSeenIsNotWhatMustBe() {
        List<String> command = new ArrayList<>(CliProcess.command("torture", "--only", "C1,C8,D1,A24"));
        command.add(1, "-Dio.mortmain.cli.torture.lie=true");
        Result result = CliProcess.run(command, Map.of());
        assertThat(result.exitCode()).as(result.toString()).isEqualTo(Main.FAILED);
        assertThat(result.out())
                .contains("a planted lie; expected EPERM", "a planted lie; expected cbaABC")
                .containsPattern("\n0 ok, [1-9]\\d* failed, [1-9]\\d* not tried, in \\d+ s.\n");
    }

    @Test
    void shouldSayWhatWasNotTriedWithoutACompiler() {
        Result result =
                CliProcess.run(CliProcess.command("torture", "--only", "A2,B2,C2,C4"), Map.of("PATH", "/nowhere"));
        assertThat(result.exitCode()).as(result.toString()).isEqualTo(TortureCommand.NOT_TRIED);
        assertThat(result.out())
                .contains("There is no C compiler (cc, gcc or clang) on the PATH")
                .containsPattern("\n0 ok, 0 failed, \\d+ not tried, in \\d+ s.\n");
    }

    @ParameterizedTest
    @CsvSource({"INT, 130, 'D1,D4,D14'", "TERM, 143, 'D1,D4,D14'", "INT, 130, 'C5,C12,D4,D14'"})
    void shouldLeaveNothingBehindWhenEnded(String signal, int exitCode, String rows) throws Exception {
        try (CliProcess torture = CliProcess.start(CliProcess.command("torture", "--only", rows), Map.of())) {
            torture.expect(rows.substring(0, 2) + " ");
            List<ProcessHandle> hands = torture.handle().descendants().toList();
            torture.signal(signal);
            Result result = torture.result();
            assertThat(result.exitCode()).isEqualTo(exitCode);
            assertThat(result.out()).as("what was broken off").doesNotContainPattern("(?m)^ +failed ");
            CliProcess.awaitEnd(hands);
            assertThat(torture.traces()).isEmpty();
        }
    }

    @Test
    void shouldRemoveWhatKilledRunsLeftAndNothingOfOthers() throws Exception {
        List<Path> kept = new ArrayList<>();
        try (CliProcess torture = CliProcess.start(CliProcess.command("torture", "--only", "D1,D4,D14"), Map.of())) {
            torture.expect("D1 ");
            long dead = torture.handle().pid();
            List<ProcessHandle> hands = torture.handle().descendants().toList();
            // before its death: other runs may remove them at once
            List<String> left = torture.traces();
            assertThat(left)
                    .anyMatch(path -> path.startsWith("/dev/shm/"))
                    .anyMatch(path -> !path.startsWith("/dev/shm/"));
            torture.signal("KILL");
            torture.result();
            CliProcess.awaitEnd(hands);
            String name = new File(left.getFirst()).getName();
            String living = "-" + ProcessHandle.current().pid() + "-";
            kept.add(Files.createTempDirectory(name.replace("-" + dead + "-", living)));
            kept.add(Files.createTempDirectory("mortmain-torture-1-" + dead + "-")); // of another PID namespace
            assertThat(CliProcess.run("torture", "--only", "D1").exitCode()).isEqualTo(Main.OK);
            assertThat(torture.traces()).containsExactly(kept.getLast().toString());
            assertThat(kept).allSatisfy(path -> assertThat(path).exists());
        } finally {
            for (Path folder : kept) {
                Files.deleteIfExists(folder);
            }
        }
    }

    @Test
    void shouldListTheRowsWhenThereIsNoSuchRow() {
        Result result = CliProcess.runHere("torture", "--only", "A1,A99");
        assertThat(result.exitCode()).isEqualTo(Main.USAGE);
        assertThat(result.err())
                .contains("There is no row A99; there are A1, A2, ", "B10, C1, ", "C12, D1, ", "D17. See");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--seconds 0",
                "--seconds 3601",
                "--seconds x",
                "--seconds=-1",
                "--only",
                "--only ,A1",
                "--only ,",
                "--only A1,,B2",
                "--only A1,",
                "--only C13",
                "--nope",
                "argument"
            })
    void shouldRefuseEachWrongArgument(String arguments) {
        Result result = CliProcess.runHere(("torture " + arguments).split(" "));
        CliProcess.assertRefused(result, Main.USAGE, " See 'mortmain torture --help'.\n");
    }
}
