package io.mortmain.internal.heap;

import static org.assertj.core.api.Assertions.assertThat;

import io.mortmain.errors.RegionException;
import io.mortmain.errors.TransactionTooLargeException;
import io.mortmain.internal.heap.HeapMemory.Found;
import io.mortmain.internal.heap.HeapMemory.State;
import io.mortmain.internal.journal.MortalMemory;
import io.mortmain.testing.Seed;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Many holders one after the other, of which most die somewhere: each that lives finds what the model has. */
class HeapLivesTest {
    private static final int MEMORIES = 200;
    private static final int HOLDERS = 40;
    private static final int MOST_OPERATIONS = 5;

    private final long seed = Seed.of("heap lives");
    private final Random random = new Random(seed);
    private int deaths;
    private int refusals;

    @Test
    void shouldFindWhatTheModelHas() {
        long blocks = 0;
        for (int memory = 0; memory < MEMORIES; memory++) {
            Found found = new Found(State.born(), new HeapModel());
            for (int holder = 0; holder < HOLDERS; holder++) {
                found = live(found);
                try {
                    found.verify(StagedWords::new);
                } catch (AssertionError broken) {
                    throw new AssertionError("seed " + seed + ", memory " + memory + ", holder " + holder, broken);
                }
            }
            blocks += found.model().handles().length;
        }
        System.out.printf(
                "heap lives: %,d deaths, %,d refused for want of room, %,d blocks left%n", deaths, refusals, blocks);
        assertThat(deaths).isGreaterThan(MEMORIES * HOLDERS / 4);
        assertThat(refusals).isPositive();
        assertThat(blocks).isGreaterThan(MEMORIES);
    }

    private Found live(Found found) {
        long ofChanges = random.nextLong();
        HeapModel after = found.model().copy();
        boolean isRefused = false;
        HeapMemory unharmed = new HeapMemory(found.state(), StagedWords::new, MortalMemory.NEVER);
        try {
            boolean unusedAnswer = unharmed.isKilled(heap -> change(after, heap, new Random(ofChanges)));
        } catch (RegionException | TransactionTooLargeException full) {
            refusals++;
            isRefused = true;
        }
        int killAt = random.nextBoolean() ? MortalMemory.NEVER : random.nextInt(unharmed.steps() + 1);
        HeapMemory memory = new HeapMemory(found.state(), StagedWords::new, killAt);
        HeapModel scratch = found.model().copy();
        try {
            if (memory.isKilled(heap -> change(scratch, heap, new Random(ofChanges)))) {
                deaths++;
                List<Found> left = memory.left(random, found.model(), after);
                return left.get(random.nextInt(left.size()));
            }
        } catch (RegionException | TransactionTooLargeException full) {
            assertThat(isRefused).as("seed %d", seed).isTrue();
        }
        return memory.whole(found.model(), isRefused ? found.model() : after);
    }

    private static void change(HeapModel model, Heap heap, Random random) {
        for (int i = random.nextInt(MOST_OPERATIONS); i >= 0; i--) {
            long[] handles = model.handles();
            long any = handles.length == 0 ? 0 : handles[random.nextInt(handles.length)];
            int what = random.nextInt(10);
            if (what < 5 || any == 0) {
                long block = model.allocate(heap, random.nextInt(random.nextInt(4) == 0 ? 500 : 60));
                model.put(heap, block, 0, random.nextLong());
            } else if (what < 7) {
                model.put(heap, any, random.nextInt(model.words(any).length), random.nextLong());
            } else if (what < 9 && any != model.root()) {
                model.free(heap, any);
            } else {
                model.setRoot(heap, random.nextBoolean() ? any : 0);
            }
        }
    }
}
