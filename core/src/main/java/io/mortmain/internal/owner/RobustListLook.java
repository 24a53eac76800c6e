package io.mortmain.internal.owner;

import static io.mortmain.internal.layout.GlibcMutexLayout.FUTEX_OFFSET;
import static io.mortmain.internal.layout.GlibcMutexLayout.LINK_PI;
import static io.mortmain.internal.layout.GlibcMutexLayout.NODE;

import io.mortmain.internal.layout.RobustListLayout;
import io.mortmain.internal.linux.Facility;
import io.mortmain.internal.linux.KernelThread;
import io.mortmain.internal.linux.MemoryMap;
import io.mortmain.internal.linux.OtherMemory;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One look at a living thread's robust list: does it hold the mutex? The list is read while the thread runs, so one look proves nothing;
 * {@link Watched} says how many do.
 *
 * <p>Rules:
 * <ol>
 *   <li>Only a list that is glibc's (the word before its head has the thread's number), that can be read whole, and leads back to its
 *       head can speak against the thread. One that is broken, replaced, or may not be read leaves the thread the holder.
 *   <li>An entry is the mutex when the file, and the place in the file, are the same, at whatever address the thread has it mapped.
 * </ol>
 */
final class RobustListLook {
    enum Verdict {
        /** On the list, or about to be put on or taken off. */
        HOLDS,
        /** Not on the list at this moment. */
        ABSENT,
        /** The list changed while it was read. */
        MOVING,
        /** Nobody can say, now or later. */
        UNKNOWN
    }

    /** Offset of glibc's {@code tid} before the head, in {@code struct pthread}, since glibc 2.4. */
    private static final int HEAD_TO_THREAD_ID = -16;

    private RobustListLook() {}

    /** @param mutex address in this process */
    static Verdict at(int threadId, long mutex) {
        return Facility.FOREIGN_LISTS.isAllowed() ? look(threadId, mutex, true) : Verdict.UNKNOWN;
    }

    /** As {@link #at} for the calling thread: nothing moves, and what is pending is the look's own operation. */
    static Verdict atCaller(long mutex) {
        return look(KernelThread.id(), mutex, false);
    }

    private static Verdict look(int threadId, long mutex, boolean pendingCounts) {
        try (OtherMemory memory = new OtherMemory(threadId)) {
            OptionalLong head = memory.robustListHead();
            if (head.isEmpty() || !isOfGlibc(memory, head.getAsLong(), threadId)) {
                return Verdict.UNKNOWN;
            }
            Optional<List<Long>> before = anchors(memory, head.getAsLong());
            Optional<List<Long>> nodes = before.isEmpty()
                    ? Optional.empty()
                    : walk(memory, head.getAsLong(), before.get().get(0));
            if (nodes.isEmpty()) {
                return Verdict.UNKNOWN;
            }
            List<Long> entries = nodes.get();
            if (pendingCounts) {
                entries.add(before.get().get(1));
            }
            Verdict verdict = find(threadId, mutex, entries);
            return verdict == Verdict.ABSENT
                            && !anchors(memory, head.getAsLong()).equals(before)
                    ? Verdict.MOVING
                    : verdict;
        }
    }

    private static boolean isOfGlibc(OtherMemory memory, long head, int threadId) {
        OptionalLong futexOffset = memory.readLong(head + RobustListLayout.FUTEX_OFFSET);
        OptionalLong number = memory.readLong(head + HEAD_TO_THREAD_ID);
        return futexOffset.isPresent()
                && futexOffset.getAsLong() == FUTEX_OFFSET
                && number.isPresent()
                && (int) number.getAsLong() == threadId;
    }

    /** The link to the first entry, and to the pending one. */
    private static Optional<List<Long>> anchors(OtherMemory memory, long head) {
        OptionalLong first = memory.readLong(head + RobustListLayout.FIRST);
        OptionalLong pending = memory.readLong(head + RobustListLayout.PENDING);
        return first.isPresent() && pending.isPresent()
                ? Optional.of(List.of(first.getAsLong(), pending.getAsLong()))
                : Optional.empty();
    }

    /** Every entry; empty when the list does not lead back to its head. */
    private static Optional<List<Long>> walk(OtherMemory memory, long head, long first) {
        List<Long> nodes = new ArrayList<>();
        long node = first & ~LINK_PI;
        while (node != head) {
            OptionalLong next = memory.readLong(node);
            if (next.isEmpty() || nodes.size() > 2 * RobustListLayout.LIMIT) {
                return Optional.empty();
            }
            nodes.add(node);
            node = next.getAsLong() & ~LINK_PI;
        }
        return Optional.of(nodes);
    }

    private static Verdict find(int threadId, long mutex, List<Long> entries) {
        if (entries.stream().allMatch(entry -> entry == 0)) {
            return Verdict.ABSENT;
        }
        Optional<MemoryMap.Place> wanted = MemoryMap.of(KernelThread.id()).flatMap(map -> map.at(mutex));
        Optional<MemoryMap> theirs = MemoryMap.of(threadId);
        if (wanted.isEmpty() || theirs.isEmpty()) {
            return Verdict.UNKNOWN;
        }
        for (long entry : entries) {
            if (theirs.get().at((entry & ~LINK_PI) - NODE).equals(wanted)) {
                return Verdict.HOLDS;
            }
        }
        return Verdict.ABSENT;
    }
}
