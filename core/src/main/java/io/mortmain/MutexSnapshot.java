package io.mortmain;

import io.mortmain.internal.layout.GlibcMutexLayout;
import io.mortmain.internal.layout.MutexSlotLayout;
import io.mortmain.internal.layout.OwnerNumberLayout;
import io.mortmain.internal.owner.OwnerRecord;
import io.mortmain.internal.region.RegionReader;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A mutex as it was at one moment, field by field; the fields were not read at one instant.
 *
 * @param state what the fields mean together
 * @param holder TID in the futex word, in the PID namespace of the region; empty when nobody holds it, and in a region for several PID
 *     namespaces
 * @param recordedHolder who holds it in a region for several PID namespaces
 * @param waiters whether somebody may sleep on it
 * @param word the futex word
 * @param count depth of a recursive mutex; meaningful while it is held
 * @param owner glibc's {@code __owner}: a TID, 0, or one of the special values; in a region for several PID namespaces a number of
 *     Mortmain's in place of a TID
 * @param users glibc's {@code __nusers}
 * @param kind what happens when the holder locks again
 * @param kindWord glibc's {@code __kind}
 * @param previous back link of the holder's robust list, an address in the holder's process; left over when free
 * @param next link of the holder's robust list, an address in the holder's process; left over when free
 * @param contended acquisitions from Java that found it held, since it was created
 * @param deaths acquirers from Java that were told of a death
 * @param recoveries times that Java code declared the data consistent after a death
 */
public record MutexSnapshot(
        State state,
        OptionalInt holder,
        Optional<RecordedHolder> recordedHolder,
        boolean waiters,
        int word,
        int count,
        int owner,
        int users,
        MutexKind kind,
        int kindWord,
        long previous,
        long next,
        long contended,
        long deaths,
        long recoveries) {

    /**
     * The holder in a region for several PID namespaces.
     *
     * @param record its process's owner record, 0 to 1,023
     * @param thread its number among the threads of its process that locked in the region, from 1
     * @param alive whether its process lives; where it does not, the next to wait will be told
     * @param processId number of its process, in the PID namespace of that, as it wrote itself; empty where others have overwritten it
     * @param pidNamespace inode of that PID namespace; 0 where the process is not known
     */
    public record RecordedHolder(int record, int thread, boolean alive, OptionalInt processId, long pidNamespace) {
        static Optional<RecordedHolder> of(RegionReader region, int number) {
            if (!OwnerNumberLayout.isOne(number)) {
                return Optional.empty();
            }
            int record = OwnerNumberLayout.record(number);
            OwnerRecord written = region.ownerRecord(record);
            boolean isHis = OwnerNumberLayout.isOfGeneration(number, written.generation());
            return Optional.of(new RecordedHolder(
                    record,
                    OwnerNumberLayout.thread(number),
                    isHis && region.isClaimed(record),
                    isHis ? OptionalInt.of(written.process()) : OptionalInt.empty(),
                    isHis ? written.pidNamespace() : 0));
        }
    }

    /** The state of a mutex. */
    public enum State {
        FREE,
        HELD,
        /** Held by one who was told of a death and has not declared the data consistent. */
        HELD_INCONSISTENT,
        /** The holder died; the next acquirer will be told. */
        OWNER_DIED,
        /** Somebody gave up; nobody can acquire it before a reset. */
        NOT_RECOVERABLE
    }

    static MutexSnapshot of(RegionReader region, int slot) {
        int word = region.slotInt(slot, GlibcMutexLayout.LOCK);
        int owner = region.slotInt(slot, GlibcMutexLayout.OWNER);
        int holder = word & GlibcMutexLayout.TID_MASK;
        int kind = region.slotInt(slot, GlibcMutexLayout.KIND);
        boolean isRecorded = region.header().severalPidNamespaces();
        return new MutexSnapshot(
                state(word, owner),
                holder == 0 || isRecorded ? OptionalInt.empty() : OptionalInt.of(holder),
                isRecorded ? RecordedHolder.of(region, holder) : Optional.empty(),
                (word & GlibcMutexLayout.WAITERS) != 0,
                word,
                region.slotInt(slot, GlibcMutexLayout.COUNT),
                owner,
                region.slotInt(slot, GlibcMutexLayout.USERS),
                MutexKind.ofWord(kind),
                kind,
                region.slotLong(slot, GlibcMutexLayout.PREVIOUS),
                region.slotLong(slot, GlibcMutexLayout.NODE),
                region.slotLong(slot, MutexSlotLayout.CONTENDED),
                region.slotLong(slot, MutexSlotLayout.DEATHS),
                region.slotLong(slot, MutexSlotLayout.RECOVERIES));
    }

    private static State state(int word, int owner) {
        if (owner == GlibcMutexLayout.OWNER_NOT_RECOVERABLE) {
            return State.NOT_RECOVERABLE;
        }
        if ((word & GlibcMutexLayout.OWNER_DIED) != 0) {
            return State.OWNER_DIED;
        }
        if ((word & GlibcMutexLayout.TID_MASK) == 0) {
            return State.FREE;
        }
        return owner == GlibcMutexLayout.OWNER_INCONSISTENT ? State.HELD_INCONSISTENT : State.HELD;
    }
}
