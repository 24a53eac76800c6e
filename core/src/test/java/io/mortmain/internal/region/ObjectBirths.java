package io.mortmain.internal.region;

import io.mortmain.internal.guarded.GuardedBlock;
import io.mortmain.internal.guarded.GuardedBlock.Shape;
import io.mortmain.internal.journal.LateBytes;
import io.mortmain.internal.journal.LateBytes.Killed;
import io.mortmain.internal.journal.LateBytes.Left;
import io.mortmain.internal.layout.DirectoryEntryLayout;
import io.mortmain.internal.layout.GlibcMutexLayout;
import io.mortmain.internal.layout.MutexSlotLayout;
import io.mortmain.internal.layout.ObjectType;
import io.mortmain.internal.layout.RegionGeometry;
import io.mortmain.internal.layout.StatePageLayout;
import io.mortmain.internal.record.Schema;
import io.mortmain.internal.region.ObjectDirectory.Entry;
import io.mortmain.internal.words.SharedBytes;
import io.mortmain.internal.words.Words;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Kills who makes an object before each step; then, for some of all that may be left, who makes another object; then the next. Whatever is
 * left, whoever comes finds each object whole or not at all, and makes one whose bytes are as they should be.
 *
 * <p>Of a region there is what creators write: the written end, the directory, the slots, the first of the data, one behind the other.
 */
final class ObjectBirths {
    private static final int KIND = 18;
    private static final int OBJECTS = 4;
    private static final RegionGeometry GEOMETRY = new RegionGeometry(4_096, OBJECTS);
    private static final int STATE = 0;
    private static final int DIRECTORY = StatePageLayout.WRITTEN_END + Long.BYTES;
    private static final int LOCKS = DIRECTORY + OBJECTS * DirectoryEntryLayout.SIZE;
    private static final int DATA = LOCKS + (OBJECTS + 1) * MutexSlotLayout.SIZE;
    private static final int DATA_SIZE = 1_536;
    private static final int SIZE = DATA + DATA_SIZE;

    /** Memories from which a next maker is killed too. */
    private static final int DYING = 1;

    /** And memories of those from which the next after that is. */
    private static final int DYING_LATER = 1;

    /** In one of so many memories the next object is made, by one who lives. */
    private static final int NEXT_MADE = 3;

    private static final long SAMPLES_SEED = 20_260_302;

    private final Random random = new Random(SAMPLES_SEED);
    private int killPoints;
    private int memories;
    private int published;

    record Small(long one, long two) {}

    record Large(long one, long two, long three, long four, long five, long six, long seven, long eight, long nine) {}

    /** What somebody wants to make; each of its first words is one more than the one before. */
    private enum Wanted {
        MEMORY(ObjectType.MEMORY, null),
        SMALL(ObjectType.GUARDED, new Shape(Schema.of(Small.class), 1, 2)),
        LARGE(ObjectType.GUARDED, new Shape(Schema.of(Large.class), 1, 9)),
        ARRAY(ObjectType.GUARDED, new Shape(Schema.of(Small.class), 3, 2)),
        MUTEX(ObjectType.MUTEX, null);

        private final ObjectType type;
        private final @Nullable Shape shape;

        Wanted(ObjectType type, @Nullable Shape shape) {
            this.type = type;
            this.shape = shape;
        }

        long size() {
            return shape == null ? type.hasData() ? 200 : 0 : shape.size();
        }

        private long[] first() {
            long[] first = new long[(int) shape.schema().size() / Long.BYTES];
            Arrays.setAll(first, i -> 0x5555_0000L + ordinal() + i);
            return first;
        }

        void initialise(SharedBytes bytes) {
            if (shape != null) {
                GuardedBlock.initialise(bytes, shape, first());
            }
        }

