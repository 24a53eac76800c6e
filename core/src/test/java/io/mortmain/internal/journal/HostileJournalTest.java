package io.mortmain.internal.journal;

import static io.mortmain.internal.layout.GuardedBlockLayout.ENTRY_OLD_VALUE;
import static io.mortmain.internal.layout.GuardedBlockLayout.entry;
import static org.assertj.core.api.Assertions.assertThat;

import io.mortmain.errors.RegionException;
import io.mortmain.testing.Seed;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Whatever stands in a journal, it is followed within the data or refused, and nothing else is touched. */
class HostileJournalTest {
    private static final int TRIES = 200_000;

    /** Stores by somebody who does not hold the mutex: an entry changes between two looks at it. */
    private static final class Scribbled extends Holder {
        private final Random random;

        Scribbled(long[] words, Random random) {
            this.random = random;
            memory = new LateBytes(words, Block.USED, LateBytes.NEVER);
        }

        @Override
        void storeData(long offset, long value) {
            assertThat(Block.isData(offset)).as("stored at " + offset).isTrue();
            super.storeData(offset, value);
            long index = random.nextInt(Block.CAPACITY);
            memory.putLong(Block.BEGIN + entry((int) index), anyWord(random));
        }
    }

    @Test
    void shouldFollowOrRefuse() {
        long seed = Seed.of("hostile journals");
        Random random = new Random(seed);
        int refused = 0;
        for (int i = 0; i < TRIES; i++) {
            String which = "seed " + seed + ", journal " + i;
            LateBytes before = new LateBytes(Block.born(), Block.USED, LateBytes.NEVER);
            scribble(before, random, random.nextBoolean());
            long[] hostile = before.whole().words();
            LateBytes memory = new LateBytes(hostile, Block.USED, LateBytes.NEVER);
            try {
                Block.journal(memory).rollBack();
                assertThat(isDamaged(before)).as(which).isFalse();
                long[] after = memory.whole().words();
                assertThat(Block.data(after)).as(which).isEqualTo(undone(before));
                assertThat(Block.used(after)).as(which).isZero();
                assertThat(Block.rest(after)).as(which).isEqualTo(Block.rest(Block.born()));
            } catch (RegionException damaged) {
                assertThat(damaged.reason()).isEqualTo(RegionException.Reason.DAMAGED);
                assertThat(memory.steps())
                        .as(which + ": stores before the refusal")
                        .isZero();
                assertThat(isDamaged(before)).as(which).isTrue();
                refused++;
            }
        }
        assertThat(refused).isBetween(TRIES / 10, TRIES - TRIES / 10);
    }

    @Test
    void shouldStayWithinTheDataWhileSomebodyScribbles() {
        long seed = Seed.of("scribbled journals");
        Random random = new Random(seed);
        int refused = 0;
        for (int i = 0; i < TRIES; i++) {
            LateBytes before = new LateBytes(Block.born(), Block.USED, LateBytes.NEVER);
            scribble(before, random, true);
            Scribbled holder = new Scribbled(before.whole().words(), random);
            try {
                Block.journal(holder).rollBack();
            } catch (RegionException damaged) {
                refused++;
            }
            assertThat(Block.rest(holder.memory.whole().words()))
                    .as("seed " + seed + ", journal " + i)
                    .isEqualTo(Block.rest(Block.born()));
        }
        assertThat(refused).isBetween(TRIES / 10, TRIES - TRIES / 10);
    }

    private static void scribble(LateBytes memory, Random random, boolean mostlySound) {
        int used = mostlySound || random.nextBoolean() ? random.nextInt(Block.CAPACITY + 1) : random.nextInt();
        memory.putIntRelease(Block.USED, random.nextInt(20) == 0 ? Block.CAPACITY + 1 : used);
        for (int index = 0; index < Block.CAPACITY; index++) {
            long word = mostlySound && random.nextInt(40) != 0
                    ? Block.offset(random.nextInt(Block.WORDS))
                    : anyWord(random);
            memory.putLong(Block.BEGIN + entry(index), word);
            memory.putLong(Block.BEGIN + entry(index) + ENTRY_OLD_VALUE, random.nextLong());
        }
    }

    private static long anyWord(Random random) {
        return switch (random.nextInt(8)) {
            case 0 -> Block.DATA - Long.BYTES;
            case 1 -> Block.DATA + Block.DATA_SIZE;
            case 2 -> Block.DATA + random.nextInt((int) Block.DATA_SIZE);
            case 3 -> random.nextLong();
            case 4 -> Long.MAX_VALUE - random.nextInt(256);
            case 5 -> -random.nextInt(1024);
            case 6 -> random.nextInt(1024) * (long) Long.BYTES;
            default -> Block.offset(random.nextInt(Block.WORDS));
        };
    }

    /** The model: what a sound journal makes of the data. */
    private static long[] undone(LateBytes memory) {
        long[] data = Block.data(Block.born());
        for (int index = memory.getIntAcquire(Block.USED) - 1; index >= 0; index--) {
            long word = memory.getLong(Block.BEGIN + entry(index));
            data[(int) ((word - Block.DATA) / Long.BYTES)] =
                    memory.getLong(Block.BEGIN + entry(index) + ENTRY_OLD_VALUE);
        }
        return data;
    }

    private static boolean isDamaged(LateBytes memory) {
        int used = memory.getIntAcquire(Block.USED);
        if (used < 0 || used > Block.CAPACITY) {
            return true;
        }
        for (int index = 0; index < used; index++) {
            long word = memory.getLong(Block.BEGIN + entry(index));
            if (word % Long.BYTES != 0 || word < Block.DATA || word >= Block.DATA + Block.DATA_SIZE) {
                return true;
            }
        }
        return false;
    }
}
