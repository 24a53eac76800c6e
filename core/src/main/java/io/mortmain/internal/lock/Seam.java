package io.mortmain.internal.lock;

import io.mortmain.internal.owner.MarkerTurn;
import io.mortmain.internal.owner.Takeover;
import io.mortmain.internal.owner.Witness;
import io.mortmain.internal.words.Kernel;
import io.mortmain.internal.words.Words;

/** Everything outside that the protocol acts on: shared words, the kernel, and the second witness. */
record Seam(Words words, Kernel kernel, Witness witness, Takeover takeover) {
    Seam(Words words, Kernel kernel, Witness witness, MarkerTurn turn) {
        this(words, kernel, witness, new Takeover(words, kernel, turn));
    }
}
