package io.mortmain.bench.pair;

import io.mortmain.bench.peer.PairLoop;
import java.io.IOException;
import java.nio.file.Path;
import net.openhft.chronicle.core.io.Closeable;
import net.openhft.chronicle.map.ChronicleMap;
import net.openhft.chronicle.values.Values;

/** A value of a Chronicle Map, changed in place under the map's lock. */
final class ChroniclePair implements SharedPair {
    private static final Integer KEY = 1;

    private final ChronicleMap<Integer, Numbers> map;
    private final Numbers numbers = Values.newNativeReference(Numbers.class);

    /** The value, by the map's own convention. */
    public interface Numbers {
        /** The first number. */
        long getFirst();

        /** Stores it. */
        void setFirst(long first);

        /** The second number. */
        long getSecond();

        /** Stores it. */
        void setSecond(long second);
    }

    ChroniclePair(Path path) throws IOException {
        map = ChronicleMap.of(Integer.class, Numbers.class)
                .name("pair")
                .entries(16)
                .actualSegments(1)
                .createPersistedTo(path.toFile());
        try (Closeable held = map.acquireContext(KEY, numbers)) {
            if (numbers.getFirst() == 0 && numbers.getSecond() == 0) {
                numbers.setFirst(SUM);
            }
        }
    }

    @Override
    public void move(Runnable between) {
        try (Closeable held = map.acquireContext(KEY, numbers)) {
            numbers.setFirst(numbers.getFirst() - 1);
            between.run();
            numbers.setSecond(numbers.getSecond() + 1);
        }
    }

    @Override
    public Seen look() {
        try (Closeable held = map.acquireContext(KEY, numbers)) {
            return new Seen(false, numbers.getFirst(), numbers.getSecond());
        }
    }

    @Override
    public PairLoop moves() {
        return count -> {
            for (int i = 0; i < count; i++) {
                move(() -> {});
            }
        };
    }

    @Override
    public void close() {
        map.close();
    }
}
