package io.mortmain;

import java.lang.ref.Cleaner;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * On request ({@code -Dio.mortmain.trackHolds=true}), reports each {@link Hold} that was collected without being closed, with the place
 * of its acquisition. A leak is not a death: the mutex stays held. Off by default, since a tracked hold is always allocated.
 */
final class LeakedHolds {
    /** A constant to the JIT: where it is false, tracking costs nothing. */
    static final boolean TRACKING = Boolean.getBoolean("io.mortmain.trackHolds");

    private static final System.Logger LOGGER = System.getLogger("io.mortmain");
    private static final @Nullable Cleaner CLEANER = TRACKING ? Cleaner.create() : null;

    private LeakedHolds() {}

    static Hold track(Hold hold) {
        if (CLEANER != null) {
            AtomicBoolean closed = new AtomicBoolean();
            hold.trackWith(closed);
            CLEANER.register(hold, new Report(hold.mutex().toString(), closed, new Throwable("acquired here")));
        }
        return hold;
    }

    private record Report(String mutex, AtomicBoolean closed, Throwable acquired) implements Runnable {
        @Override
        public void run() {
            if (!closed.get()) {
                LOGGER.log(
                        System.Logger.Level.WARNING,
                        "a Hold of " + mutex + " was dropped without close; the mutex stays held until its thread ends;"
                                + " use try-with-resources",
                        acquired);
            }
        }
    }
}
