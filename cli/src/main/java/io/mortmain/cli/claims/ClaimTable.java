package io.mortmain.cli.claims;

import java.util.List;
import java.util.stream.Stream;

/**
 * Every technical sentence of two well-known texts, in their order: "(Non) Robust pthread mutexes on Linux" of 2019 (R), and the answers to the question
 * "Mixing threads, fork, and mutexes, what should I watch out for?" (F).
 */
public final class ClaimTable {
    /** For a test: the claim of that id is declared with a wrong verdict. */
    private static final String LIE = System.getProperty("io.mortmain.cli.claims.lie", "");

    private ClaimTable() {}

    static List<Claim> claims() {
        return Stream.of(RobustClaims.claims(), ForkClaims.claims(), HandlerClaims.claims())
                .flatMap(List::stream)
                .map(claim -> claim.id().equals(LIE) ? belied(claim) : claim)
                .toList();
    }

    private static Claim belied(Claim claim) {
        Verdict wrong = claim.verdict() == Verdict.TRUE ? Verdict.FALSE : Verdict.TRUE;
        return new Claim(
                claim.id(),
                claim.sentence(),
                claim.made(),
                claim.evidence(),
                claim.ground(),
                claim.clause(),
                claim.remark(),
                claim.instead(),
                claim.shown(),
                wrong);
    }

    /** In the order of the texts. */
    public static List<String> ids() {
        return claims().stream().map(Claim::id).toList();
    }
}
