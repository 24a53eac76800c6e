package io.mortmain.internal.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.mortmain.internal.journal.Deaths.Broken;
import io.mortmain.internal.journal.JournalMutants.Mutant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** The deaths of {@link JournalDeathTest} find what a careless change of the journal could bring in. */
class JournalMutantsTest {
    @Test
    void shouldFindEachMutantByItsSign() {
        List<String> survivors = new ArrayList<>();
        for (Mutant mutant : JournalMutants.ALL) {
            Optional<Broken> found = finding(mutant.holder());
            System.out.printf(
                    "%-24s %s%n",
                    mutant.name(),
                    found.map(Broken::getMessage)
                            .map(JournalMutantsTest::firstLine)
                            .orElse("NOT FOUND"));
            if (found.map(Broken::sign).filter(mutant.sign()::equals).isEmpty()) {
                survivors.add(mutant.name());
            }
        }
        assertThat(survivors)
                .as("mutants that survived every death, or were found by another sign")
                .isEmpty();
    }

    @Test
    void shouldHaveMutantsByDifferentNames() {
        assertThat(JournalMutants.ALL).hasSizeGreaterThanOrEqualTo(25);
        assertThat(JournalMutants.ALL).extracting(Mutant::name).doesNotHaveDuplicates();
        assertThat(JournalMutants.ALL).extracting(Mutant::name).allMatch(name -> name.matches("[a-z]+(-[a-z]+)+"));
    }

    private static Optional<Broken> finding(Supplier<? extends Holder> holders) {
        Deaths deaths = new Deaths(holders);
        for (List<Change> changes : Changes.all()) {
            try {
                deaths.everywhere(changes);
            } catch (Broken found) {
                return Optional.of(found);
            }
        }
        return Optional.empty();
    }

    private static String firstLine(String text) {
        return text.lines().findFirst().orElse("");
    }
}
