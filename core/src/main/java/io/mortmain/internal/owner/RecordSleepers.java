package io.mortmain.internal.owner;

import io.mortmain.internal.linux.LinuxException;
import io.mortmain.internal.linux.OpenFile;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * The daemon threads of this process that sleep until another process has given an owner record back, by its death or by closing the region:
 * one for each record before whose process somebody waited, in fcntl(2), on a descriptor of its own.
 *
 * <p>Nothing else ends such a sleep: when nobody waits any more, or the region is closed here, the thread sleeps on, keeps the library's
 * classes, and is there for the next to wait for the same process. So there are at most {@link #MOST}; where that is too few, whoever
 * waits looks by himself.
 */
final class RecordSleepers {
    static final int MOST = 64;

    private static final Map<Place, Sleeper> ALL = new HashMap<>();

    /** A record of a file, whatever it is called and however often it was opened; the sleeper's descriptor keeps the inode its own. */
    private record Place(long device, long inode, int record) {}

    private RecordSleepers() {}

    /** From now on {@link RecordWitness#died} is called at the death of the record's process; false where there is no thread for that. */
    static boolean listen(OwnerRecords records, int record, RecordWitness listener) {
        OpenFile.Status file = records.status();
        var place = new Place(file.device(), file.inode(), record);
        synchronized (ALL) {
            Sleeper sleeper = ALL.get(place);
            if (sleeper == null) {
                if (ALL.size() == MOST) {
                    return false;
                }
                sleeper = new Sleeper(place, records.place(record));
                sleeper.start(records);
                ALL.put(place, sleeper);
            }
            sleeper.listeners.add(listener);
            return true;
        }
    }

    /** The region of the listener is closed. */
    static void forget(RecordWitness listener) {
        synchronized (ALL) {
            ALL.values().forEach(sleeper -> sleeper.listeners.remove(listener));
        }
    }

    private static final class Sleeper {
        private final Place place;
        private final long lock;
        /** Guarded by {@link #ALL}. */
        private final Set<RecordWitness> listeners = new HashSet<>();

        Sleeper(Place place, long lock) {
            this.place = place;
            this.lock = lock;
        }

        void start(OwnerRecords records) {
            OpenFile file = records.another();
            boolean started = false;
            try {
                Thread thread = Thread.ofPlatform()
                        .daemon()
                        .name("mortmain-record-" + place.record + "-of-" + place.inode)
                        .inheritInheritableThreadLocals(false)
                        .unstarted(() -> sleep(file));
                thread.setContextClassLoader(null); // that of whoever came first would be kept
                thread.start();
                started = true;
            } finally {
                if (!started) {
                    file.close();
                }
            }
        }

        private void sleep(OpenFile file) {
            try (file) {
                OwnerRecords.awaitFree(file, lock, this::tell);
            } catch (LinuxException | OutOfMemoryError failed) { // the listeners look by themselves, once in a slice
                return;
            } finally {
                end();
            }
        }

        private void end() {
            synchronized (ALL) {
                ALL.remove(place, this);
            }
        }

        /** Who comes to listen from now on gets another sleeper, which finds the record free at once. */
        private Set<RecordWitness> endAndCopy() {
            synchronized (ALL) {
                end();
                return Set.copyOf(listeners);
            }
        }

        private void tell() {
            for (RecordWitness listener : endAndCopy()) {
                tell(listener);
            }
        }

        private void tell(RecordWitness listener) {
            try {
                listener.died(place.record);
            } catch (Throwable failed) { // a truncated file, say; who waits looks by himself, and the other regions are
                // told
                return;
            }
        }
    }
}