        /** That it is as it was made, and nothing else is there. */
        void require(SharedBytes bytes, String story) {
            if (shape == null) {
                for (long at = 0; at < size(); at += Long.BYTES) {
                    ObjectBirths.require(bytes.getLong(at) == 0, "memory is not zero", story);
                }
                return;
            }
            GuardedBlock block = GuardedBlock.open(bytes, size(), "a block of a test");
            ObjectBirths.require(block.schema().equals(shape.schema()), "another schema", story);
            ObjectBirths.require(block.journal().isEmpty() && !block.isLost(), "not as new", story);
            ObjectBirths.require(block.journal().capacity() == shape.journalCapacity(), "another journal", story);
            for (long element = 0; element < shape.elements(); element++) {
                long[] found = new long[first().length];
                block.load(element, found);
                ObjectBirths.require(Arrays.equals(found, first()), "not its first values", story);
            }
        }
    }

    /** Asked very often. */
    private static void require(boolean holds, String otherwise, String story) {
        if (!holds) {
            throw new AssertionError(otherwise + ", after " + story);
        }
    }

    int killPoints() {
        return killPoints;
    }

    /** Contents of memory that were left, and looked at. */
    int memories() {
        return memories;
    }

    /** Of these, those in which the last object is there. */
    int published() {
        return published;
    }

    private record State(long[] words, List<Wanted> there, String story) {}

    /** Each object after each, in a region with one object already. */
    void everywhere() {
        Maker first = new Maker(new State(new long[SIZE / Long.BYTES], List.of(), "new"), LateBytes.NEVER);
        first.make(Wanted.SMALL);
        State born = new State(first.memory.whole().words(), List.of(Wanted.SMALL), "new");
        for (Wanted one : Wanted.values()) {
            List<State> dying = killed(born, one);
            for (Wanted next : Wanted.values()) {
                List<State> left = new ArrayList<>();
                for (State state : some(dying, DYING)) {
                    left.addAll(killed(state, next));
                }
                for (State state : some(left, DYING_LATER)) {
                    killed(state, Wanted.ARRAY);
                }
            }
        }
    }

    private List<State> some(List<State> states, int most) {
        Collections.shuffle(states, random);
        return List.copyOf(states.subList(0, Math.min(most, states.size())));
    }

    /** All that may be left when a maker that finds the state is killed, or lives. */
    private List<State> killed(State state, Wanted wanted) {
        if (state.there.size() == OBJECTS) {
            return List.of();
        }
        List<State> all = new ArrayList<>();
        Maker living = new Maker(state, LateBytes.NEVER);
        living.make(wanted);
        int steps = living.memory.steps();
        addLeft(all, state, wanted, living.memory.whole(), steps);
        for (int killAt = 0; killAt < steps; killAt++) {
            Maker victim = new Maker(state, killAt);
            try {
                victim.make(wanted);
                throw new AssertionError("not killed before step " + killAt + " of " + steps);
            } catch (Killed expected) {
                killPoints++;
            }
            for (Left left : victim.memory.left(random)) {
                addLeft(all, state, wanted, left, killAt);
            }
        }
        return all;
    }

    private void addLeft(List<State> all, State state, Wanted wanted, Left left, int killedBefore) {
        memories++;
        String story = state.story + "\n  " + wanted + ", killed before step " + killedBefore;
        Maker next = new Maker(new State(left.words(), state.there, story), LateBytes.NEVER);
        List<Wanted> there = new ArrayList<>(state.there);
        if (next.directory.list().size() > there.size()) {
            published++;
            there.add(wanted);
        }
        next.requireAll(there);
        all.add(new State(left.words(), there, story));
        if (there.size() < OBJECTS && memories % NEXT_MADE == 0) {
            Wanted another = Wanted.values()[random.nextInt(Wanted.values().length)];
            next.make(another);
            there = new ArrayList<>(there);
            there.add(another);
            new Maker(new State(next.memory.whole().words(), there, story), LateBytes.NEVER).requireAll(there);
        }
    }

