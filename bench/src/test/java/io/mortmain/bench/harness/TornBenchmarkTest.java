package io.mortmain.bench.harness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mortmain.bench.harness.TornCount.Data;
import io.mortmain.bench.peer.Belongings;
import java.io.File;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** That the table says what is true, of every means; who is kept out shows in a few seconds, who gets in has a minute for it. */
class TornBenchmarkTest {
    private static final int KILLS = 2;
    private static final TornSettings PATIENT = new TornSettings(KILLS, 60_000, 60_000);
    private static final TornSettings IMPATIENT = new TornSettings(1, 3_000, 3_000);

    @Test
    void shouldFindWhatEachMeansLeavesWhenAWriterIsKilledBetweenStores() {
        Map<String, TornCount> counts = run(PATIENT, title -> !keepsOut(title));

        for (String whole : List.of(
                "Mortmain Guarded, a C writer", "Mortmain Guarded, a Java writer killed in its function", "LMDB")) {
            TornCount count = of(counts, whole);
            assertThat(count.in()).isEqualTo("2 of 2");
            assertThat(count.found()).isEqualTo("whole, old: 2");
        }
        TornCount amongUpdates = of(counts, "Mortmain Guarded, a Java writer killed among updates");
        assertThat(amongUpdates.in()).isEqualTo("2 of 2");
        assertThat(amongUpdates.found()).isEqualTo("whole: 2");
        requireTorn(of(counts, "C, robust pthread_mutex_t"), "2 of 2");
        requireTorn(of(counts, "C, System V semaphore"), "0 of 2");
        requireTorn(of(counts, "FileChannel.lock"), "0 of 2");
        assertThat(new File("/dev/shm").list())
                .noneMatch(name -> name.equals(Belongings.name()) || name.startsWith(Belongings.name() + "-"));
    }

    private static void requireTorn(TornCount count, String told) {
        assertThat(count.in()).isEqualTo("2 of 2");
        assertThat(count.told()).isEqualTo(told);
        assertThat(count.found()).isEqualTo("torn: 2");
    }

    @Test
    void shouldSayWhoIsKeptOut() {
        Map<String, TornCount> counts = run(IMPATIENT, TornBenchmarkTest::keepsOut);

        assertThat(counts).hasSize(2);
        counts.values().forEach(count -> {
            assertThat(count.in()).isEqualTo("0 of 1");
            assertThat(count.found()).isEqualTo("never");
            assertThat(count.remarks()).singleElement().asString().contains("still waited after 3.0 s");
        });
    }

    private static boolean keepsOut(String title) {
        return title.startsWith("C, plain") || title.startsWith("Chronicle");
    }

    private static Map<String, TornCount> run(TornSettings settings, Predicate<String> which) {
        try (SharedFolder folder = new SharedFolder()) {
            return new TornTrial(folder, settings)
                    .run(which).stream().collect(Collectors.toMap(TornCount::title, Function.identity()));
        }
    }

    private static TornCount of(Map<String, TornCount> counts, String start) {
        return counts.entrySet().stream()
                .filter(entry -> entry.getKey().startsWith(start))
                .findFirst()
                .orElseThrow()
                .getValue();
    }

    @Test
    void shouldFailWhenGuardedDataIsTornOrKept() {
        TornCount whole = new TornCount("guarded", true);
        whole.add(1, false, Data.OLD);
        assertThatCode(whole::requireWholeIfGuarded).doesNotThrowAnyException();

        TornCount torn = new TornCount("guarded", true);
        torn.add(1, false, Data.TORN);
        assertThatThrownBy(torn::requireWholeIfGuarded).isInstanceOf(BenchException.class);

        TornCount kept = new TornCount("guarded", true);
        kept.addKeptOut();
        assertThatThrownBy(kept::requireWholeIfGuarded).isInstanceOf(BenchException.class);
    }
}
