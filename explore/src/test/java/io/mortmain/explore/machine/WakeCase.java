package io.mortmain.explore.machine;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Threads that sleep on one word, which is 0 at first, and what becomes of each. The events come one after another, each when what the one
 * before made possible has happened; but a held sleeper that is woken does not get on.
 */
record WakeCase(String name, List<Event> events, List<Fate> fates) {
    /** What happens. */
    sealed interface Event {
        /** The next of the threads goes to sleep while the word has the value. */
        record Sleep(How how, int value) implements Event {}

        /** At most so many are woken, and {@code woken} are. */
        record Wake(int most, int woken) implements Event {}

        /** That one of the sleepers is killed, who is asleep or was woken by then. */
        record Kill(int sleeper, Fate until) implements Event {}

        record Store(int value) implements Event {}
    }

    enum How {
        SLEEP,
        /** For some milliseconds only, which are over before the next event. */
        DOZE,
        /** And once woken is not let run any code of its own. */
        HELD
    }

    /** How a sleeper ends. */
    enum Fate {
        ASLEEP,
        WOKEN,
        /** Never slept: the word was another. */
        AGAIN,
        TIMED_OUT,
        KILLED
    }

    /** What was seen of it: what became of each sleeper, and how many each wake-up woke. */
    record Outcome(List<Fate> fates, List<Integer> woken) {
        /** The same whoever of the sleepers met which fate. */
        Outcome whoever() {
            return new Outcome(fates.stream().sorted().toList(), woken);
        }
    }

    Outcome expected() {
        return new Outcome(
                fates,
                events.stream()
                        .filter(Event.Wake.class::isInstance)
                        .map(wake -> ((Event.Wake) wake).woken())
                        .toList());
    }

    int sleepers() {
        return fates.size();
    }

    /** What is assumed of the kernel's sleep and wake: linux kernel/futex/waitwake.c. */
    static Stream<WakeCase> all() {
        return Stream.of(
                of("one of three: the first to sleep").sleeps(3).wakes(1, 1).ends(Fate.WOKEN, Fate.ASLEEP, Fate.ASLEEP),
                of("one after another: as they went to sleep")
                        .sleeps(3)
                        .wakes(1, 1)
                        .wakes(1, 1)
                        .ends(Fate.WOKEN, Fate.WOKEN, Fate.ASLEEP),
                of("all of three").sleeps(3).wakes(Integer.MAX_VALUE, 3).ends(Fate.WOKEN, Fate.WOKEN, Fate.WOKEN),
                of("a wake-up is not kept for who sleeps later")
                        .wakes(1, 0)
                        .sleeps(1)
                        .ends(Fate.ASLEEP),
                of("nobody goes to sleep when the word is another")
                        .sleeps(1)
                        .stores(5)
                        .sleeps(1)
                        .wakes(1, 1)
                        .ends(Fate.WOKEN, Fate.AGAIN),
                of("a store wakes nobody").sleeps(1).stores(5).ends(Fate.ASLEEP),
                of("a killed sleeper takes no wake-up")
                        .sleeps(2)
                        .kills(0, Fate.ASLEEP)
                        .wakes(1, 1)
                        .ends(Fate.KILLED, Fate.WOKEN),
                of("nor does one that was the only one")
                        .sleeps(1)
                        .kills(0, Fate.ASLEEP)
                        .wakes(1, 0)
                        .ends(Fate.KILLED),
                of("one whose time is over takes no wake-up")
                        .dozes()
                        .sleeps(1)
                        .wakes(1, 1)
                        .ends(Fate.TIMED_OUT, Fate.WOKEN),
                of("a wake-up is lost with who is killed before it runs")
                        .held()
                        .sleeps(1)
                        .wakes(1, 1)
                        .kills(0, Fate.WOKEN)
                        .ends(Fate.KILLED, Fate.ASLEEP),
                of("the next wake-up is for the next sleeper")
                        .held()
                        .sleeps(1)
                        .wakes(1, 1)
                        .kills(0, Fate.WOKEN)
                        .wakes(1, 1)
                        .ends(Fate.KILLED, Fate.WOKEN));
    }

    private static Story of(String name) {
        return new Story(name);
    }

    /** Whether somebody is held. */
    boolean hasHeld() {
        return events.stream().anyMatch(event -> event instanceof Event.Sleep sleep && sleep.how() == How.HELD);
    }

    @Override
    public String toString() {
        return name;
    }

    /** A case while it is written down. */
    private static final class Story {
        private final String name;
        private final List<Event> events = new ArrayList<>();

        Story(String name) {
            this.name = name;
        }

        Story sleeps(int many) {
            for (int i = 0; i < many; i++) {
                events.add(new Event.Sleep(How.SLEEP, 0));
            }
            return this;
        }

        Story dozes() {
            events.add(new Event.Sleep(How.DOZE, 0));
            return this;
        }

        Story held() {
            events.add(new Event.Sleep(How.HELD, 0));
            return this;
        }

        Story wakes(int most, int woken) {
            events.add(new Event.Wake(most, woken));
            return this;
        }

        Story kills(int sleeper, Fate until) {
            events.add(new Event.Kill(sleeper, until));
            return this;
        }

        Story stores(int value) {
            events.add(new Event.Store(value));
            return this;
        }

        WakeCase ends(Fate... fates) {
            return new WakeCase(name, events, List.of(fates));
        }
    }
}
