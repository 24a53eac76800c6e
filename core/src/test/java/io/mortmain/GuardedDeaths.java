package io.mortmain;

import static org.assertj.core.api.Assertions.assertThat;

import io.mortmain.GuardedScene.Told;
import io.mortmain.errors.OwnerDiedException;
import io.mortmain.internal.guarded.GuardedBlock;
import io.mortmain.internal.guarded.GuardedBlock.Shape;
import io.mortmain.internal.guarded.Lender;
import io.mortmain.internal.journal.LateBytes;
import io.mortmain.internal.journal.LateBytes.Killed;
import io.mortmain.internal.journal.LateBytes.Left;
import io.mortmain.internal.layout.GuardedBlockLayout;
import io.mortmain.internal.words.SharedBytes;
import java.nio.LongBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/**
 * Kills whoever calls a guarded value's methods before each of their steps; then, for everything that may be left, its successor before each
 * step of roll-back and next call, told of the death or not; then the successor's successor. Whoever comes and lives finds exactly what the
 * last commit made, and nothing else has changed. All that is called is the library's own; the bytes are those of a test.
 */
final class GuardedDeaths<T extends Record> {
    /** Callers in a row that die. */
    private static final int GENERATIONS = 3;

    /** Of the memories that a life left, or a generation of its heirs, so many have heirs that are killed too; of a small record's all. */
    private static final int MOST_DYING = 2;

    private static final int SMALL = 8;

    private static final List<GuardedCall> LIFE_OF_HEIRS = List.of(GuardedCall.UPDATE);
    private static final long SAMPLES_SEED = 20_260_301;
    private static final int STATE_WORD = GuardedBlockLayout.SEQUENCE / Long.BYTES;
    private static final int USED_WORD = GuardedBlockLayout.JOURNAL_USED / Long.BYTES;

    private final GuardedScene scene;
    private final Lender<T> lender;
    private final List<T> values;
    private final Shape shape;
    private final long[] born;
    private final int mostDying;
    private final Random random = new Random(SAMPLES_SEED);
    /** What was found in memory, and recovered from. */
    private final Set<LongBuffer> found = new HashSet<>();
    /** Those from which heirs were killed too, with how many had died before. */
    private final Map<LongBuffer, Integer> inherited = new HashMap<>();

    private int killPoints;

    /** @param values that the calls bring about, in a circle; they begin with the first */
    GuardedDeaths(GuardedScene scene, Class<T> type, List<T> values) {
        this.scene = scene;
        this.lender = Lender.ofRecords(type);
        this.values = values;
        int words = Math.toIntExact(lender.codec().schema().size() / Long.BYTES);
        this.mostDying = words <= SMALL ? Integer.MAX_VALUE : MOST_DYING;
        this.shape = new Shape(lender.codec().schema(), 1, words);
        LateBytes fresh = new LateBytes(
                new long[Math.toIntExact(shape.size() / Long.BYTES)], GuardedBlockLayout.JOURNAL_USED, LateBytes.NEVER);
        GuardedBlock.initialise(fresh, shape, words(values.getFirst()));
        this.born = fresh.whole().words();
    }

    /** Steps before which a caller was killed. */
    int killPoints() {
        return killPoints;
    }

    /** Different contents of memory that were left, each of which was recovered from. */
    int memories() {
        return found.size();
    }

    /** A memory after a death, the value that it must come to, by its number, and how it came about. */
    private record State(long[] words, int value, boolean lost, String story) {}

    /** One caller after the other, and all deaths from there. */
    void everywhere(List<GuardedCall> life) {
        everywhere(new State(born, 0, false, "born"), life, Told.NOTHING);
    }

    /** The same after a reboot, which says of guarded data that they are lost. */
    void everywhereAfterReboot(List<GuardedCall> life) {
        long[] words = born.clone();
        words[STATE_WORD] |= (long) GuardedBlockLayout.FLAG_LOST << Integer.SIZE;
        everywhere(new State(words, 0, true, "rebooted"), life, Told.REBOOT);
    }

