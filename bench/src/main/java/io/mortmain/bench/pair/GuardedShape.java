package io.mortmain.bench.pair;

import io.mortmain.Guarded;
import io.mortmain.GuardedArray;
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
    },
    ELEMENT("GuardedArray.update, one element") {
        @Override
        PairLoop loop(Region region) {
            return new Element(pairs(region));
        }
    },
    TWO_ELEMENTS("GuardedArray.update, two elements") {
        @Override
        PairLoop loop(Region region) {
            return new TwoElements(pairs(region));
        }
    };

    private static final int ELEMENTS = 16;

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

    private static GuardedArray<Pair> pairs(Region region) {
        return region.guardedArray("pairs", ELEMENTS, Pair.FIRST);
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

    private static final class Element implements PairLoop {
        private final GuardedArray<Pair> pairs;

        Element(GuardedArray<Pair> pairs) {
            this.pairs = pairs;
        }

        @Override
        public void run(int count) {
            for (int i = 0; i < count; i++) {
                pairs.update(i % ELEMENTS, Pair::moved);
            }
        }
    }

    /** From the first number of one element to the second of another. */
    private static final class TwoElements implements PairLoop {
        private final GuardedArray<Pair> pairs;
        private final int[] both = {1, 2};

        TwoElements(GuardedArray<Pair> pairs) {
            this.pairs = pairs;
        }

        @Override
        public void run(int count) {
            for (int i = 0; i < count; i++) {
                pairs.update(both, elements -> {
                    elements.update(1, pair -> new Pair(pair.first() - 1, pair.second()));
                    elements.update(2, pair -> new Pair(pair.first(), pair.second() + 1));
                });
            }
        }
    }

    private static void requireWhole(Pair pair) {
        if (pair.first() + pair.second() != SharedPair.SUM) {
            throw new IllegalStateException("torn: " + pair);
        }
    }
}
