package io.mortmain.internal.lock;

import static io.mortmain.internal.layout.GlibcMutexLayout.FUTEX_OFFSET;
import static io.mortmain.internal.layout.GlibcMutexLayout.KIND;
import static io.mortmain.internal.layout.GlibcMutexLayout.KIND_PRIORITY_INHERITING;
import static io.mortmain.internal.layout.GlibcMutexLayout.LINK_PI;
import static io.mortmain.internal.layout.GlibcMutexLayout.NODE;
import static io.mortmain.internal.layout.GlibcMutexLayout.NODE_TO_PREVIOUS;
import static io.mortmain.internal.layout.GlibcMutexLayout.TID_MASK;
import static io.mortmain.internal.layout.RobustListLayout.FIRST;
import static io.mortmain.internal.layout.RobustListLayout.LIMIT;

import io.mortmain.internal.layout.MutexSlotLayout;
import io.mortmain.internal.layout.RegionGeometry;
import io.mortmain.internal.words.Kernel;
import io.mortmain.internal.words.Words;

/**
 * Links and unlinks nodes of a robust list that C code on the same thread uses too: it may have put mutexes of its own between ours,
 * rewritten the links of ours in doing so, or unmapped a mutex that it holds. And any of them may lie in a region that somebody hostile
 * writes to.
 *
 * <p>Rules:
 * <ol>
 *   <li>Only the list head, and the node that is being linked or unlinked, are read and written directly; every other address only
 *       through the kernel, which answers where we would crash.
 *   <li>The head is private: its link leads to the first of the list, its back link to the last.
 *   <li>A link between two nodes is believed where both say the same, each by its own link. What follows a node must then be one that
 *       this thread remembers, or of C code and remembered to follow, or lead by such links to the end of the list or to one that this
 *       thread remembers. Where the node itself says something else, nodes that
 *       this thread remembers, and those of C code above them, are asked whether they follow it.
 *   <li>Only where nothing is left to believe is the order of locking taken for that of the list. C code that waits for a condition
 *       with a mutex of ours puts its node first, before younger ones.
 *   <li>A node that no chain from the head leads to is not in the list: nothing is mended around it.
 *   <li>Every walk is bounded by {@link io.mortmain.internal.layout.RobustListLayout#LIMIT}.
 * </ol>
 */
final class ForeignLinks {
    /** No region's mutexes take more bytes. */
    private static final long REACH = (RegionGeometry.MAX_OBJECTS + 1L) * MutexSlotLayout.SIZE;

    private final Words words;
    private final Kernel kernel;

    ForeignLinks(Words words, Kernel kernel) {
        this.words = words;
        this.kernel = kernel;
    }

    /** Makes room for one more node and sets the thread's limit anew; false when the list is full. */
    boolean reserve(LockThread me) {
        if (me.hasRoom() && words.getLongPlain(me.head + FIRST) == me.nodes[me.depth]) {
            return true; // as at the last count
        }
        int length = length(me);
        if (length >= LIMIT) {
            return false;
        }
        me.reserve();
        me.limitTo(Math.min(me.nodes.length - 1, me.depth + LIMIT - length));
        return true;
    }

    /** Nodes in the list: those that this thread remembers, and those of C code as far as they can be verified. */
    private int length(LockThread me) {
        int length = me.depth + foreignUnder(me, me.head, words.getLongPlain(me.head + FIRST));
        for (int index = me.depth; index > 0 && length < LIMIT; index--) {
            length += foreignUnder(me, me.nodes[index], successor(me, me.nodes[index], index));
        }
        return length;
    }

    /** How many nodes of C code follow {@code before}, whose link is given. */
    private int foreignUnder(LockThread me, long before, long link) {
        long at = before;
        long next = address(link);
        int count = 0;
        while (count < LIMIT && next != me.head && !isOwn(me, next) && isAfter(me, at, next)) {
            count++;
            at = next;
            if (!kernel.tryReadLong(at, me.slot)) {
                break;
            }
            next = address(kernel.transferred(me.slot));
        }
        return count;
    }

