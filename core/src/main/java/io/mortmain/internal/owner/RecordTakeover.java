package io.mortmain.internal.owner;

import io.mortmain.internal.layout.OwnerNumberLayout;
import io.mortmain.internal.words.Kernel;
import io.mortmain.internal.words.Words;
import java.util.function.BooleanSupplier;

/**
 * The takeover in a region for several PID namespaces: whatever the caller has seen, the holder's death is proven anew, and the word is
 * marked while nobody can get the holder's number.
 */
public final class RecordTakeover extends Takeover {
    private final OwnerRecords records;
    private final ThreadNumbers numbers;

    public RecordTakeover(Words words, Kernel kernel, OwnerRecords records, ThreadNumbers numbers) {
        super(words, kernel, MarkerTurn.UNDISPUTED);
        this.records = records;
        this.numbers = numbers;
    }

    @Override
    boolean markOnly(long mutex, int number, BooleanSupplier unusedProof) {
        try {
            BooleanSupplier step = () -> store(mutex, number);
            return numbers.isOwn(number)
                    ? numbers.whileGone(number, step)
                    : OwnerNumberLayout.isOne(number) && records.whileFree(OwnerNumberLayout.record(number), step);
        } catch (OutOfMemoryError full) { // before the step, which allocates nothing
            return false;
        }
    }
}
