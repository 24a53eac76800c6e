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
     * @param mutex its state, if it is a mutex; otherwise it is plain memory
     */
    public record NamedObject(String name, long offset, long size, Optional<MutexSnapshot> mutex) {}

    static RegionSnapshot of(Path path) {
        RegionReader reader = RegionReader.read(path);
        List<NamedObject> objects = new ArrayList<>();
        for (ObjectDirectory.Entry entry : reader.objects()) {
            objects.add(new NamedObject(
                    entry.name(),
                    entry.offset(),
                    entry.size(),
                    entry.isMutex() ? Optional.of(MutexSnapshot.of(reader, entry.slot())) : Optional.empty()));
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
