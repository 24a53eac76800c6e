package io.mortmain.explore.program;

import io.mortmain.internal.owner.MarkerTurn;
import io.mortmain.internal.owner.Witness;
import io.mortmain.internal.words.FileCalls;
import io.mortmain.internal.words.Kernel;
import io.mortmain.internal.words.SharedBytes;
import io.mortmain.internal.words.Words;
import java.util.function.Supplier;

/**
 * What a careless change could make of the protocol: it stands between the code that ships and the memory, and does something else than the
 * code says. One for each run of a thread, so it may remember what the thread did; but at a landmark (see {@code Player}) only what is
 * the same whatever way the thread came there.
 */
public class Mutant {
    /** Changes nothing. */
    public static final Supplier<Mutant> NONE = Mutant::new;

    protected Mutant() {}

    /** The memory as the thread sees it, whose list head is given. */
    public Words words(Words words, long head) {
        return words;
    }

    /** The kernel as the thread sees it. */
    public Kernel kernel(Kernel kernel, long head) {
        return kernel;
    }

    public Witness witness(Witness witness) {
        return witness;
    }

    /** Files as the thread sees them. */
    public FileCalls<Integer> files(FileCalls<Integer> calls) {
        return calls;
    }

    /** The bytes of a guarded object as the thread sees them. */
    public SharedBytes bytes(SharedBytes bytes) {
        return bytes;
    }

    /** Whether it looks at the journal also where it was not told of a death. */
    public boolean looksAlways() {
        return true;
    }

    public MarkerTurn turn(MarkerTurn turn) {
        return turn;
    }
}
