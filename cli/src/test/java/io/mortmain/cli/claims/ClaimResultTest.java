package io.mortmain.cli.claims;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mortmain.cli.experiment.Experiment;
import io.mortmain.cli.process.NotTried;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** How a verdict follows from what was seen, and how it is compared with the declared one. */
class ClaimResultTest {
    private static final String UNLOCK = "normal: unlock";
    private static final String RELOCK = "recursive: relock";

    @Test
    void shouldFollowFromTheCasesAndTheGround() {
        assertThat(Stream.of(Ground.values()).map(ground -> Verdict.of(2, 2, ground)))
                .containsExactly(Verdict.TRUE, Verdict.TRUE, Verdict.ONLY_GLIBC);
        assertThat(Stream.of(Ground.values()).map(ground -> Verdict.of(1, 2, ground)))
                .containsOnly(Verdict.ONLY_FOR_THESE_KINDS);
        assertThat(Stream.of(Ground.values()).map(ground -> Verdict.of(0, 2, ground)))
                .containsExactly(Verdict.ONLY_POSIX, Verdict.FALSE, Verdict.FALSE);
    }

    @Test
    void shouldConfirmWhatIsSeenAsDeclared() {
        ClaimResult result = judge(Verdict.ONLY_FOR_THESE_KINDS, Map.of(UNLOCK, "0", RELOCK, "hangs"));
        assertThat(result.outcome()).isEqualTo(Outcome.CONFIRMED);
        assertThat(result.reason()).isEmpty();
    }

    @Test
    void shouldNotConfirmAVerdictThatDoesNotFollow() {
        ClaimResult result = judge(Verdict.TRUE, Map.of(UNLOCK, "0", RELOCK, "hangs"));
        assertThat(result.outcome()).isEqualTo(Outcome.NOT_CONFIRMED);
        assertThat(result.reason()).isEqualTo("what was seen makes it only for these kinds");
    }

    @Test
    void shouldNotConfirmOtherKindsThanDeclared() {
        ClaimResult result = judge(Verdict.ONLY_FOR_THESE_KINDS, Map.of(UNLOCK, "EPERM", RELOCK, "0"));
        assertThat(result.found()).isEqualTo(Verdict.ONLY_FOR_THESE_KINDS);
        assertThat(result.outcome()).isEqualTo(Outcome.NOT_CONFIRMED);
        assertThat(result.reason())
                .isEqualTo(UNLOCK + ": expected 0, saw EPERM; " + RELOCK + ": expected hangs, saw 0");
    }

    @Test
    void shouldNotConfirmWhatWasNotSeen() {
        ClaimResult result = judge(Verdict.ONLY_FOR_THESE_KINDS, Map.of(UNLOCK, "0"));
        assertThat(result.outcome()).isEqualTo(Outcome.NOT_CONFIRMED);
        assertThat(result.reason()).isEqualTo(RELOCK + ": expected hangs, saw nothing");
    }

    @Test
    void shouldNotConfirmWhenMortmainDoesSomethingElse() {
        Claim claim = Claim.of("F0", "")
                .sees(Experiment.FORK_LOCKS, UNLOCK, "0")
                .shown(Experiment.MORTMAIN_FORK, UNLOCK, "refused")
                .is(Verdict.TRUE);
        Findings findings = new Findings();
        findings.put(Experiment.FORK_LOCKS, Map.of(UNLOCK, "0"));
        findings.put(Experiment.MORTMAIN_FORK, Map.of(UNLOCK, "not refused"));
        ClaimResult result = ClaimResult.judge(claim, findings);
        assertThat(result.found()).isEqualTo(Verdict.TRUE);
        assertThat(result.outcome()).isEqualTo(Outcome.NOT_CONFIRMED);
    }

    @Test
    void shouldSayWhatCannotBeTriedHere() {
        assertThatThrownBy(() -> judge(Verdict.TRUE, Map.of(UNLOCK, "not tried: there is no such call")))
                .isInstanceOf(NotTried.class)
                .hasMessage("there is no such call");
    }

    private static ClaimResult judge(Verdict declared, Map<String, String> seen) {
        Claim claim = Claim.of("F0", "")
                .sees(Experiment.FORK_LOCKS, UNLOCK, "0")
                .sees(Experiment.FORK_LOCKS, RELOCK, "0", "hangs")
                .is(declared);
        Findings findings = new Findings();
        findings.put(Experiment.FORK_LOCKS, seen);
        return ClaimResult.judge(claim, findings);
    }
}
