package io.mortmain.internal.region;

import static org.assertj.core.api.Assertions.assertThat;

import io.mortmain.internal.layout.StatePageLayout;
import io.mortmain.internal.words.MappedBytes;
import io.mortmain.internal.words.SharedBytes;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** What a creator leaves that dies before it publishes, at each of its stores. */
class FreshBytesTest {
    private static final int SIZE = 256;

    private final long[] state = new long[StatePageLayout.SIZE / Long.BYTES];
    private final long[] data = new long[SIZE / Long.BYTES];

    private static final class Died extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    /** Memory as a process uses it that dies at one of its stores; all its memory shares the count of those left. */
    private static final class Dying extends SharedBytes {
        private final long[] words;
        private final int[] left;

        Dying(long[] words, int[] left) {
            this.words = words;
            this.left = left;
        }

        @Override
        public int getIntAcquire(long offset) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void putIntRelease(long offset, int value) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long getLong(long offset) {
            return words[(int) (offset / Long.BYTES)];
        }

        @Override
        public void putLong(long offset, long value) {
            if (left[0]-- == 0) {
                throw new Died();
            }
            words[(int) (offset / Long.BYTES)] = value;
        }

        @Override
        public void storeStoreFence() {}
    }

    @Test
    void shouldGiveZeroesWhereverTheCreatorsBeforeDied() {
        for (int first = 0; first < 20; first++) {
            for (int second = 0; second < 20; second++) {
                Arrays.fill(state, 0);
                Arrays.fill(data, 0);
                create(64, 64, first);
                create(64, 32, second);
                MappedBytes bytes = new MappedBytes(MemorySegment.ofArray(data));
                new FreshBytes(new MappedBytes(MemorySegment.ofArray(state)), bytes, SIZE).prepare(64, 128, 128);
                assertThat(data).as("after deaths at %d and %d", first, second).containsOnly(0);
            }
        }
    }

    @Test
    void shouldNotBeLedAstrayByAnyWrittenEnd() {
        for (long end : new long[] {-1, Long.MIN_VALUE, Long.MAX_VALUE, SIZE + 8, 3}) {
            Arrays.fill(data, -1);
            state[StatePageLayout.WRITTEN_END / Long.BYTES] = end;
            MappedBytes bytes = new MappedBytes(MemorySegment.ofArray(data));
            new FreshBytes(new MappedBytes(MemorySegment.ofArray(state)), bytes, SIZE).prepare(192, 64, 64);
            assertThat(data[23]).isEqualTo(-1);
            if (end >= SIZE) {
                assertThat(data[24]).isZero();
                assertThat(data[31]).isZero();
            }
        }
    }

    /** Prepares and then writes, until it dies. */
    private void create(long offset, long size, int stores) {
        int[] left = {stores};
        try {
            Dying bytes = new Dying(data, left);
            new FreshBytes(new Dying(state, left), bytes, SIZE).prepare(offset, size, size);
            for (long at = offset; at < offset + size; at += Long.BYTES) {
                bytes.putLong(at, 0x5555);
            }
        } catch (Died expected) {
            assertThat(left[0]).isNegative();
        }
    }
}
