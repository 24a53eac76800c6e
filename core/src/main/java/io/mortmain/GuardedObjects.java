package io.mortmain;

import io.mortmain.GuardedArray.Options;
import io.mortmain.errors.RegionException;
import io.mortmain.errors.RegionException.Reason;
import io.mortmain.internal.guarded.GuardedBlock;
import io.mortmain.internal.guarded.GuardedBlock.Shape;
import io.mortmain.internal.guarded.Lender;
import io.mortmain.internal.layout.GuardedBlockLayout;
import io.mortmain.internal.layout.ObjectType;
import io.mortmain.internal.record.Codec;
import io.mortmain.internal.record.Schema;
import io.mortmain.internal.region.ObjectDirectory.Entry;
import io.mortmain.internal.region.OpenRegion;
import io.mortmain.internal.words.MappedBytes;
import io.mortmain.internal.words.SharedBytes;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Finds guarded objects in a region, or makes them, and refuses those that are something else than was asked for. */
class GuardedObjects {
    private final OpenRegion region;

    GuardedObjects(OpenRegion region) {
        this.region = region;
    }

    /** @param initial used if there is none yet; null for zeroes */
    <T> Guarded<T> one(String name, Lender<T> lender, @Nullable T initial) {
        long[] first = wordsOf(lender.codec(), initial);
        Shape shape = new Shape(lender.codec().schema(), 1, first.length);
        JournaledObject found = object(name, shape, first);
        return new Guarded<>(found.lock(), found.block(), lender);
    }

    static <T> long[] wordsOf(Codec<T> codec, @Nullable T value) {
        long[] words = new long[Math.toIntExact(codec.schema().size() / Long.BYTES)];
        if (value != null) {
            codec.encode(value, words);
        }
        return words;
    }

    /** By its own description. */
    Guarded<Map<String, Object>> existing(String name) {
        JournaledObject found = find(name);
        requireElements(found, 1);
        requireStripes(found, 0);
        return new Guarded<>(
                found.lock(),
                found.block(),
                Lender.ofFields(Codec.ofFields(found.block().schema())));
    }

    /** By its own description. */
    Map<String, Object> zeroRecord(String name) {
        Codec<Map<String, Object>> codec = Codec.ofFields(find(name).block().schema());
        return codec.decode(wordsOf(codec, null));
    }

    /** The array of that name, made with the initial value in each element if there is none. */
    <T extends Record> GuardedArray<T> array(String name, int elements, Codec<T> codec, T initial, Options options) {
        long[] first = wordsOf(codec, initial);
        long capacity = (long) Math.min(elements, options.elementsPerTransaction()) * first.length;
        if (elements < 1 || capacity > GuardedBlockLayout.MOST_ENTRIES) {
            throw new RegionException(
                    Reason.INVALID_ARGUMENT,
                    "array " + name + " cannot have " + elements + " elements of "
                            + codec.schema().size()
                            + " bytes and transactions of " + options.elementsPerTransaction()
                            + " of them; give 1 element or more, and transactions of at most "
                            + GuardedBlockLayout.MOST_ENTRIES / first.length);
        }
        int stripes = options.stripes() == 1 ? 0 : options.stripes();
        Shape shape = new Shape(codec.schema(), elements, (int) capacity, stripes);
        if (region.find(name).isEmpty()) {
            new StripeMutexes(region, name, stripes).make(shape.size());
        }
        JournaledObject found = object(name, shape, first);
        return new GuardedArray<>(lock(found), found.block(), codec);
    }

    /** By its own description. */
    GuardedArray<Map<String, Object>> existingArray(String name) {
        JournaledObject found = find(name);
        return new GuardedArray<>(
                lock(found), found.block(), Codec.ofFields(found.block().schema()));
    }

    private ArrayLock lock(JournaledObject found) {
        int stripes = found.block().stripes();
        if (stripes == 0) {
            return new WholeLock(found.lock());
        }
        RobustMutex[] mutexes =
                new StripeMutexes(region, found.entry().name(), stripes).all(StripedLock.repair(found.lock()));
        return new StripedLock(found.lock(), found.block(), mutexes);
    }

    private JournaledObject find(String name) {
        return open(JournaledObject.find(region, name, ObjectType.GUARDED, "guarded object"));
    }

    /** The object of that name and shape, made with these words in each of its records if there is none. */
    JournaledObject object(String name, Shape shape, long[] first) {
        Entry entry = region.object(
                name,
                ObjectType.GUARDED,
                MutexKind.ERROR_CHECKING.word(),
                shape.size(),
                bytes -> GuardedBlock.initialise(bytes, shape, first));
        JournaledObject found = open(entry);
        Schema schema = found.block().schema();
        if (!schema.equals(shape.schema())) {
            throw incompatible(
                    name,
                    "has records of\n" + schema.text() + "and was asked for with\n"
                            + shape.schema().text()
                            + "use one record everywhere, or another name");
        }
        requireElements(found, shape.elements());
        requireStripes(found, shape.stripes());
        return found;
    }

    private JournaledObject open(Entry entry) {
        return JournaledObject.open(region, entry, "guarded", this::memory);
    }

    /** How this process uses the bytes of an object. */
    SharedBytes memory(MemorySegment bytes) {
        return new MappedBytes(bytes);
    }

    private void requireElements(JournaledObject found, long elements) {
        if (found.block().elements() != elements) {
            throw incompatible(
                    found.entry().name(),
                    "has " + found.block().elements() + " records and was asked for with " + elements
                            + "; use one number everywhere, or another name");
        }
    }

    private void requireStripes(JournaledObject found, int stripes) {
        if (found.block().stripes() != stripes) {
            throw incompatible(
                    found.entry().name(),
                    "has " + Math.max(1, found.block().stripes()) + " stripes and was asked for with "
                            + Math.max(1, stripes) + "; use one number everywhere, or another name");
        }
    }

    private RegionException incompatible(String name, String why) {
        return new RegionException(Reason.INCOMPATIBLE, "object " + name + " of region " + region.path() + " " + why);
    }
}
