package io.mortmain.internal.owner;

import static io.mortmain.internal.layout.GlibcMutexLayout.FUTEX_OFFSET;
import static io.mortmain.internal.layout.GlibcMutexLayout.LINK_PI;
import static io.mortmain.internal.layout.GlibcMutexLayout.LOCK;
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
 *   <li>Another thread's list that leads through memory of another file than the mutex's cannot speak against it: who writes that file,
 *       and may not even read the mutex's, can have cut the rest of the list off, back links and all.
 *   <li>An entry is the mutex when the file, and the place in the file, are the same, at whatever address the thread has it mapped.
 *   <li>A pending word with bit 0 set, that of a mutex with priority inheritance, counts as an entry: the kernel gives such a mutex to a
 *       thread that sleeps for it.
 * </ol>
 */
final class RobustListLook {
    enum Verdict {
        /** On the list; or, with priority inheritance, about to be put on or taken off, or waited for. */
        HOLDS,
        /** Not on the list, but its pending word leads to it: about to be put on or taken off, or waited for. */
        PENDING,
        /** Not on the list at this moment. */
        ABSENT,
        /** The list changed while it was read, or others could have changed it: a later look may tell. */
        MOVING,
        /** Nobody can say, now or later. */
        UNKNOWN
    }

    private RobustListLook() {}

    /** @param mutex address in this process */
    static Verdict at(int threadId, long mutex) {
        return Facility.FOREIGN_LISTS.isAllowed() ? look(threadId, mutex, true) : Verdict.UNKNOWN;
    }

    /** As {@link #at} for the calling thread: nothing moves, and what is pending is the look's own operation. */
    static Verdict atCaller(long mutex) {
        return look(KernelThread.id(), mutex, false);
    }

    private static Verdict look(int threadId, long mutex, boolean anothers) {
        try (OtherMemory memory = new OtherMemory(threadId)) {
            OptionalLong head = memory.robustListHead();
            if (head.isEmpty() || !isOfGlibc(memory, head.getAsLong(), threadId)) {
                return Verdict.UNKNOWN;
            }
            Optional<List<Long>> before = anchors(memory, head.getAsLong());
            Optional<List<Long>> nodes = before.isEmpty()
                    ? Optional.empty()
                    : walk(memory, head.getAsLong(), before.get().get(0));
            if (nodes.isEmpty()) { // broken, or the walk was led astray by what moved
                return anchors(memory, head.getAsLong()).equals(before) ? Verdict.UNKNOWN : Verdict.MOVING;
            }
            Verdict verdict = anothers
                    ? find(threadId, mutex, nodes.get(), before.get().get(1), true)
                    : find(threadId, mutex, nodes.get(), 0, false);
            return (verdict == Verdict.ABSENT || verdict == Verdict.PENDING)
                            && !anchors(memory, head.getAsLong()).equals(before)
                    ? Verdict.MOVING
                    : verdict;
        }
    }

    /** Where the thread itself has the futex word of the mutex that its pending word leads to; empty where none can be seen. */
    static OptionalLong pendingWord(int threadId) {
        try (OtherMemory memory = new OtherMemory(threadId)) {
            OptionalLong head = memory.robustListHead();
            OptionalLong pending = head.isEmpty() ? head : memory.readLong(head.getAsLong() + RobustListLayout.PENDING);
            return pending.isEmpty() || pending.getAsLong() == 0
                    ? OptionalLong.empty()
                    : OptionalLong.of(mutexOf(pending.getAsLong()) + LOCK);
        }
    }

    private static boolean isOfGlibc(OtherMemory memory, long head, int threadId) {
        OptionalLong futexOffset = memory.readLong(head + RobustListLayout.FUTEX_OFFSET);
        OptionalLong number = memory.readLong(head + RobustListLayout.THREAD_ID);
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

    /**
     * @param nodes that the list leads to
     * @param pending the node that is about to be put on or taken off, or waited for, or 0; the thread's own memory names it
     * @param distrusts whether others' memory on the way is no proof; the caller's own list needs none, its private memory knows what
     *     Java locked
     */
    private static Verdict find(int threadId, long mutex, List<Long> nodes, long pending, boolean distrusts) {
        if (nodes.isEmpty() && pending == 0) {
            return Verdict.ABSENT;
        }
        Optional<MemoryMap.Place> wanted = MemoryMap.of(KernelThread.id()).flatMap(map -> map.at(mutex));
        Optional<MemoryMap> theirs = MemoryMap.of(threadId);
        if (wanted.isEmpty() || theirs.isEmpty()) {
            return Verdict.UNKNOWN;
        }
        MemoryMap map = theirs.get();
        boolean isPending = map.at(mutexOf(pending)).equals(wanted);
        if ((isPending && (pending & LINK_PI) != 0)
                || nodes.stream().anyMatch(node -> map.at(mutexOf(node)).equals(wanted))) {
            return Verdict.HOLDS;
        }
        boolean isForgeable = nodes.stream()
                .flatMap(node -> map.sharedAt(node).stream())
                .anyMatch(place -> !place.isInFileOf(wanted.get()));
        if (distrusts && isForgeable) {
            return Verdict.MOVING;
        }
        return isPending ? Verdict.PENDING : Verdict.ABSENT;
    }

    private static long mutexOf(long entry) {
        return (entry & ~LINK_PI) - NODE;
    }
}
