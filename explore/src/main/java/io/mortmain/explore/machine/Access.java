package io.mortmain.explore.machine;

/**
 * One thing that a thread does to what others see, or has done for it: the unit in which threads take turns and die. Dead before it, the
 * thread has not done it; there is nothing between.
 *
 * @param address of the word, or of the mutex, or the number of the file; 0 where there is none
 * @param first what is expected, or stored where nothing is
 * @param second what is stored, or a time in nanoseconds
 */
public record Access(Kind kind, long address, long first, long second) {
    /** What it is. Only those that some code decides on have an answer. */
    public enum Kind {
        LOAD,
        LOAD_LONG,
        STORE,
        STORE_LONG,
        COMPARE_AND_SET,
        SWAP,
        /** Sleep while the word is {@code first}, for {@code second} nanoseconds. */
        AWAIT,
        /** The same by one that wants a mutex that is not recoverable: it alone sleeps on such a mutex knowing what it is. */
        AWAIT_FOR_RESET,
        /** Wake at most {@code first} threads. */
        WAKE,
        /** Whether a thread of number {@code first} is left. */
        EXISTS,
        /** Whether the calling thread's robust list leads to the mutex. */
        LISTED,
        /** Whether a living thread of number {@code first} holds the mutex, as its robust list says. */
        HELD_BY,
        TAKE_TURN,
        END_TURN,
        /** Make a file without a name, and open it. */
        NAMELESS,
        /** Open the file that has the name {@code first}. */
        OPEN,
        /** Reserve {@code first} bytes for the file. */
        RESERVE,
        /** Write the {@link Contents} of number {@code first} into the file. */
        WRITE,
        READ,
        SET_GROUP,
        SET_MODE,
        /** Ask for the size of the file. */
        STATUS,
        /** Give the file the name {@code first}. */
        LINK,
        /** Remove the name {@code first}. */
        UNLINK,
        CLOSE,
        MAP,
        UNMAP,
        /** Sleep for {@code second} nanoseconds, and nobody can wake it. */
        PAUSE,
        /** The thread has the region that is in the file: it created or opened it. */
        HAS_REGION,
        /** The thread is about to remove the region. */
        REMOVES,
        /** The thread has the mutex, and was told of a death if {@code first} is 1. A landmark, see {@link Player#landmark}. */
        ENTER,
        /** The thread is about to release it; {@code first} says how: {@code Player.LEAVES}, or one of the constants after it. */
        LEAVE,
        /** The thread did not get the mutex, for the reason {@code first}. */
        REFUSED,
        /** The thread goes on in one of {@code second} ways, as the adversary answers to its question {@code first}. */
        CHOOSE,
        /** The thread is at a place where its past does not matter. */
        LANDMARK,
        /** The thread's work is done; it lives on. */
        END,
        /** The thread's own code failed; {@code first} has which failure. */
        FAIL;

        /** Whether it is about files. */
        boolean isOfFiles() {
            return switch (this) {
                case NAMELESS,
                        OPEN,
                        RESERVE,
                        WRITE,
                        READ,
                        SET_GROUP,
                        SET_MODE,
                        STATUS,
                        LINK,
                        UNLINK,
                        CLOSE,
                        MAP,
                        UNMAP -> true;
                case HAS_REGION, REMOVES -> true;
                default -> false;
            };
        }
    }

    static Access of(Kind kind) {
        return new Access(kind, 0, 0, 0);
    }
}
