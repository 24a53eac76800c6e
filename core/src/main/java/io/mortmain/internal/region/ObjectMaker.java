package io.mortmain.internal.region;

import io.mortmain.internal.layout.GlibcMutexLayout;
import io.mortmain.internal.layout.MutexSlotLayout;
import io.mortmain.internal.layout.RegionGeometry;
import io.mortmain.internal.region.ObjectDirectory.Entry;
import io.mortmain.internal.words.SharedBytes;
import io.mortmain.internal.words.Words;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/**
 * Makes objects: mutex, bytes, and then the entry, by which everybody sees them. Whoever dies over it leaves no object and no dirt, see
 * {@link FreshBytes}. Used while the directory is held.
 */
final class ObjectMaker {
    private final ObjectDirectory directory;
    private final FreshBytes freshBytes;
    private final RegionGeometry geometry;
    private final Words words;
    private final ToLongFunction<Entry> addressOf;
    private final Function<Entry, SharedBytes> bytesOf;

    /**
     * For one region.
     *
     * @param addressOf an object's mutex, in these words
     * @param bytesOf an object's bytes
     */
    ObjectMaker(
            ObjectDirectory directory,
            FreshBytes freshBytes,
            RegionGeometry geometry,
            Words words,
            ToLongFunction<Entry> addressOf,
            Function<Entry, SharedBytes> bytesOf) {
        this.directory = directory;
        this.freshBytes = freshBytes;
        this.geometry = geometry;
        this.words = words;
        this.addressOf = addressOf;
        this.bytesOf = bytesOf;
    }

    /**
     * Makes it.
     *
     * @param entry from {@link ObjectDirectory#next}
     * @param first how many of its bytes are cleared; the object's owners see to the rest
     */
    Entry make(Entry entry, long first, Consumer<SharedBytes> initialise) {
        if (entry.type().hasMutex()) {
            initialiseMutex(addressOf.applyAsLong(entry), entry.mutexKind());
        }
        if (entry.type().hasData()) {
            freshBytes.prepare(entry.offset() - geometry.data(), entry.size(), first);
            initialise.accept(bytesOf.apply(entry));
        }
        return directory.publish(entry);
    }

    /** As {@code pthread_mutex_init} leaves it. The slot is nobody's: its entry is not published. */
    private void initialiseMutex(long mutex, int kind) {
        for (int at = 0; at < MutexSlotLayout.SIZE; at += Long.BYTES) {
            words.putLongRelease(mutex + at, 0);
        }
        words.putIntRelease(mutex + GlibcMutexLayout.KIND, kind);
    }
}
