package io.mortmain.explore.machine;

import java.util.List;

/**
 * What a wake-up may come to.
 *
 * @param woken which threads
 * @param answer how they find themselves: {@link Player#WOKEN}, or with a time-out or an interrupt beside it
 */
record Waking(List<Integer> woken, int answer) {
    Waking {
        woken = List.copyOf(woken);
    }

    /** One for each of those who sleep. */
    static List<Waking> ofEach(List<Integer> sleepers, int answer) {
        return sleepers.stream()
                .map(sleeper -> new Waking(List.of(sleeper), answer))
                .toList();
    }
}
