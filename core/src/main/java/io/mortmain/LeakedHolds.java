package io.mortmain;

import java.lang.ref.Cleaner;
import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;
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
    private static final Map<Hold, Report> OPEN = Collections.synchronizedMap(new WeakHashMap<>());

    private LeakedHolds() {}

    /** Called with the mutex held, so whatever fails here, the hold must still be returned: it goes untracked. */
    static Hold track(Hold hold) {
        try {
            if (CLEANER != null) {
                Report report = new Report(hold.mutex().toString(), new Throwable("acquired here"));
                OPEN.put(hold, report);
                CLEANER.register(hold, report);
            }
        } catch (OutOfMemoryError | StackOverflowError untracked) {
            OPEN.remove(hold);
        }
        return hold;
    }

    static void closed(Hold hold) {
        try {
            Report report = OPEN.remove(hold);
            if (report != null) {
                report.closed = true;
            }
        } catch (StackOverflowError untracked) {
            return; // the mutex is released; at worst a report too many
        }
    }

    private static final class Report implements Runnable {
        private final String mutex;
        private final Throwable acquired;
        private volatile boolean closed;

        Report(String mutex, Throwable acquired) {
            this.mutex = mutex;
            this.acquired = acquired;
        }

        @Override
        public void run() {
            if (!closed) {
                LOGGER.log(
                        System.Logger.Level.WARNING,
                        "a Hold of " + mutex + " was dropped without close; the mutex stays held until its thread ends,"
                                + " or its process where that is a virtual one or it was locked for hand-over;"
                                + " use try-with-resources",
                        acquired);
            }
        }
    }
}
