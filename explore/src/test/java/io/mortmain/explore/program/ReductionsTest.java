package io.mortmain.explore.program;

import static org.assertj.core.api.Assertions.assertThat;

import io.mortmain.explore.machine.Reduction;
import io.mortmain.explore.search.Explorer;
import io.mortmain.explore.search.Result;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the machine leaves out to have fewer states leads nowhere else: all is over in the same memories. */
class ReductionsTest {
    private static final long MOST_STATES = 2_000_000;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "lock/lock",
                "lock/lock,kills=1",
                "lock/lock,kills=2,unseen",
                "lock/try,kills=2",
                "timed/timed,kills=1,time-outs=1",
                "interruptible/lock,kills=1,interrupts=1",
                "give-up/lock,kills=1",
                "give-up/reset,kills=1",
                "leave-inconsistent/try+lock,kills=1",
                "hand-on/try,kills=1",
                "c-lock/c-lock,kills=1",
                "c-lock/lock,kills=1",
                "lock+lock/c-try,kills=1",
                "give-up/c-try,kills=1",
                "lock&lock,kills=1",
                "two/lock,kills=1",
                "try/try/try",
                "lock/try,kills=1,unseen,namesake",
                "try/try,kills=1,unseen,watched",
                "two/try,reboot",
                "two/try,kills=1,walk=1",
                "lock/try,kills=1,walk=0",
                "insert/find,kills=1",
                "insert/insert,kills=1",
                "create/create,kills=2",
                "create/open+open,kills=1",
                "create+remove/open,kills=1",
                "create&create/open,kills=1",
                "open-or-create/open-or-create/remove",
                "open-or-create/open-or-create,kills=1,tight",
                "update/update,kills=1",
                "update/c-update,kills=1",
                "c-careless/update,kills=1",
                "update/update,kills=2,unseen",
                "update-anyhow/update,kills=1,unseen",
                "c-update/update-anyhow,kills=1,unseen",
                "update/update,kills=1,unseen,namesake",
            })
    void shouldLeadToTheSameEnds(String text) {
        Program program = Program.parse(text);
        Result reduced = Explorer.explore(program.exploration(Mutant.NONE), MOST_STATES);
        Result whole = Explorer.explore(program.exploration(Mutant.NONE, Reduction.NONE), MOST_STATES);
        assertThat(reduced.isComplete() && whole.isComplete()).isTrue();
        assertThat(reduced.states()).isLessThanOrEqualTo(whole.states());
        assertThat(reduced.ends()).isEqualTo(whole.ends());
        assertThat(reduced.endsFingerprint()).isEqualTo(whole.endsFingerprint());
    }
}
