package io.mortmain.cli.rm;

import io.mortmain.Region;
import io.mortmain.RegionOptions;
import io.mortmain.RegionSnapshot;
import io.mortmain.cli.lock.HolderRecord;
import io.mortmain.cli.lock.RunningGroup;
import io.mortmain.errors.RegionException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Optional;

/** The process group that {@code mortmain lock} left in a region: it may run without having the region open. */
final class RecordedGroup {
    private RecordedGroup() {}

    /**
     * Empty if there is none, or nobody of it can be alive.
     *
     * @throws UnknownException if that cannot be found out
     */
    static Optional<RunningGroup> of(String region) throws UnknownException {
        try {
            RegionSnapshot snapshot = Region.inspect(region);
            if (isOfEarlierBoot(region, snapshot)) {
                return Optional.empty();
            }
            Optional<HolderRecord> record = recordIn(snapshot);
            record.ifPresent(found -> found.requireSound(region));
            return record.map(HolderRecord::group);
        } catch (IOException unreadable) {
            throw new UnknownException(unreadable.toString());
        } catch (RegionException refusal) {
            if (refusal.reason() != RegionException.Reason.DAMAGED
                    && refusal.reason() != RegionException.Reason.INCOMPATIBLE) {
                throw refusal;
            }
            throw new UnknownException(String.valueOf(refusal.getMessage()));
        }
    }

    /** Process numbers mean something in one boot and one PID namespace only; opening says which of the two is wrong. */
    private static boolean isOfEarlierBoot(String region, RegionSnapshot snapshot) throws UnknownException {
        if (snapshot.unusableBecause().isEmpty()) {
            return false;
        }
        try {
            Region.open(region, RegionOptions.DEFAULT.withForeignOwner()).close();
            return false;
        } catch (RegionException refusal) {
            if (refusal.reason() == RegionException.Reason.OTHER_BOOT) {
                return true;
            }
            throw new UnknownException(snapshot.unusableBecause().get());
        }
    }

    private static Optional<HolderRecord> recordIn(RegionSnapshot snapshot) throws IOException {
        Optional<RegionSnapshot.NamedObject> object = snapshot.objects().stream()
                .filter(candidate -> candidate.name().equals(HolderRecord.OBJECT)
                        && candidate.mutex().isEmpty()
                        && candidate.size() == HolderRecord.SIZE)
                .findFirst();
        return object.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        new HolderRecord(bytes(snapshot.path(), object.get().offset())));
    }

    private static MemorySegment bytes(Path file, long offset) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(HolderRecord.SIZE);
        try (FileChannel channel = FileChannel.open(file)) {
            while (bytes.hasRemaining() && channel.read(bytes, offset + bytes.position()) > 0) {
                // the rest
            }
        }
        // bytes on the heap have no alignment, and longs have
        MemorySegment aligned = MemorySegment.ofArray(new long[HolderRecord.SIZE / Long.BYTES]);
        return aligned.copyFrom(MemorySegment.ofArray(bytes.array()));
    }

    /** It cannot be known. */
    static final class UnknownException extends Exception {
        private static final long serialVersionUID = 1L;

        UnknownException(String why) {
            super(why);
        }
    }
}