    private void everywhere(State first, List<GuardedCall> life, Told told) {
        Map<LongBuffer, State> leftByFirst = killed(first, told, life);
        Map<LongBuffer, State> left = leftByFirst;
        for (int dead = 1; dead < GENERATIONS; dead++) {
            List<LongBuffer> dying = new ArrayList<>(left.keySet());
            int before = dead;
            dying.removeIf(meaning -> inherited.getOrDefault(meaning, GENERATIONS) <= before);
            Collections.shuffle(dying, random);
            Map<LongBuffer, State> next = new LinkedHashMap<>();
            for (LongBuffer meaning : dying.subList(0, Math.min(dying.size(), mostDying))) {
                inherited.put(meaning, dead);
                next.putAll(killed(left.get(meaning), Told.DEATH, LIFE_OF_HEIRS));
                next.putAll(killed(left.get(meaning), Told.NOTHING, LIFE_OF_HEIRS));
            }
            left = next;
        }
        assertThat(leftByFirst.keySet())
                .as("memories with heirs that die, of %s", life)
                .anyMatch(inherited::containsKey);
    }

    /** All that may be left, by what it means, when a caller that finds the state is killed, or lives. */
    private Map<LongBuffer, State> killed(State state, Told told, List<GuardedCall> life) {
        Map<LongBuffer, State> all = new LinkedHashMap<>();
        Caller living = new Caller(state, told, life, LateBytes.NEVER);
        living.live();
        int steps = living.memory.steps();
        addLeft(all, living, living.memory.whole(), steps);
        for (int killAt = 1; killAt < steps; killAt++) {
            Caller victim = new Caller(state, told, life, killAt);
            victim.die();
            killPoints++;
            for (Left left : victim.memory.left(random)) {
                addLeft(all, victim, left, killAt);
            }
        }
        return all;
    }

    private void addLeft(Map<LongBuffer, State> all, Caller victim, Left left, int killedBefore) {
        State state = victim.leaves(left, killedBefore);
        LongBuffer meaning = meaning(state);
        if (found.add(meaning)) {
            for (Told told : List.of(Told.DEATH, Told.DEATH_OF_AN_HEIR, Told.NOTHING)) {
                recover(state, told);
            }
        }
        all.put(meaning, state);
    }

    /** Equal for those that are the same to whoever follows the rules. */
    private LongBuffer meaning(State state) {
        long[] words = rest(state.words);
        long[] meaning = Arrays.copyOf(words, words.length + 1);
        int used = (int) state.words[USED_WORD];
        for (int i = 0; i < words.length; i++) {
            if (i < (int) (GuardedBlockLayout.entry(used) / Long.BYTES) || i >= dataAt()) {
                meaning[i] = state.words[i];
            }
        }
        meaning[STATE_WORD] = state.words[STATE_WORD] & 0xffff_ffff_0000_0001L; // how often it changed does not matter
        meaning[words.length] = state.value;
        return LongBuffer.wrap(meaning);
    }

    /** What no call may change, with zeroes in the place of what it may. */
    private long[] rest(long[] words) {
        long[] rest = words.clone();
        rest[STATE_WORD] = 0;
        rest[USED_WORD] &= 0xffff_ffff_0000_0000L;
        Arrays.fill(rest, GuardedBlockLayout.JOURNAL / Long.BYTES, schemaAt(), 0);
        Arrays.fill(rest, dataAt(), rest.length, 0);
        return rest;
    }

    private int schemaAt() {
        return (int) (GuardedBlockLayout.schema(shape.journalCapacity()) / Long.BYTES);
    }

    private int dataAt() {
        return (int) (shape.size() - lender.codec().schema().size()) / Long.BYTES;
    }

    private long[] words(T value) {
        long[] words = new long[Math.toIntExact(lender.codec().schema().size() / Long.BYTES)];
        lender.codec().encode(value, words);
        return words;
    }

    private static boolean isLost(long[] words) {
        return (words[STATE_WORD] >>> Integer.SIZE & GuardedBlockLayout.FLAG_LOST) != 0;
    }

