package io.mortmain.internal.owner;

import io.mortmain.internal.layout.OwnerRecordLayout;
import io.mortmain.internal.linux.OpenFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * What stands in an owner record, as somebody wrote it: for messages, never a proof of anything.
 *
 * @param generation how often the record was claimed
 * @param process number of the process in its own PID namespace
 * @param pidNamespace inode of that
 * @param claimed when, in nanoseconds since 1970 by the clock of that process
 */
public record OwnerRecord(int generation, int process, long pidNamespace, long claimed) {
    /** As it stands in the file; empty where the file is shorter. */
    static Optional<OwnerRecord> read(OpenFile file, long at) {
        byte[] bytes = file.read(at, OwnerRecordLayout.SIZE);
        return bytes.length == OwnerRecordLayout.SIZE ? Optional.of(of(bytes, 0)) : Optional.empty();
    }

    /** Out of a copy. */
    public static OwnerRecord of(byte[] bytes, int at) {
        ByteBuffer record = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        return new OwnerRecord(
                record.getInt(at + OwnerRecordLayout.GENERATION),
                record.getInt(at + OwnerRecordLayout.PROCESS),
                record.getLong(at + OwnerRecordLayout.PID_NAMESPACE),
                record.getLong(at + OwnerRecordLayout.CLAIMED));
    }

    static OwnerRecord ofThisProcess(int generation) {
        return new OwnerRecord(
                generation,
                (int) ProcessHandle.current().pid(),
                Surroundings.current().pidNamespace(),
                ChronoUnit.NANOS.between(Instant.EPOCH, Instant.now()));
    }

    byte[] encode() {
        return ByteBuffer.allocate(OwnerRecordLayout.SIZE)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(OwnerRecordLayout.GENERATION, generation)
                .putInt(OwnerRecordLayout.PROCESS, process)
                .putLong(OwnerRecordLayout.PID_NAMESPACE, pidNamespace)
                .putLong(OwnerRecordLayout.CLAIMED, claimed)
                .array();
    }
}
