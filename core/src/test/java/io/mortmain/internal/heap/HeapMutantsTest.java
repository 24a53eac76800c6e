package io.mortmain.internal.heap;

import static org.assertj.core.api.Assertions.assertThat;

import io.mortmain.errors.RegionException;
import io.mortmain.internal.heap.HeapMutants.Mutant;
import io.mortmain.internal.heap.HeapScenes.Scene;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each planted breakage of the heap is found by deaths alone: while nobody dies, it does what it should. */
class HeapMutantsTest {
    @ParameterizedTest
    @MethodSource("mutants")
    void shouldFindWhatIsBroken(Mutant mutant) {
        HeapScenes.ALL.forEach(new HeapDeaths(mutant.maker())::nowhere);
        String found = HeapScenes.ALL.stream()
                .map(scene -> brokenIn(mutant, scene))
                .filter(broken -> !broken.isEmpty())
                .findFirst()
                .orElse("");
        System.out.println("heap mutant " + mutant.name() + " is found: " + found);
        assertThat(found).as(mutant.text()).isNotEmpty();
    }

    private static String brokenIn(Mutant mutant, Scene scene) {
        try {
            new HeapDeaths(mutant.maker()).everywhere(scene);
            return "";
        } catch (AssertionError | RegionException broken) {
            return String.valueOf(broken.getMessage());
        }
    }

    static List<Mutant> mutants() {
        return HeapMutants.ALL;
    }
}
