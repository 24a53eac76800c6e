package io.mortmain.bench.pair;

import io.mortmain.Guarded;
import io.mortmain.Region;
import io.mortmain.bench.peer.PairLoop;

/** What is measured of guarded data: each a transaction on a record of two numbers. */
public enum GuardedShape {
    UPDATE("Guarded.update") {
        @Override
        PairLoop loop(Region region) {
            return new Update(pair(region));
        }
    },
    UPDATE_AND_GET("Guarded.updateAndGet") {
        @Override
        PairLoop loop(Region region) {
            return new UpdateAndGet(pair(region));
        }
    },
    GET("Guarded.get") {
        @Override
        PairLoop loop(Region region) {
            return new Get(pair(region));
        }
    };

    private final String title;

    GuardedShape(String title) {
        this.title = title;
    }

    /** For people. */
    public String title() {
        return title;
    }

    abstract PairLoop loop(Region region);

    private static Guarded<Pair> pair(Region region) {
        return region.guarded("pair", Pair.FIRST);
    }

    private static final class Update implements PairLoop {
        private final Guarded<Pair> pair;

        Update(Guarded<Pair> pair) {
            this.pair = pair;
        }

        @Override
        public void run(int count) {
            for (int i = 0; i < count; i++) {
                pair.update(Pair::moved);
            }
        }
    }

    /** The sum of what it returns is used, so that it has to be made. */
    private static final class UpdateAndGet implements PairLoop {
        private final Guarded<Pair> pair;

        UpdateAndGet(Guarded<Pair> pair) {
            this.pair = pair;
        }

        @Override
        public void run(int count) {
            for (int i = 0; i < count; i++) {
                requireWhole(pair.updateAndGet(Pair::moved));
            }
        }
    }

    private static final class Get implements PairLoop {
        private final Guarded<Pair> pair;

        Get(Guarded<Pair> pair) {
            this.pair = pair;
        }

        @Override
        public void run(int count) {
            for (int i = 0; i < count; i++) {
                requireWhole(pair.get());
            }
        }
    }

    private static void requireWhole(Pair pair) {
        if (pair.first() + pair.second() != SharedPair.SUM) {
            throw new IllegalStateException("torn: " + pair);
        }
    }
}
