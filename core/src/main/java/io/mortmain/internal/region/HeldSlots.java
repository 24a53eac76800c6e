package io.mortmain.internal.region;

import io.mortmain.internal.layout.GlibcMutexLayout;
import io.mortmain.internal.layout.MutexSlotLayout;
import io.mortmain.internal.layout.RegionGeometry;
import io.mortmain.internal.linux.OwnMemory;
import io.mortmain.internal.owner.MarkerTurn;
import io.mortmain.internal.owner.Sweep;
import io.mortmain.internal.owner.Takeover;
import io.mortmain.internal.words.LinuxKernel;
import io.mortmain.internal.words.MappedWords;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import java.util.function.IntPredicate;

/**
 * The mutexes of a lock area that somebody holds, as copied out by the kernel: the file may have been truncated, and nobody can hold
 * what it no longer has.
 *
 * @param lockArea address of the lock area, or of another mapping of the same pages
 */
record HeldSlots(long lockArea, RegionGeometry geometry) implements Sweep {
    private static final int PIECE = 512 * MutexSlotLayout.SIZE;
    private static final Takeover TAKEOVER =
            new Takeover(MappedWords.INSTANCE, LinuxKernel.INSTANCE, MarkerTurn.UNDISPUTED);

    /** What to say of a held slot. */
    interface Finding {
        /**
         * A sentence, or empty to go on.
         *
         * @param holder the thread number in the word
         */
        String of(int slot, int holder);
    }

    @Override
    public void mark(IntPredicate isDead) {
        Optional<String> nothing = firstOf((slot, holder) -> {
            if (isDead.test(holder)) {
                TAKEOVER.markProven(lockArea + (long) slot * MutexSlotLayout.SIZE + MutexSlotLayout.MUTEX, holder);
            }
            return "";
        });
        assert nothing.isEmpty();
    }

    /** What is found first. The words are read after every store that the calling thread made before. */
    Optional<String> firstOf(Finding finding) {
        VarHandle.fullFence();
        long used = (geometry.maxObjects() + 1L) * MutexSlotLayout.SIZE;
        for (long at = 0; at < used; at += PIECE) {
            ByteBuffer piece = ByteBuffer.wrap(OwnMemory.copy(lockArea + at, (int) Math.min(PIECE, used - at)))
                    .order(ByteOrder.nativeOrder());
            for (int slot = 0; (slot + 1) * MutexSlotLayout.SIZE <= piece.limit(); slot++) {
                int word = piece.getInt(slot * MutexSlotLayout.SIZE + MutexSlotLayout.MUTEX + GlibcMutexLayout.LOCK);
                int holder = word & GlibcMutexLayout.TID_MASK;
                String found = holder == 0 ? "" : finding.of(Math.toIntExact(at / MutexSlotLayout.SIZE) + slot, holder);
                if (!found.isEmpty()) {
                    return Optional.of(found);
                }
            }
        }
        return Optional.empty();
    }
}
