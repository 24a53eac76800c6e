package io.mortmain.bench.pair;

import io.mortmain.Guarded;
import io.mortmain.Region;
import io.mortmain.bench.peer.PairLoop;
import java.nio.file.Path;

/** A guarded record. The function runs before the stores; between them there is nobody but the library. */
final class GuardedPair implements SharedPair {
    private static final long SIZE = 4_096;

    private final Region region;
    private final Guarded<Pair> pair;

    GuardedPair(Path path) {
        region = Region.openOrCreate(path.toString(), SIZE);
        pair = region.guarded("pair", Pair.FIRST);
    }

    @Override
    public void move(Runnable between) {
        pair.update(now -> {
            between.run();
            return now.moved();
        });
    }

    @Override
    public Seen look() {
        Pair now = pair.get();
        return new Seen(false, now.first(), now.second());
    }

    @Override
    public PairLoop moves() {
        return count -> {
            for (int i = 0; i < count; i++) {
                pair.update(Pair::moved);
            }
        };
    }

    @Override
    public void close() {
        region.close();
    }
}
