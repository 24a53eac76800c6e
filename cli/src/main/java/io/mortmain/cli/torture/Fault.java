package io.mortmain.cli.torture;

/**
 * What happens to a holder between acquiring and being gone.
 *
 * @param spoil what it does to the memory of the mutex; empty for nothing
 * @param victim which memory that is
 * @param onMainThread whether it holds in the process's main thread; never in Java
 * @param ending how it ends
 */
record Fault(String spoil, Victim victim, boolean onMainThread, Ending ending) {
    /** Whose memory is spoiled. */
    enum Victim {
        /** The mutexes that are waited for. */
        THEIRS,
        /** One that was acquired after them. */
        ANOTHER,
        /** None: 2,100 are acquired after them. */
        MANY_MORE,
        /** None: the thread's robust list is replaced. */
        LIST,
        /** None: the thread never had a robust list. */
        NO_LIST
    }

    static final int MANY = 2_100;
    private static final int STRIDE = 64;

    static Fault of(Ending ending) {
        return new Fault("", Victim.THEIRS, false, ending);
    }

    static Fault spoil(String how, Ending ending) {
        return new Fault(how, Victim.THEIRS, false, ending);
    }

    Fault onMain() {
        return new Fault(spoil, victim, true, ending);
    }

    Fault to(Victim other) {
        return new Fault(spoil, other, onMainThread, ending);
    }

    String thread() {
        return onMainThread ? "m" : "1";
    }

    /** Before the holder's thread exists. */
    void prepare(Hand holder) throws InterruptedException {
        if (victim == Victim.NO_LIST) {
            holder.must("m", "robust-list none");
        }
    }

    /** When it holds what is waited for, at the places 0 to count - 1. */
    void strike(Site site, Hand holder, Side side, int count) throws Exception {
        switch (victim) {
            case THEIRS -> {
                for (int place = 0; place < count && !spoil.isEmpty(); place++) {
                    holder.must(thread(), "spoil " + place + " " + spoil);
                }
            }
            case ANOTHER -> {
                Spot another = side == Side.JAVA ? site.region() : site.plain();
                holder.must(thread(), side.map("9", another));
                if (side == Side.C) {
                    holder.must(thread(), "init 9 2");
                }
                holder.must(thread(), "lock 9");
                holder.must(thread(), "spoil 9 " + spoil);
            }
            case MANY_MORE -> {
                holder.must(thread(), Side.C.map("9", site.plain()));
                holder.must(thread(), "init-many 9 " + STRIDE + " " + MANY);
                holder.must(thread(), "many 9 " + STRIDE + " " + MANY);
            }
            case LIST -> holder.must(thread(), "robust-list replaced");
            case NO_LIST -> {}
        }
    }
}
