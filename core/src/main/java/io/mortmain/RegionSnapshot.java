package io.mortmain;

import io.mortmain.errors.RegionException;
import io.mortmain.internal.layout.ObjectType;
import io.mortmain.internal.layout.RegionGeometry;
import io.mortmain.internal.region.ObjectDirectory.Entry;
import io.mortmain.internal.region.RegionReader;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A region, read from its file without using it; where others use it meanwhile, its parts may be of different moments.
 *
 * @param path of the file
 * @param fileSize bytes
 * @param capacity bytes for all objects but mutexes
 * @param firstCapacity bytes of the capacity whose space was reserved at creation, where more is reserved later, see
 *     {@link RegionOptions#withFirstCapacity}; empty where all was
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
        OptionalLong firstCapacity,
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
     * @param guarded its data, where it is a guarded record or array
     * @param heap how full it is, where it is a heap
     * @param counter its number, where it is a counter and could be read
     */
    public record NamedObject(
            String name,
            Kind kind,
            long offset,
            long size,
            Optional<MutexSnapshot> mutex,
            Optional<GuardedSnapshot> guarded,
            Optional<HeapSnapshot> heap,
            OptionalLong counter) {
        static NamedObject of(RegionReader region, Entry entry, Path path, GuardedSnapshot.Allowance allowance) {
            String name = "guarded " + entry.name() + " of region " + path;
            boolean isCounter = entry.type() == ObjectType.COUNTER && entry.size() == Long.BYTES;
            return new NamedObject(
                    entry.name(),
                    Kind.valueOf(entry.type().name()),
                    entry.offset(),
                    entry.size(),
                    entry.type().hasMutex() ? Optional.of(MutexSnapshot.of(region, entry.slot())) : Optional.empty(),
                    entry.type() == ObjectType.GUARDED
                            ? Optional.of(GuardedSnapshot.of(region, entry, name, allowance))
                            : Optional.empty(),
                    entry.type() == ObjectType.HEAP
                            ? Optional.of(HeapSnapshot.of(region, entry, "heap " + entry.name() + " of region " + path))
                            : Optional.empty(),
                    isCounter ? counter(region, entry) : OptionalLong.empty());
        }

        private static OptionalLong counter(RegionReader region, Entry entry) {
            try {
                return OptionalLong.of(region.bytesOf(entry).getLong(0));
            } catch (RegionException notRead) {
                return OptionalLong.empty();
            }
        }
    }

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
        return RegionReader.read(path, region -> of(path, region));
    }

    private static RegionSnapshot of(Path path, RegionReader region) {
        GuardedSnapshot.Allowance allowance = new GuardedSnapshot.Allowance();
        RegionGeometry geometry = region.header().geometry();
        return new RegionSnapshot(
                path,
                region.status().size(),
                geometry.capacity(),
                geometry.firstSize() < geometry.fileSize()
                        ? OptionalLong.of(geometry.firstCapacity())
                        : OptionalLong.empty(),
                geometry.maxObjects(),
                region.header().severalPidNamespaces(),
                region.header().created(),
                region.status().userId(),
                region.status().mode() & PERMISSIONS,
                Optional.of(region.refusal()).filter(refusal -> !refusal.isEmpty()),
                region.objects().stream()
                        .map(entry -> NamedObject.of(region, entry, path, allowance))
                        .toList());
    }
}
