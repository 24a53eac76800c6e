package io.mortmain;

import io.mortmain.internal.region.ObjectDirectory;
import io.mortmain.internal.region.RegionReader;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A region as it was at one moment, read from its file without using it.
 *
 * @param path of the file
 * @param fileSize bytes
 * @param capacity bytes for memory objects
 * @param maxObjects objects that it can hold
 * @param severalPidNamespaces whether it was created for several PID namespaces, see {@link RegionOptions#withSeveralPidNamespaces}
 * @param created by the creator's clock
 * @param userId owner of the file
 * @param mode permission bits
 * @param unusableBecause one sentence why this process could not use it (another boot, another PID namespace); empty if it can
 * @param objects in order of creation
 */
public record RegionSnapshot(
        Path path,
        long fileSize,
        long capacity,
        int maxObjects,
        boolean severalPidNamespaces,
        Instant created,
        int userId,
        int mode,
        Optional<String> unusableBecause,
        List<NamedObject> objects) {

    private static final int PERMISSIONS = 0777;

    /**
     * One object of the region.
     *
     * @param name as given at creation
     * @param offset in the file, bytes
     * @param size bytes
     * @param kind what it is
     * @param mutex the state of its mutex, where it is one or has one
     */
    public record NamedObject(String name, Kind kind, long offset, long size, Optional<MutexSnapshot> mutex) {}

    /** What an object is. */
    public enum Kind {
        /** {@link Region#mutex(String)}. */
        MUTEX,
        /** {@link Region#memory}. */
        MEMORY,
        /** {@link Region#guarded(String, Record)}. */
        GUARDED,
        /** {@link Region#counter}. */
        COUNTER,
        /** {@link Region#heap}. */
        HEAP
    }

    static RegionSnapshot of(Path path) {
        RegionReader reader = RegionReader.read(path);
        List<NamedObject> objects = new ArrayList<>();
        for (ObjectDirectory.Entry entry : reader.objects()) {
            objects.add(new NamedObject(
                    entry.name(),
                    Kind.valueOf(entry.type().name()),
                    entry.offset(),
                    entry.size(),
                    entry.type().hasMutex() ? Optional.of(MutexSnapshot.of(reader, entry.slot())) : Optional.empty()));
        }
        return new RegionSnapshot(
                path,
                reader.status().size(),
                reader.header().geometry().capacity(),
                reader.header().geometry().maxObjects(),
                reader.header().severalPidNamespaces(),
                reader.header().created(),
                reader.status().userId(),
                reader.status().mode() & PERMISSIONS,
                Optional.of(reader.refusal()).filter(refusal -> !refusal.isEmpty()),
                List.copyOf(objects));
    }
}