    /** The next caller lives, and finds what it must. */
    private void recover(State state, Told told) {
        Caller heir = new Caller(state, told, List.of(GuardedCall.GET), LateBytes.NEVER);
        heir.block.journal().checkInvariants();
        heir.live();
        heir.block.journal().checkInvariants();
        assertThat(heir.block.journal().isEmpty()).as(state.story).isTrue();
        long[] left = heir.memory.whole().words();
        assertThat(Arrays.copyOfRange(left, dataAt(), left.length))
                .as(state.story)
                .isEqualTo(words(values.get(state.value)));
        assertThat(rest(left)).as(state.story).isEqualTo(rest(born));
        assertThat(left[STATE_WORD] >>> Integer.SIZE).as(state.story).isEqualTo(state.lost ? 1 : 0);
    }

    /** One process that finds the state. */
    private final class Caller {
        private final State state;
        private final Told told;
        private final List<GuardedCall> life;
        private final LateBytes memory;
        private final Counting bytes;
        private final GuardedBlock block;
        /** The value after so many of its calls. */
        private final List<Integer> after = new ArrayList<>();

        Caller(State state, Told told, List<GuardedCall> life, int killAt) {
            this.state = state;
            this.told = told;
            this.life = life;
            this.memory = new LateBytes(state.words, GuardedBlockLayout.JOURNAL_USED, killAt);
            this.bytes = new Counting(memory);
            this.block = GuardedBlock.open(bytes, shape.size(), "guarded data of a test");
            after.add(state.value);
            boolean lost = state.lost;
            for (GuardedCall call : life) {
                boolean changes = call.changes() && (!lost || call.replaces());
                after.add(changes ? (after.getLast() + 1) % values.size() : after.getLast());
                lost &= !call.replaces();
            }
        }

        void live() {
            Guarded<T> guarded = scene.guarded(block, lender, told);
            boolean lost = state.lost;
            for (int i = 0; i < life.size(); i++) {
                bytes.call = i + 1;
                T before = values.get(after.get(i));
                T next = values.get((after.get(i) + 1) % values.size());
                life.get(i).on(guarded, before, next, lost);
                lost &= !life.get(i).replaces();
            }
            scene.requireFree(story(LateBytes.NEVER));
        }

        void die() {
            try {
                live();
            } catch (Killed expected) {
                return;
            } catch (OwnerDiedException inRepair) {
                assertThat(inRepair).hasCauseInstanceOf(Killed.class);
                return;
            }
            throw new AssertionError("not killed: " + story(0));
        }

        State leaves(Left left, int killedBefore) {
            boolean lost = isLost(left.words());
            boolean replaced = life.contains(GuardedCall.SET_TO_THE_SAME) // whose only store it may be
                    || life.subList(0, left.committed()).stream().anyMatch(GuardedCall::replaces);
            assertThat(!state.lost || lost || replaced)
                    .as("found only by who replaces all: %s", story(killedBefore))
                    .isTrue();
            assertThat(state.lost || !lost)
                    .as("lost by a reboot only: %s", story(killedBefore))
                    .isTrue();
            return new State(left.words(), after.get(left.committed()), lost, story(killedBefore));
        }

        private String story(int killedBefore) {
            return state.story + "\n  told of " + told + ": " + life
                    + (killedBefore == LateBytes.NEVER ? "" : ", killed before step " + killedBefore);
        }
    }

    /** Says to the memory which store is the commit of which call: a roll-back clears the journal too, and commits nothing. */
    private static final class Counting extends SharedBytes {
        private final LateBytes memory;
        private int call;

        Counting(LateBytes memory) {
            this.memory = memory;
        }

        @Override
        public int getIntAcquire(long offset) {
            return memory.getIntAcquire(offset);
        }

        @Override
        public void putIntRelease(long offset, int value) {
            if (offset == GuardedBlockLayout.JOURNAL_USED && value != 0) {
                memory.begin(call);
            }
            memory.putIntRelease(offset, value);
            if (offset == GuardedBlockLayout.JOURNAL_USED && value == 0) {
                memory.begin(0);
            }
        }

        @Override
        public long getLong(long offset) {
            return memory.getLong(offset);
        }

        @Override
        public void putLong(long offset, long value) {
            memory.putLong(offset, value);
        }

        @Override
        public void storeStoreFence() {
            memory.storeStoreFence();
        }
    }
}
