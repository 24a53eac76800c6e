package io.mortmain;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** B9 of guarded values: whoever calls is killed at every store, and so are those who undo it. */
class GuardedDeathTest {
    record One(long count) {}

    record Two(long alice, long bob) {}

    record Mixed(
            byte kind,
            @Length(11) String name,
            boolean open,
            @Length(3) short[] sizes,
            double price) {
        @Override
        public boolean equals(Object other) {
            return other instanceof Mixed mixed && mixed.toString().equals(toString());
        }

        @Override
        public int hashCode() {
            return toString().hashCode();
        }

        @Override
        public String toString() {
            return kind + name + open + List.of(sizes[0], sizes[1], sizes[2]) + price;
        }
    }

    record Point(int x, int y) {}

    /** Of more than one cache line. */
    record Big(Point from, @Length(9) long[] path, Point to, int end) {
        @Override
        public boolean equals(Object other) {
            return other instanceof Big big
                    && from.equals(big.from)
                    && to.equals(big.to)
                    && end == big.end
                    && Arrays.equals(path, big.path);
        }

        @Override
        public int hashCode() {
            return from.hashCode();
        }
    }

    private final GuardedScene scene = new GuardedScene();

    @AfterEach
    void close() {
        scene.close();
    }

    @Test
    void shouldHaveAllOrNothingOfOneLong() {
        require(One.class, List.of(new One(1), new One(-2), new One(0)), 1_500, 20);
    }

    @Test
    void shouldHaveAllOrNothingOfTwoLongs() {
        List<Two> values = List.of(new Two(1_000, 0), new Two(999, 1), new Two(999, 2), new Two(0, 2));
        require(Two.class, values, 2_000, 30);
    }

    @Test
    void shouldHaveAllOrNothingOfTextAndNumbers() {
        List<Mixed> values = List.of(
                new Mixed((byte) 1, "ann", false, new short[] {1, 2, 3}, 1.5),
                new Mixed((byte) 2, "bartholomew", true, new short[] {-1, 2, 4}, 2.5),
                new Mixed((byte) 2, "", true, new short[] {-1, 5, 4}, 2.5));
        require(Mixed.class, values, 10_000, 180);
    }

    @Test
    void shouldHaveAllOrNothingOfMoreThanACacheLine() {
        List<Big> values = List.of(
                new Big(new Point(1, 2), new long[] {1, 2, 3, 4, 5, 6, 7, 8, 9}, new Point(3, 4), 5),
                new Big(new Point(6, 7), new long[] {9, 8, 7, 6, 5, 4, 3, 2, 1}, new Point(8, 9), 10),
                new Big(new Point(6, 7), new long[] {9, 8, 0, 6, 5, 0, 3, 2, 1}, new Point(8, 0), 10));
        require(Big.class, values, 20_000, 2_000);
    }

    private <T extends Record> void require(Class<T> type, List<T> values, int killPoints, int memories) {
        GuardedDeaths<T> deaths = new GuardedDeaths<>(scene, type, values);
        List<List<GuardedCall>> lives = lives();
        lives.forEach(deaths::everywhere);
        lives.forEach(deaths::everywhereAfterReboot);
        System.out.printf(
                "guarded %s: %,d lives, %,d kill points, %,d different memories%n",
                type.getSimpleName(), 2 * lives.size(), deaths.killPoints(), deaths.memories());
        assertThat(deaths.killPoints()).isGreaterThan(killPoints);
        assertThat(deaths.memories()).isGreaterThan(memories);
    }

    /** Each call alone, and each after each. */
    private static List<List<GuardedCall>> lives() {
        List<List<GuardedCall>> lives = new ArrayList<>();
        for (GuardedCall first : GuardedCall.values()) {
            lives.add(List.of(first));
            for (GuardedCall second : GuardedCall.values()) {
                lives.add(List.of(first, second));
            }
        }
        return lives;
    }
}
