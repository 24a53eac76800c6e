package io.mortmain.errors;

/**
 * The machine was rebooted since the data were written, and what is on the disk may be any mixture of old and new; or a process died while it
 * filled an array larger than its journal. Nothing of it is shown. Whoever replaces all of it, by {@code Guarded.set},
 * {@code GuardedArray.fill} or {@code SharedHeap.clear}, makes the object usable again.
 */
public final class DataLostException extends MortmainException {
    private static final long serialVersionUID = 1L;

    public DataLostException(String message) {
        super(message);
    }
}