    /** Puts the node first. The pending word leads to it meanwhile. */
    void link(LockThread me, long node) {
        if (me.indexOf(node) > 0) {
            // C code on this thread released it, or somebody spoilt its word and it is in the list still
            detach(me, node);
        }
        long head = me.head;
        long first = words.getLongPlain(head + FIRST);
        boolean own = first == me.nodes[me.depth];
        words.putLongRelease(node, first);
        words.putLongRelease(node + NODE_TO_PREVIOUS, head);
        putPrevious(me, first, node);
        words.putLongRelease(head + FIRST, node);
        me.push(node, own ? 0 : first);
    }

    /** Takes the node out, wherever it is, and forgets it. The pending word leads to it meanwhile. */
    void unlink(LockThread me, long node) {
        detach(me, node);
        words.putLongRelease(node + NODE_TO_PREVIOUS, 0);
        words.putLongRelease(node, 0);
    }

    /** As {@link #unlink} for a node that is no longer this thread's to write: only what leads to it is mended. */
    void detach(LockThread me, long node) {
        int index = me.indexOf(node);
        long successor = successor(me, node, index);
        long predecessor = predecessor(me, node, index);
        if (predecessor != 0) {
            putNext(me, predecessor, successor);
            putPrevious(me, successor, predecessor);
        }
        if (index > 0) {
            if (index < me.depth && (predecessor == me.nodes[index + 1] || me.below[index + 1] == 0)) {
                rememberUnder(me, index + 1, predecessor == me.nodes[index + 1] ? successor : 0);
            }
            me.remove(index);
        }
    }

    /** The node under a younger one goes: what follows the younger one then, as far as is known. C code may have parted the two before. */
    private void rememberUnder(LockThread me, int younger, long known) {
        long link = known != 0 ? known : successor(me, me.nodes[younger], younger);
        me.setBelow(younger, link == me.nodes[younger - 2] ? 0 : link);
    }

    /** Takes every node out whose page the file no longer has, so that the kernel's walk gets past it. */
    void detachUnreadable(LockThread me) {
        for (int index = me.depth; index > 0; index--) {
            if (!kernel.tryReadLong(me.nodes[index], me.slot)) {
                detach(me, me.nodes[index]);
            }
        }
    }

    /**
     * The node, or the head, whose link leads to {@code node}; 0 when it is not in the list. Mostly the node stands under the next younger
     * one of this thread that is held, with nothing between but nodes of C code, and younger ones whose words were spoilt; C code that
     * waited for a condition has put it further up. Where the chain is broken, it is mended behind the last node that was verified.
     */
    private long predecessor(LockThread me, long node, int index) {
        long younger = youngerHeld(me, index);
        long last = walk(me, younger, node);
        if (next(me, last) == node) {
            return last;
        }
        if (younger != me.head) {
            long above = walk(me, me.head, node);
            if (next(me, above) == node) {
                return above;
            }
            last = isEnd(me, last) ? above : last;
        }
        return index == 0 || isEnd(me, last) ? 0 : last;
    }

    /** The next younger node of this thread that is held, or the head. */
    private long youngerHeld(LockThread me, int index) {
        for (int younger = index == 0 ? me.depth + 1 : index + 1; younger <= me.depth; younger++) {
            if (isHeld(me, me.nodes[younger])) {
                return me.nodes[younger];
            }
        }
        return me.head;
    }

    /**
     * Goes from one node, or the head, to the next, up to the one that leads to {@code node}, to the end of the list, or to nothing that can
     * be verified.
     */
    private long walk(LockThread me, long start, long node) {
        long at = start;
        for (int i = 0; i < LIMIT; i++) {
            long next = next(me, at);
            if (next == node
                    || next == me.head
                    || !kernel.tryReadLong(next, me.slot)
                    || !(isOwn(me, next) || leadsBack(me, next, at))) {
                break;
            }
            at = next;
        }
        return at;
    }

