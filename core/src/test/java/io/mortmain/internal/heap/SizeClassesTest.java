package io.mortmain.internal.heap;

import static org.assertj.core.api.Assertions.assertThat;

import io.mortmain.internal.layout.HeapLayout;
import io.mortmain.internal.layout.RegionGeometry;
import org.junit.jupiter.api.Test;

class SizeClassesTest {
    @Test
    void shouldHaveTheLeastSizeThatFits() {
        for (long bytes = 0; bytes < 100_000; bytes++) {
            requireFits(bytes);
        }
        for (long bytes = 100_000; bytes <= RegionGeometry.MAX_CAPACITY; bytes += bytes / 1_000) {
            requireFits(bytes);
        }
        requireFits(RegionGeometry.MAX_CAPACITY);
    }

    private static void requireFits(long bytes) {
        int sizeClass = SizeClasses.of(bytes);
        long size = SizeClasses.size(sizeClass);
        assertThat(sizeClass).isBetween(0, HeapLayout.CLASSES - 1);
        assertThat(size).isGreaterThanOrEqualTo(bytes);
        assertThat(sizeClass == 0 || SizeClasses.size(sizeClass - 1) < bytes)
                .as("%d", bytes)
                .isTrue();
        assertThat(size - bytes).as("%d", bytes).isLessThan(Math.max(Long.BYTES + 1, bytes / 4 + 1));
    }

    @Test
    void shouldHaveFourSizesToEachDoubling() {
        assertThat(java.util.stream.IntStream.range(0, 14).mapToLong(SizeClasses::size))
                .containsExactly(8L, 16L, 24L, 32L, 40L, 48L, 56L, 64L, 80L, 96L, 112L, 128L, 160L, 192L);
        assertThat(SizeClasses.size(HeapLayout.CLASSES - 1)).isGreaterThanOrEqualTo(RegionGeometry.MAX_CAPACITY);
    }
}
