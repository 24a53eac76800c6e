package io.mortmain.explore.program;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** What a thread of a program does: mostly with the mutex, which it takes in some way, and, if it got it, gives back in some way. */
public enum Operation {
    LOCK,
    /** Without waiting. */
    TRY,
    /** For {@link LibraryThread#TIMED_NANOS}. */
    TIMED,
    INTERRUPTIBLE,
    /** Makes it not recoverable. */
    GIVE_UP,
    /** Releases without having declared the data consistent, if told of a death; else as {@link #LOCK}. */
    LEAVE_INCONSISTENT,
    /** As a repair that failed: the next is told too, if told of a death; else as {@link #LOCK}. */
    HAND_ON,
    RESET,
    /** Two mutexes, that of the other operations after one more, released in the order of their locking. */
    TWO,
    /** The same, released as nested blocks do it. */
    NESTED,
    /** As a deputy, which holds the mutex for whichever thread of its process comes to {@link #CLOSE} the hold. */
    HAND_OVER,
    /** Has the deputy of its process release, once it holds; the second to come finds that done. */
    CLOSE,
    /** Puts an object into the region's directory, of one name for all threads, unless it is there. */
    INSERT,
    /** The same of a name of its own. */
    INSERT_OWN,
    /** Looks at the whole directory. */
    FIND,
    /** Changes a guarded object's two words in one transaction. */
    UPDATE,
    /** Begins such a transaction and does not end it, as where an error comes up in the middle; releases as ever. */
    BREAK_OFF,
    /** As {@link #UPDATE} until it has the mutex, then, as the adversary chooses, that, {@link #BREAK_OFF}, or a release in any of the ways above. */
    UPDATE_ANYHOW,
    /** As {@link #RESET}, and undoes what was left half done. */
    RESET_DATA,
    /** The same by a C program, in place. */
    C_UPDATE,
    /** By C code that, if told of a death, declares the data consistent without having looked at the journal. */
    C_CARELESS,
    /** {@link #C_UPDATE}, {@link #C_CARELESS} or {@link #C_LEAVE_INCONSISTENT}, as the adversary chooses. */
    C_UPDATE_ANYHOW,
    /** Creates the region, unless its name is taken. */
    CREATE,
    /** Opens the region, if there is one. */
    OPEN,
    OPEN_OR_CREATE,
    /** Removes the region's name, if there is one. */
    REMOVE,
    /** As {@link #LOCK}, and released in any of the ways above, as the adversary chooses: as many programs at once. */
    LOCK_ANYHOW,
    TRY_ANYHOW,
    TIMED_ANYHOW,
    INTERRUPTIBLE_ANYHOW,
    RESET_ANYHOW,
    /** {@link #TWO} or {@link #NESTED}, as the adversary chooses. */
    TWO_ANYHOW,
    /** Each of those, as the adversary chooses: all that the library does with a mutex. */
    ANY,
    /** As glibc locks and unlocks, by C code. */
    C_LOCK,
    C_TRY,
    /** By C code that does not declare the data consistent, if told of a death: glibc makes the mutex not recoverable. */
    C_LEAVE_INCONSISTENT,
    /** {@link #C_LOCK} or {@link #C_LEAVE_INCONSISTENT}, as the adversary chooses. */
    C_LOCK_ANYHOW,
    C_TRY_ANYHOW,
    /** Each of those of C code, as the adversary chooses. */
    C_ANY;

    /** Whether it is about the directory, and not about the mutex. */
    public boolean isOfDirectory() {
        return this == INSERT || this == INSERT_OWN || this == FIND;
    }

    /** Whether it is about the region's name, and not about what is in the region. */
    public boolean isOfName() {
        return this == CREATE || this == OPEN || this == OPEN_OR_CREATE || this == REMOVE;
    }

    /** Whether it is half of a hand-over. */
    public boolean isOfHandOver() {
        return this == HAND_OVER || this == CLOSE;
    }

    /** Whether there must be a guarded object for it. */
    public boolean isOfData() {
        return switch (this) {
            case UPDATE, BREAK_OFF, UPDATE_ANYHOW, RESET_DATA -> true;
            case C_UPDATE, C_CARELESS, C_UPDATE_ANYHOW -> true;
            default -> false;
        };
    }

    boolean isOfC() {
        return switch (this) {
            case C_UPDATE, C_CARELESS, C_UPDATE_ANYHOW -> true;
            case C_LOCK, C_TRY, C_LEAVE_INCONSISTENT, C_LOCK_ANYHOW, C_TRY_ANYHOW, C_ANY -> true;
            default -> false;
        };
    }

    boolean isOfTwo() {
        return this == TWO || this == NESTED || this == TWO_ANYHOW || this == ANY;
    }

    /** Whether the adversary chooses how it is released. */
    boolean isAnyhow() {
        return switch (this) {
            case LOCK_ANYHOW, TRY_ANYHOW, TIMED_ANYHOW, INTERRUPTIBLE_ANYHOW, RESET_ANYHOW -> true;
            case TWO_ANYHOW, C_LOCK_ANYHOW, C_TRY_ANYHOW -> true;
            default -> false;
        };
    }

    /** Whether it stands for several, and the adversary chooses. */
    public boolean isSeveral() {
        return switch (this) {
            case UPDATE_ANYHOW, C_UPDATE_ANYHOW, ANY, C_ANY -> true;
            default -> isAnyhow();
        };
    }

    /** As in a program's text. */
    public String text() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static Operation parse(String text) {
        return Arrays.stream(values())
                .filter(operation -> operation.text().equals(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no operation \"" + text + "\"; there are "
                        + Arrays.stream(values()).map(Operation::text).collect(Collectors.joining(", "))));
    }
}