    private boolean isEnd(LockThread me, long at) {
        return next(me, at) == me.head && leadsBack(me, me.head, at);
    }

    /** Where a node, or the head, leads; 0 if it cannot be read. */
    private long next(LockThread me, long at) {
        if (at == me.head) {
            return address(words.getLongPlain(at));
        }
        int own = me.indexOf(at);
        return address(own > 0 ? successor(me, at, own) : read(me, at));
    }

    /** The link that the node has, or should have: to the end of the list, to another node of this thread, or to one of C code. */
    private long successor(LockThread me, long node, int index) {
        if (leadsBack(me, me.head, node)) {
            return me.head;
        }
        long link = read(me, node);
        long next = address(link);
        if (isAfter(me, node, next)) {
            if (isOwn(me, next)) {
                return next;
            }
            if (link == me.below[index] || comesBack(me, node, next)) {
                return link;
            }
        }
        long found = fromBelow(me, node);
        if (found != 0) {
            return found;
        }
        return isHintRight(me, index) ? me.below[index] : likelySuccessor(me, node, index, link);
    }

    /** Whether who can write to one of them cannot, by the same region, write to the other: a region's mutexes lie together. */
    private static boolean isOutOfReach(long node, long other) {
        return Math.abs(node - other) >= REACH;
    }

    /** Whether links that both ends say lead through C's nodes to one that this thread remembers, or to the end of the list. */
    private boolean comesBack(LockThread me, long node, long first) {
        long at = first;
        for (int i = 0; i < LIMIT; i++) {
            long next = address(read(me, at));
            if (next == node) {
                return false;
            }
            if (next == me.head || isOwn(me, next)) {
                return leadsBack(me, next, at) || isDenied(me, next, at, node);
            }
            if (!leadsBack(me, next, at)) {
                return false;
            }
            at = next;
        }
        return false;
    }

    /** Whether a node of this thread says that it does not follow C's, which says so and is out of reach, and nobody else says that it leads there. */
    private boolean isDenied(LockThread me, long own, long ofC, long node) {
        return own != me.head && isOutOfReach(ofC, node) && !standsElsewhere(me, own);
    }

    /** What follows the node: a held node of this thread, or the end, or what is found going up from there; 0 for nothing. */
    private long fromBelow(LockThread me, long node) {
        for (int index = me.depth; index >= 0; index--) {
            long at = me.nodes[index];
            if (at != node) {
                at = walkUp(me, at, node);
                if (leadsBack(me, at, node)) {
                    return at == me.head || isOwn(me, at) ? at : at | linkBits(me, at);
                }
            }
        }
        return 0;
    }

    /**
     * Goes back through C's nodes, up to the one under {@code node}, by links that both ends say, and that neither the region of the one
     * nor that of the other end of the way can have forged. Of C is what has this thread's number: by a mutex that was freed under this thread,
     * and that another has locked, the way leads to the head of that one's list, and its links agree.
     */
    private long walkUp(LockThread me, long start, long node) {
        long at = start;
        for (int i = 0; i < LIMIT; i++) {
            long before = previous(me, at);
            boolean isOfC = before != node && before != me.head && !isOwn(me, before);
            if (!isOfC
                    || !isHeld(me, before)
                    || !isOutOfReach(before, node)
                    || !(start == me.head || isOutOfReach(before, start))
                    || address(read(me, before)) != at) {
                break;
            }
            at = before;
        }
        return at;
    }

    /** Links to a mutex with priority inheritance have a bit set, by which the kernel knows not to wake. */
    private long linkBits(LockThread me, long node) {
        return (read(me, node - NODE + KIND) & KIND_PRIORITY_INHERITING) != 0 ? LINK_PI : 0;
    }

