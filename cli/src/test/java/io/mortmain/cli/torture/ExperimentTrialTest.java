package io.mortmain.cli.torture;

import static org.assertj.core.api.Assertions.assertThat;

import io.mortmain.cli.experiment.Laboratory;
import io.mortmain.cli.torture.ExperimentTrial.Sight;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a cell says of what an experiment saw. */
class ExperimentTrialTest {
    private static final Sight SIGHT = Sight.alone("a lock", "relock", "0", "two holders");

    @ParameterizedTest
    @CsvSource({
        "0, OK, two holders, ''",
        "EPERM, FAILED, EPERM, expected two holders",
        Laboratory.IMPOSSIBLE + "no hooks here, NOT_TRIED, '', no hooks here"
    })
    void shouldJudgeWhatWasSeen(String seen, Verdict verdict, String got, String reason) {
        CellResult result = of(SIGHT, seen);
        assertThat(result.verdict()).isEqualTo(verdict);
        assertThat(result.got()).isEqualTo(got);
        assertThat(result.reason()).isEqualTo(reason);
    }

    @Test
    void shouldCallASuccessSo() {
        Sight sight = Sight.alone("a lock", "relock", "0");
        assertThat(sight.cell().expected()).isEqualTo("works");
        assertThat(of(sight, "0").verdict()).isEqualTo(Verdict.OK);
        assertThat(of(sight, "hangs").got()).isEqualTo("hangs");
        assertThat(of(Sight.alone("a lock", "relock", "hangs"), "0").got()).isEqualTo("works");
    }

    @Test
    void shouldSayNothingOfWhatWasNotSeen() {
        assertThat(of(SIGHT, "").reason()).isEqualTo("nothing was seen");
    }

    private static CellResult of(Sight sight, String seen) {
        Report report = new Report("C3");
        ExperimentTrial.report(report, sight, seen);
        return report.complete(List.of(sight.cell()), Verdict.FAILED, "nothing was seen")
                .getFirst();
    }
}
