package io.mortmain.cli.torture;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.mortmain.Guarded;
import io.mortmain.Region;
import io.mortmain.SharedLong;
import io.mortmain.cli.torture.Deeds.Deed;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.function.Function;

/**
 * B8 and B9: what is done to data that must outlive its writer. The data are words that are all the same, whatever happens: in one
 * transaction each of them becomes the next number.
 */
final class GuardedDeeds {
    private static final int ADDED = 3;

    private GuardedDeeds() {}

    static void addTo(Map<String, Deed> all) {
        all.put("guarded-fill", site -> with(site, GuardedDeeds::fill));
        all.put("guarded-look", site -> with(site, data -> data.read(GuardedDeeds::number)));
        all.put("guarded-update", site -> with(site, GuardedDeeds::update));
        all.put("guarded-set", site -> with(site, GuardedDeeds::set));
        all.put("guarded-compare-and-set", site -> with(site, GuardedDeeds::compareAndSet));
        all.put("guarded-await", site -> with(site, GuardedDeeds::await));
        all.put("shared-long", GuardedDeeds::add);
        all.put("shared-long-look", GuardedDeeds::look);
    }

    private static String with(DeedSite site, Function<Guarded<MemorySegment>, String> what) {
        try (Region region = Region.open(site.path())) {
            return what.apply(region.guarded(GuardedSpot.NAME, GuardedSpot.layout(site.number())));
        }
    }

    /** The number that all words are, or that they are not one. */
    private static String number(MemorySegment words) {
        long first = words.get(JAVA_LONG, 0);
        for (long at = 0; at < words.byteSize(); at += Long.BYTES) {
            if (words.get(JAVA_LONG, at) != first) {
                return "word 0 is " + first + ", word " + at / Long.BYTES + " is " + words.get(JAVA_LONG, at);
            }
        }
        return Long.toString(first);
    }

    private static MemorySegment filled(MemorySegment words, long number) {
        for (long at = 0; at < words.byteSize(); at += Long.BYTES) {
            words.set(JAVA_LONG, at, number);
        }
        return words;
    }

    private static MemorySegment next(MemorySegment words) {
        return filled(words, Math.addExact(Long.parseLong(number(words)), 1));
    }

    private static String fill(Guarded<MemorySegment> data) {
        data.update(GuardedDeeds::next);
        return "filled";
    }

    private static String update(Guarded<MemorySegment> data) {
        while (!Thread.interrupted()) {
            data.update(GuardedDeeds::next);
        }
        return "interrupted";
    }

    private static String set(Guarded<MemorySegment> data) {
        MemorySegment words = data.get();
        while (!Thread.interrupted()) {
            data.set(next(words));
        }
        return "interrupted";
    }

    private static String compareAndSet(Guarded<MemorySegment> data) {
        MemorySegment expected = data.get();
        while (!Thread.interrupted()) {
            MemorySegment copy = MemorySegment.ofArray(expected.toArray(JAVA_LONG));
            if (!data.compareAndSet(expected, next(copy))) {
                return "somebody else has set it";
            }
            expected = copy;
        }
        return "interrupted";
    }

    /** Two threads, of which each waits for the other's change. */
    private static String await(Guarded<MemorySegment> data) {
        Thread other = Thread.ofPlatform().daemon().start(() -> takeTurns(data, 1));
        takeTurns(data, 0);
        other.interrupt();
        return "interrupted";
    }

    private static void takeTurns(Guarded<MemorySegment> data, int turn) {
        try {
            while (!Thread.interrupted()) {
                data.await(words -> words.get(JAVA_LONG, 0) % 2 == turn);
                data.update(words -> words.get(JAVA_LONG, 0) % 2 == turn ? next(words) : words);
            }
        } catch (InterruptedException ends) {
            Thread.currentThread().interrupt();
        }
    }

    private static String add(DeedSite site) {
        try (Region region = Region.open(site.path())) {
            SharedLong counter = region.counter(GuardedSpot.COUNTER);
            while (!Thread.interrupted()) {
                counter.getAndAdd(ADDED);
            }
            return "interrupted";
        }
    }

    /** What it is, after one more; or that it cannot be. */
    private static String look(DeedSite site) {
        try (Region region = Region.open(site.path())) {
            SharedLong counter = region.counter(GuardedSpot.COUNTER);
            long before = counter.get();
            long after = counter.addAndGet(ADDED);
            return before % ADDED == 0 && after == before + ADDED ? Long.toString(after) : before + ", then " + after;
        }
    }
}