    /** Where no two ends of a link agree on what follows the node. */
    private long likelySuccessor(LockThread me, long node, int index, long link) {
        int own = me.indexOf(address(link));
        if (own > 0 && me.nodes[own] != node && !standsElsewhere(me, me.nodes[own])) {
            return me.nodes[own];
        }
        int older = olderHeld(me, index);
        if (isAfter(me, node, address(link)) && (older == 0 || saysElsewhere(me, me.nodes[older], node))) {
            return link;
        }
        for (int spoilt = index - 1; spoilt > older; spoilt--) {
            if (isHintRight(me, spoilt)) {
                return me.below[spoilt];
            }
        }
        return me.nodes[older];
    }

    /** Position of the next older node of this thread that is held; 0 for none. */
    private int olderHeld(LockThread me, int index) {
        int older = Math.max(index - 1, 0);
        while (older > 0 && !isHeld(me, me.nodes[older])) {
            older--;
        }
        return older;
    }

    /** Whether what a node of this thread says to follow leads to it, and its own region cannot have forged both. */
    private boolean standsElsewhere(LockThread me, long own) {
        long before = previous(me, own);
        boolean isForgeable = before != me.head && !isOwn(me, before) && !isOutOfReach(before, own);
        return !isForgeable
                && before != 0
                && before != own
                && address(before == me.head ? words.getLongPlain(before) : read(me, before)) == own;
    }

    /** Whether a node of this thread says that it follows another one than {@code node}, which is there. */
    private boolean saysElsewhere(LockThread me, long own, long node) {
        long before = previous(me, own);
        return before != node && (before == me.head || kernel.tryReadLong(before, me.slot));
    }

    /** Whether C's node that is remembered under node {@code index} stands there now. */
    private boolean isHintRight(LockThread me, int index) {
        return index > 0 && me.below[index] != 0 && isAfter(me, me.nodes[index], me.below[index]);
    }

    /** Whether {@code link} leads to the head or to a mutex of this thread, and that leads back to {@code node}. */
    private boolean isAfter(LockThread me, long node, long link) {
        long next = address(link);
        return next != node && leadsBack(me, next, node) && (next == me.head || isOwn(me, next) || isHeld(me, next));
    }

    private boolean leadsBack(LockThread me, long node, long before) {
        return node % Long.BYTES == 0 && before != 0 && previous(me, node) == before;
    }

    /** Where the node, or the head, leads back to; 0 if it cannot be read. */
    private long previous(LockThread me, long node) {
        return node == me.head
                ? words.getLongPlain(node + NODE_TO_PREVIOUS)
                : address(read(me, node + NODE_TO_PREVIOUS));
    }

    /** 8 bytes that may not be there: 0 then. */
    private long read(LockThread me, long address) {
        return kernel.tryReadLong(address, me.slot) ? kernel.transferred(me.slot) : 0;
    }

    /** Whether a mutex that can be read is there, and its word has this thread's number. */
    private boolean isHeld(LockThread me, long node) {
        return kernel.tryReadLong(node + FUTEX_OFFSET, me.slot)
                && ((int) kernel.transferred(me.slot) & TID_MASK) == me.threadId();
    }

    private void putNext(LockThread me, long node, long next) {
        if (node == me.head) {
            words.putLongRelease(node, next);
        } else {
            kernel.tryWriteLong(node, next, me.slot);
        }
    }

    private void putPrevious(LockThread me, long link, long previous) {
        long node = address(link);
        if (node == me.head) {
            words.putLongRelease(node + NODE_TO_PREVIOUS, previous);
        } else {
            // It may be gone: unmapped by C code while it held it, or cut off with its file. Then there is no back link
            // to keep.
            kernel.tryWriteLong(node + NODE_TO_PREVIOUS, previous, me.slot);
        }
    }

    private static boolean isOwn(LockThread me, long node) {
        return me.indexOf(node) > 0;
    }

    private static long address(long link) {
        return link & ~LINK_PI;
    }
}
