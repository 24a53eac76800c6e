package io.mortmain.internal.heap;

import io.mortmain.internal.heap.HeapMemory.Found;
import io.mortmain.internal.heap.HeapMemory.Maker;
import io.mortmain.internal.heap.HeapMemory.State;
import io.mortmain.internal.heap.HeapScenes.Scene;
import io.mortmain.internal.journal.MortalMemory;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.BiConsumer;

/**
 * Kills a holder before each step of a transaction; then, for some of what may be left, its successor before each step of the roll-back.
 * Whoever lives finds a whole heap, with exactly the blocks of the last commit.
 */
final class HeapDeaths {
    private static final long SAMPLES_SEED = 20_260_102;
    /** Of the memories with something to undo, so many have a successor that is killed at each step. */
    private static final int TWICE_KILLED = 12;

    private final Maker maker;
    /** Chooses samples where there are too many. */
    private final Random random = new Random(SAMPLES_SEED);

    private int killPoints;
    private int memories;

    HeapDeaths(Maker maker) {
        this.maker = maker;
    }

    int killPoints() {
        return killPoints;
    }

    int memories() {
        return memories;
    }

    /** Nobody dies. */
    void nowhere(Scene scene) {
        verify(scene, live(before(scene), scene.change()));
    }

    private Found before(Scene scene) {
        Found before = new Found(State.born(), new HeapModel());
        for (BiConsumer<HeapModel, Heap> earlier : scene.before()) {
            before = live(before, earlier);
        }
        return before;
    }

    /** All deaths; throws {@link AssertionError} where a heap is found broken. */
    void everywhere(Scene scene) {
        List<Found> left = killed(before(scene), scene.change());
        left.forEach(found -> verify(scene, found));
        List<Found> half = new ArrayList<>(
                left.stream().filter(found -> found.state().hasJournal()).toList());
        Collections.shuffle(half, random);
        for (Found found : half.subList(0, Math.min(TWICE_KILLED, half.size()))) {
            killedUndoing(found).forEach(again -> verify(scene, again));
        }
    }

    private Found live(Found found, BiConsumer<HeapModel, Heap> change) {
        HeapMemory memory = new HeapMemory(found.state(), maker, MortalMemory.NEVER);
        HeapModel after = found.model().copy();
        if (memory.isKilled(heap -> change.accept(after, heap))) {
            throw new AssertionError("killed without a reason");
        }
        return memory.whole(after, after);
    }

    private List<Found> killed(Found found, BiConsumer<HeapModel, Heap> change) {
        List<Found> all = new ArrayList<>();
        Found lived = live(found, change);
        all.add(lived);
        for (int killAt = 0; ; killAt++) {
            HeapMemory memory = new HeapMemory(found.state(), maker, killAt);
            HeapModel scratch = found.model().copy();
            boolean isKilled = memory.isKilled(heap -> change.accept(scratch, heap));
            all.addAll(memory.left(random, found.model(), lived.model()));
            if (!isKilled) {
                return all;
            }
            killPoints++;
        }
    }

    private List<Found> killedUndoing(Found found) {
        List<Found> all = new ArrayList<>();
        for (int killAt = 0; ; killAt++) {
            HeapMemory memory = new HeapMemory(found.state(), maker, killAt);
            boolean isKilled = memory.isKilledUndoing();
            all.addAll(memory.left(random, found.model(), found.model()));
            if (!isKilled) {
                return all;
            }
            killPoints++;
        }
    }

    private void verify(Scene scene, Found found) {
        memories++;
        try {
            found.verify(maker);
        } catch (AssertionError broken) {
            throw new AssertionError(scene + ": " + broken.getMessage(), broken);
        }
    }
}
