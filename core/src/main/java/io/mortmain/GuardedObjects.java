package io.mortmain;

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
import java.lang.foreign.MemorySegment;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Finds guarded objects in a region, or makes them, and refuses those that are something else than was asked for. */
final class GuardedObjects {
    private final OpenRegion region;

    GuardedObjects(OpenRegion region) {
        this.region = region;
    }

    /** A guarded object as this process uses it. */
    record Found(GuardedBlock block, GuardedLock lock) {}

    /** @param initial used if there is none yet; null for zeroes */
    <T> Guarded<T> one(String name, Lender<T> lender, @Nullable T initial) {
        long[] first = wordsOf(lender.codec(), initial);
        Shape shape = new Shape(lender.codec().schema(), 1, first.length);
        Found found = object(name, shape, first);
        return new Guarded<>(found.lock(), found.block(), lender);
    }

    static <T> long[] wordsOf(Codec<T> codec, @Nullable T value) {
        long[] words = new long[Math.toIntExact(codec.schema().size() / Long.BYTES)];
        if (value != null) {
            codec.encode(value, MemorySegment.ofArray(words));
        }
        return words;
    }

    /** By its own description. */
    Guarded<Map<String, Object>> existing(String name) {
        Entry entry = region.find(name)
                .orElseThrow(() -> new RegionException(
                        Reason.NOT_FOUND, "region " + region.path() + " has no object " + name + "; check its name"));
        if (entry.type() != ObjectType.GUARDED) {
            throw incompatible(name, "is no guarded object; ask for what it is");
        }
        Found found = open(entry);
        requireElements(name, found.block(), 1);
        return new Guarded<>(
                found.lock(),
                found.block(),
                Lender.ofFields(Codec.ofFields(found.block().schema())));
    }

    /** The object of that name and shape, made with these words in each of its records if there is none. */
    Found object(String name, Shape shape, long[] first) {
        Entry entry = region.object(
                name,
                ObjectType.GUARDED,
                MutexKind.ERROR_CHECKING.word(),
                shape.size(),
                bytes -> GuardedBlock.initialise(bytes, shape, first));
        Found found = open(entry);
        Schema schema = found.block().schema();
        if (!schema.equals(shape.schema())) {
            throw incompatible(
                    name,
                    "has records of\n" + schema.text() + "and was asked for with\n"
                            + shape.schema().text()
                            + "use one record everywhere, or another name");
        }
        requireElements(name, found.block(), shape.elements());
        return found;
    }

    private Found open(Entry entry) {
        MemorySegment bytes = region.bytesOf(entry);
        String description = "guarded " + entry.name() + " of region " + region.path();
        GuardedBlock block = GuardedBlock.open(new MappedBytes(bytes), bytes.byteSize(), description);
        RobustMutex mutex = new RobustMutex(
                description,
                region.addressOf(entry),
                entry.mutexKind(),
                region.gate(),
                region.lockers(),
                GuardedLock.repair(block));
        return new Found(block, new GuardedLock(mutex, block, bytes.address() + GuardedBlockLayout.SEQUENCE));
    }

    private void requireElements(String name, GuardedBlock block, long elements) {
        if (block.elements() != elements) {
            throw incompatible(
                    name,
                    "has " + block.elements() + " records and was asked for with " + elements
                            + "; use one number everywhere, or another name");
        }
    }

    private RegionException incompatible(String name, String why) {
        return new RegionException(Reason.INCOMPATIBLE, "object " + name + " of region " + region.path() + " " + why);
    }
}