    /** One process that finds the state. */
    private static final class Maker {
        private final State state;
        private final LateBytes memory;
        private final ObjectDirectory directory;
        private final ObjectMaker maker;

        Maker(State state, int killAt) {
            this.state = state;
            this.memory = new LateBytes(state.words, -1, killAt);
            this.directory = new ObjectDirectory(new Part(memory, DIRECTORY), GEOMETRY, "of a test");
            this.maker = new ObjectMaker(
                    directory,
                    new FreshBytes(new Part(memory, STATE), new Part(memory, DATA), DATA_SIZE),
                    GEOMETRY,
                    new Stores(memory),
                    entry -> LOCKS + (long) entry.slot() * MutexSlotLayout.SIZE,
                    this::bytesOf);
        }

        private SharedBytes bytesOf(Entry entry) {
            return new Part(memory, DATA + entry.offset() - GEOMETRY.data());
        }

        void make(Wanted wanted) {
            String name = "object " + directory.list().size();
            maker.make(directory.next(name, wanted.type, KIND, wanted.size()), wanted.size(), wanted::initialise);
        }

        /** That these are there, and no others, and all that they have is as it was made. */
        void requireAll(List<Wanted> there) {
            List<Entry> entries = directory.list();
            require(entries.size() == there.size(), "there are " + entries, state.story);
            for (int i = 0; i < there.size(); i++) {
                Entry entry = directory.find("object " + i).orElseThrow();
                require(entry.equals(entries.get(i)) && entry.type() == there.get(i).type, "another type", state.story);
                if (entry.type().hasData()) {
                    there.get(i).require(bytesOf(entry), state.story);
                }
                if (entry.type().hasMutex()) {
                    requireNew(LOCKS + (long) entry.slot() * MutexSlotLayout.SIZE);
                }
            }
        }

        private void requireNew(long mutex) {
            for (int field = 0; field < MutexSlotLayout.SIZE; field += Integer.BYTES) {
                int expected = field == GlibcMutexLayout.KIND ? KIND : 0;
                require(memory.getIntAcquire(mutex + field) == expected, "a mutex is not as new", state.story);
            }
        }
    }

    /** A part of the memory. */
    private static final class Part extends SharedBytes {
        private final LateBytes memory;
        private final long begin;

        Part(LateBytes memory, long begin) {
            this.memory = memory;
            this.begin = begin;
        }

        @Override
        public int getIntAcquire(long offset) {
            return memory.getIntAcquire(begin + offset);
        }

        @Override
        public void putIntRelease(long offset, int value) {
            memory.putIntRelease(begin + offset, value);
        }

        @Override
        public long getLong(long offset) {
            return memory.getLong(begin + offset);
        }

        @Override
        public void putLong(long offset, long value) {
            memory.putLong(begin + offset, value);
        }

        @Override
        public void storeStoreFence() {
            memory.storeStoreFence();
        }
    }

    /** The slots of mutexes, to be stored to; longs in a weaker order than they ask for. */
    private static final class Stores extends Words {
        private final LateBytes memory;

        Stores(LateBytes memory) {
            this.memory = memory;
        }

        @Override
        public void putLongRelease(long address, long value) {
            memory.putLong(address, value);
        }

        @Override
        public void putIntRelease(long address, int value) {
            memory.putIntRelease(address, value);
        }

        @Override
        public int getIntPlain(long address) {
            throw new UnsupportedOperationException();
        }

        @Override
        public int getIntOpaque(long address) {
            throw new UnsupportedOperationException();
        }

        @Override
        public int getIntVolatile(long address) {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean compareAndSetInt(long address, int expected, int value) {
            throw new UnsupportedOperationException();
        }

        @Override
        public int getAndSetInt(long address, int value) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long getLongPlain(long address) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long getLongOpaque(long address) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long getLongVolatile(long address) {
            throw new UnsupportedOperationException();
        }
    }
}
