package io.mortmain.cli.demo;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Every death, and every telling, joined to each other.
 *
 * <p>A telling names the last one who wrote {@link HolderWord}. That is the dead one, unless it died between the lock and its first store,
 * or between its last store and the unlock; then the telling belongs to one who was found dead {@link Phase#ACQUIRING} or
 * {@link Phase#RELEASING}, of whom it shows that it held, provided that nobody had a turn between that one's death and the telling. Each telling belongs to one death and each death to at most one telling.
 * One who is told and dies before it could write it down is counted as one who waited; its successor then names the first dead one.
 */
final class DeathBook {
    /** How the time up to the death of the process counts, by where it was. */
    enum Place {
        HOLDING,
        WAITING,
        ELSEWHERE
    }

    /** One death. */
    static final class Entry {
        private final DeathKind kind;
        private final Phase phase;
        private final long time;
        private final long turns;
        private ToldLog.@Nullable Told told;

        Entry(DeathKind kind, Phase phase, long time, long turns) {
            this.kind = kind;
            this.phase = phase;
            this.time = time;
            this.turns = turns;
        }

        DeathKind kind() {
            return kind;
        }

        Phase phase() {
            return phase;
        }

        boolean wasTold() {
            return told != null;
        }

        /** From the death until the next holder knew; only where it was told. */
        long nanosUntilTold() {
            return told == null ? 0 : Math.max(0, told.time() - time);
        }

        Place place() {
            if (told != null || phase.certainlyHeld()) {
                return Place.HOLDING;
            }
            return phase == Phase.ACQUIRING ? Place.WAITING : Place.ELSEWHERE;
        }
    }

    private final List<Entry> deaths = new ArrayList<>();
    private final Map<Long, Entry> byLife = new HashMap<>();
    private final Deque<Entry> open = new ArrayDeque<>();
    private final List<ToldLog.Told> unmatched = new ArrayList<>();
    private long told;

    /**
     * @param life 0 where the process died between two lives
     * @param turns taken by all when it was found dead
     */
    void died(long life, DeathKind kind, Phase phase, long time, long turns) {
        Entry entry = new Entry(kind, phase, time, turns);
        deaths.add(entry);
        if (life != Slot.NOBODY) {
            byLife.put(life, entry);
            open.addFirst(entry);
        }
        match();
    }

    boolean knows(long life) {
        return byLife.containsKey(life);
    }

    void told(List<ToldLog.Told> fresh) {
        told += fresh.size();
        unmatched.addAll(fresh);
        match();
    }

    private void match() {
        for (Iterator<ToldLog.Told> each = unmatched.iterator(); each.hasNext(); ) {
            ToldLog.Told telling = each.next();
            Entry entry = deathBehind(telling);
            if (entry != null) {
                entry.told = telling;
                open.remove(entry);
                each.remove();
            }
        }
    }

    private @Nullable Entry deathBehind(ToldLog.Told telling) {
        Entry named = byLife.get(HolderWord.lifeIn(telling.holderWord()));
        boolean released = HolderWord.isReleasing(telling.holderWord());
        if (named != null && !named.wasTold() && (!released || named.phase == Phase.RELEASING)) {
            return named;
        }
        if (named == null && !released && HolderWord.lifeIn(telling.holderWord()) != Slot.NOBODY) {
            return null; // its death is not in the book yet
        }
        Predicate<Entry> inDoubt = death -> death.phase.mayHaveHeld()
                && !death.phase.certainlyHeld()
                && death.time <= telling.time()
                && telling.turns() <= death.turns;
        return open.stream().filter(inDoubt).findFirst().orElse(null);
    }

    List<Entry> deaths() {
        return deaths;
    }

    long count(DeathKind kind, Place place) {
        return deaths.stream()
                .filter(death -> death.kind == kind && death.place() == place)
                .count();
    }

    long count(Place place) {
        return deaths.stream().filter(death -> death.place() == place).count();
    }

    /** Those that left a transfer half written, which was rolled back. */
    long halfWritten() {
        return deaths.stream().filter(death -> death.phase == Phase.WRITING).count();
    }

    /** Holders that found that the one before them had died. */
    long told() {
        return told;
    }

    /** Deaths while holding that nobody was told of, so far. */
    long untold() {
        return count(Place.HOLDING) - deaths.stream().filter(Entry::wasTold).count();
    }

    /** Tellings without a death, so far. */
    long groundless() {
        return unmatched.size();
    }

    Latencies latencies(Predicate<Entry> which) {
        return Latencies.of(deaths.stream()
                .filter(Entry::wasTold)
                .filter(which)
                .mapToLong(Entry::nanosUntilTold)
                .sorted()
                .toArray());
    }
}
