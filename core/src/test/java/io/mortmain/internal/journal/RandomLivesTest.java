package io.mortmain.internal.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.mortmain.internal.journal.Change.Addition;
import io.mortmain.internal.journal.Change.Style;
import io.mortmain.internal.journal.LateBytes.Killed;
import io.mortmain.internal.journal.LateBytes.Left;
import io.mortmain.testing.Seed;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Many holders one after the other, of which most die somewhere: each that lives finds what the model has. */
class RandomLivesTest {
    private static final int MEMORIES = 1_500;
    private static final int HOLDERS = 12;
    private static final int MOST_TRANSACTIONS = 3;
    /** About the steps of as many transactions, so that some holders live. */
    private static final int STEPS = 60;

    private final long seed = Seed.of("random lives");
    private final Random random = new Random(seed);
    private int deaths;
    private int undone;

    @Test
    void shouldFindWhatTheModelHas() {
        for (int i = 0; i < MEMORIES; i++) {
            long[] words = Block.born();
            long[] model = Block.data(words);
            for (int holder = 0; holder < HOLDERS; holder++) {
                List<Change> changes = IntStream.range(0, random.nextInt(MOST_TRANSACTIONS + 1))
                        .mapToObj(_ -> change())
                        .toList();
                String which = "seed " + seed + ", memory " + i + ", holder " + holder + ": " + changes;
                Left left = live(words, model, changes, which);
                words = left.words();
                for (Change change : changes.subList(0, left.committed())) {
                    model = change.of(model);
                }
            }
            live(words, model, List.of(), "seed " + seed + ", memory " + i + ", at the end");
        }
        System.out.printf("random lives: %,d deaths, %,d roll-backs%n", deaths, undone);
        assertThat(deaths).isGreaterThan(MEMORIES);
        assertThat(undone).isGreaterThan(MEMORIES);
    }

    /** One holder: finds what the model has, if it lives that long; what it leaves. */
    private Left live(long[] words, long[] model, List<Change> changes, String which) {
        int killAt = changes.isEmpty() ? LateBytes.NEVER : random.nextInt(STEPS);
        LateBytes memory = new LateBytes(words, Block.USED, killAt);
        Journal journal = Block.journal(memory);
        try {
            journal.checkInvariants();
            undone += journal.rollBack() ? 1 : 0;
            assertThat(IntStream.range(0, Block.WORDS)
                            .mapToLong(word -> memory.getLong(Block.BEGIN + Block.offset(word))))
                    .as(which)
                    .containsExactly(IntStream.range(0, Block.WORDS)
                            .mapToObj(word -> model[word])
                            .toArray(Long[]::new));
            for (int i = 0; i < changes.size(); i++) {
                memory.begin(i + 1);
                changes.get(i).write(memory, journal);
            }
        } catch (Killed death) {
            deaths++;
            List<Left> left = memory.left(random);
            return left.get(random.nextInt(left.size()));
        }
        Left whole = memory.whole();
        assertThat(Block.rest(whole.words())).as(which).isEqualTo(Block.rest(Block.born()));
        return new Left(whole.words(), changes.size());
    }

    private Change change() {
        Style[] styles = Style.values();
        List<Addition> additions = IntStream.rangeClosed(0, random.nextInt(Block.CAPACITY))
                .mapToObj(_ -> new Addition(random.nextInt(Block.WORDS), random.nextInt(-2, 3)))
                .toList();
        return new Change(styles[random.nextInt(styles.length)], additions);
    }
}
