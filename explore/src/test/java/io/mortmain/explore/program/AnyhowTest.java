package io.mortmain.explore.program;

import static org.assertj.core.api.Assertions.assertThat;

import io.mortmain.explore.search.Explorer;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A program whose operations the adversary chooses ends as those with each choice of them do, in one of their ways, and in no other. */
class AnyhowTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "lock-anyhow/try,kills=2|lock/try,kills=2 give-up/try,kills=2 leave-inconsistent/try,kills=2 hand-on/try,kills=2",
                "lock-anyhow/c-lock-anyhow,kills=1,unseen|lock/c-lock,kills=1,unseen give-up/c-lock,kills=1,unseen"
                        + " leave-inconsistent/c-lock,kills=1,unseen hand-on/c-lock,kills=1,unseen"
                        + " lock/c-leave-inconsistent,kills=1,unseen give-up/c-leave-inconsistent,kills=1,unseen"
                        + " leave-inconsistent/c-leave-inconsistent,kills=1,unseen hand-on/c-leave-inconsistent,kills=1,unseen",
                "two-anyhow/lock,kills=1|two/lock,kills=1 nested/lock,kills=1",
                "any/two,kills=1,time-outs=1|lock-anyhow/two,kills=1,time-outs=1 try-anyhow/two,kills=1,time-outs=1"
                        + " timed-anyhow/two,kills=1,time-outs=1 interruptible-anyhow/two,kills=1,time-outs=1"
                        + " reset-anyhow/two,kills=1,time-outs=1 two-anyhow/two,kills=1,time-outs=1",
                "give-up+any/two|give-up+lock-anyhow/two give-up+try-anyhow/two give-up+timed-anyhow/two"
                        + " give-up+interruptible-anyhow/two give-up+reset-anyhow/two give-up+two-anyhow/two",
                "update-anyhow/c-update,kills=1,unseen|update/c-update,kills=1,unseen break-off/c-update,kills=1,unseen"
                        + " lock/c-update,kills=1,unseen give-up/c-update,kills=1,unseen hand-on/c-update,kills=1,unseen leave-inconsistent/c-update,kills=1,unseen",
                "update/c-update-anyhow,kills=1|update/c-update,kills=1 update/c-careless,kills=1"
                        + " update/c-leave-inconsistent,kills=1",
                "c-any+c-any/try,kills=1|c-lock-anyhow+c-lock-anyhow/try,kills=1 c-lock-anyhow+c-try-anyhow/try,kills=1"
                        + " c-try-anyhow+c-lock-anyhow/try,kills=1 c-try-anyhow+c-try-anyhow/try,kills=1",
            })
    void shouldEndAsEachOfThoseThatItStandsFor(String one, String many) {
        Set<Long> ends = new TreeSet<>();
        Arrays.stream(many.split(" ", -1)).forEach(each -> ends.addAll(ends(each)));
        assertThat(ends(one)).isNotEmpty().isEqualTo(ends);
    }

    private static Set<Long> ends(String program) {
        return new TreeSet<>(Explorer.ends(Program.parse(program).exploration(Mutant.NONE)));
    }
}
