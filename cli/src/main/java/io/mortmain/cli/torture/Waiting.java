package io.mortmain.cli.torture;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** The next acquirer, in C or in Java, and, where it is to be so, somebody else who waits through Mortmain. */
final class Waiting {
    /** A hang: still waiting so long after the holder is surely gone, while the word has its number. */
    static final long HANG_MILLIS = 300;
    /** Where a hang would be a failure it is given more time, so that a busy machine is not taken for one. */
    private static final long PATIENCE_MILLIS = 3_000;
    /** Once the word has changed, the news is on its way. */
    private static final long ON_ITS_WAY_MILLIS = 5_000;

    private static final long SETTLED_MILLIS = 1_000;

    private final Spot spot;
    private final Hand hand;
    private final String thread;
    private final String place;
    private final CompletableFuture<Answer> answer;
    private final @Nullable CompletableFuture<Answer> listener;

    private Waiting(
            Spot spot,
            Hand hand,
            String thread,
            String place,
            CompletableFuture<Answer> answer,
            @Nullable CompletableFuture<Answer> listener) {
        this.spot = spot;
        this.hand = hand;
        this.thread = thread;
        this.place = place;
        this.answer = answer;
        this.listener = listener;
    }

    /** Begins to wait at a mutex that is held. */
    static Waiting at(Site site, Spot spot, Side acquirer, boolean listened) throws IOException, InterruptedException {
        CompletableFuture<Answer> listener = null;
        if (listened) {
            Hand hand = site.listener();
            String name = site.unique();
            hand.must(name, Side.JAVA.map(name, spot));
            listener = hand.tell(name, "listen " + name);
        }
        Hand hand = acquirer == Side.JAVA ? site.acquirer() : site.c();
        return in(hand, acquirer, acquirer == Side.JAVA ? site.unique() : "1", spot, listener);
    }

    /** As {@link #at}, in this process, with nobody else. */
    static Waiting in(Hand hand, Side acquirer, String thread, Spot spot) throws InterruptedException {
        return in(hand, acquirer, thread, spot, null);
    }

    private static Waiting in(
            Hand hand, Side acquirer, String thread, Spot spot, @Nullable CompletableFuture<Answer> listener)
            throws InterruptedException {
        String place = acquirer == Side.JAVA ? thread : "0";
        hand.must(thread, acquirer.map(place, spot));
        CompletableFuture<Answer> answer = hand.tell(thread, "lock " + place);
        Waiting waiting = new Waiting(spot, hand, thread, place, answer, listener);
        waiting.settle();
        return waiting;
    }

    /** Until the word says that somebody sleeps. */
    private void settle() throws InterruptedException {
        long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(SETTLED_MILLIS);
        while (!spot.hasSleepers() && !answer.isDone() && System.nanoTime() - until < 0) {
            Thread.sleep(1);
        }
    }

    boolean hasAnswer() {
        return answer.isDone();
    }

    /**
     * What came of it.
     *
     * @param holder number of the thread that is surely gone
     * @param since when that was ordered
     * @param gone when it was so
     */
    void conclude(Report report, Cell cell, int holder, long since, long gone) throws InterruptedException {
        long patience = cell.expected().equals("hangs") ? HANG_MILLIS : PATIENCE_MILLIS;
        Answer got = within(Math.max(1, patience - (System.nanoTime() - gone) / 1_000_000));
        if (got == null && spot.holder() != holder) {
            got = within(ON_ITS_WAY_MILLIS);
        }
        if (got == null) {
            report.got(cell, spot.holder() == holder ? "hangs" : "sleeps on a mutex that nobody holds", Double.NaN);
            return;
        }
        report.got(cell, got.outcome(), (got.nanos() - since) / 1e6);
        release(got);
    }

    /** The answer, or null if there is none by then. */
    @Nullable
    Answer within(long millis) throws InterruptedException {
        try {
            return answer.get(millis, TimeUnit.MILLISECONDS);
        } catch (TimeoutException notYet) {
            return null;
        } catch (ExecutionException gone) {
            throw new HandGone("the acquirer: " + gone.getCause());
        }
    }

    void release(Answer got) throws InterruptedException {
        if (got.isTold()) {
            hand.must(thread, "consistent " + place);
        }
        if (got.isTold() || got.isDone()) {
            hand.must(thread, "unlock " + place);
        }
        if (listener != null) {
            Hand.answer(listener);
        }
    }
}
