package io.mortmain.cli.torture;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;

/** Fault B9: killed at random moments while it does nothing but change shared data, by each method; the next finds them whole and goes on. */
final class SharedStructures {
    private static final int KILLS = 4;
    private static final int WORDS = 1 << 10;
    private static final long ARRAY_SIZE = WORDS * 24L;
    private static final String VALID = "structure valid";

    private SharedStructures() {}

    static List<Trial> trials() {
        return List.of(
                guarded("Guarded.update", "guarded-update"),
                guarded("Guarded.set", "guarded-set"),
                guarded("Guarded.compareAndSet", "guarded-compare-and-set"),
                guarded("Guarded.await and update, two threads", "guarded-await"),
                new OneCell("GuardedArray.update", VALID, SharedStructures::array),
                new OneCell("SharedHeap.update", VALID, SharedStructures::heap),
                new OneCell("SharedLong", VALID, SharedStructures::counter));
    }

    private static Trial guarded(String name, String deed) {
        return new OneCell(name, VALID, site -> guarded(site, deed));
    }

    private static String guarded(Site site, String deed) throws Exception {
        GuardedSpot spot = site.guarded(WORDS);
        return killed(site, spot, deed, "guarded-look", () -> spot.word(0));
    }

    private static String array(Site site) throws Exception {
        GuardedSpot spot =
                site.guarded(StructureDeeds.ARRAY, WORDS, ARRAY_SIZE, region -> StructureDeeds.array(region, WORDS));
        return killed(site, spot, "array-update", "array-look", spot::counted);
    }

    private static String heap(Site site) throws Exception {
        GuardedSpot spot = site.guarded(
                StructureDeeds.HEAP, WORDS, StructureDeeds.HEAP_SIZE, region -> StructureDeeds.heap(region));
        return killed(site, spot, "heap-update", "heap-look", spot::counted);
    }

    /** @param progress how many transactions there were, more or less */
    private static String killed(Site site, GuardedSpot spot, String deed, String look, LongSupplier progress)
            throws Exception {
        int inTransaction = 0;
        int held = 0;
        long number = 0;
        for (int kill = 1; kill <= KILLS; kill++) {
            long begun = progress.getAsLong(); // one more may be there and be undone
            String died = killed(site, spot.deed(deed), () -> progress.getAsLong() > begun + 1);
            if (!died.isEmpty()) {
                return died;
            }
            inTransaction += spot.used() != 0 ? 1 : 0;
            held += spot.isHeld() ? 1 : 0;
            String seen =
                    site.acquirer().must(site.unique(), spot.deed(look)).text().strip();
            if (!seen.matches("\\d+") || Long.parseLong(seen) <= number || spot.used() != 0) {
                return seen + " after " + number;
            }
            number = Long.parseLong(seen);
        }
        return VALID + " | " + KILLS + " kills hit " + held + " holding it, " + inTransaction
                + " of them in a transaction; " + number + " changes";
    }

    private static String counter(Site site) throws Exception {
        GuardedSpot spot = site.guarded(1);
        long number = 0;
        for (int kill = 1; kill <= KILLS; kill++) {
            long begun = number;
            String died = killed(site, spot.deed("shared-long"), () -> spot.counted() > begun);
            if (!died.isEmpty()) {
                return died;
            }
            String seen = site.acquirer()
                    .must(site.unique(), spot.deed("shared-long-look"))
                    .text()
                    .strip();
            if (!seen.matches("\\d+") || Long.parseLong(seen) <= number) {
                return seen + " after " + number;
            }
            number = Long.parseLong(seen);
        }
        return VALID + " | " + KILLS + " kills, " + number + " in the end";
    }

    /** Kills one that does it for ever, some time after it has begun; what it said if it ended before. */
    private static String killed(Site site, String deed, Moments.Condition begun) throws Exception {
        try (Hand victim = site.java()) {
            CompletableFuture<Answer> ended = victim.tell("1", deed);
            Moments.until(() -> begun.holds() || ended.isDone());
            Thread.sleep(Moments.life());
            String said = ended.isDone() ? "it ended: " + Hand.answer(ended).text() : "";
            victim.kill();
            victim.awaitEnd();
            return said;
        }
    }
}
