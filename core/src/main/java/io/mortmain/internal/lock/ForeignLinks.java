package io.mortmain.internal.lock;

import static io.mortmain.internal.layout.GlibcMutexLayout.FUTEX_OFFSET;
import static io.mortmain.internal.layout.GlibcMutexLayout.LINK_PI;
import static io.mortmain.internal.layout.GlibcMutexLayout.NODE_TO_PREVIOUS;
import static io.mortmain.internal.layout.GlibcMutexLayout.TID_MASK;
import static io.mortmain.internal.layout.RobustListLayout.FIRST;
import static io.mortmain.internal.layout.RobustListLayout.LIMIT;

import io.mortmain.internal.words.Kernel;
import io.mortmain.internal.words.Words;

/**
 * Links and unlinks nodes of a robust list that C code on the same thread uses too: it may have put mutexes of its own between ours,
 * rewritten the links of ours in doing so, or unmapped a mutex that it holds.
 *
 * <p>Rules:
 * <ol>
 *   <li>Only the list head, and the node that is being linked or unlinked, are read and written directly; every other address only
 *       through the kernel, which answers where we would crash.
 *   <li>The head is private: what its back link leads to is the last of the list.
 *   <li>What this thread remembers to follow a node comes next, and is believed where its back link leads to the node: it may be
 *       gone since, but only this thread could have put something between.
 *   <li>A link that stands in shared memory is asked only then, and never believed for itself. It must lead to a node that this
 *       thread remembers, or to mutexes whose words have this thread's TID and whose back links lead here, one after the other up to a node
 *       that it remembers or the end of the list: what C's own unlinking leaves, or C's waiting for a condition with a mutex of ours,
 *       which puts its node first, before younger ones. Anything else was written by somebody hostile or gone astray.
 *   <li>A node to which no chain from the head leads is not in the list: nothing is mended around it.
 *   <li>Every walk is bounded by {@link io.mortmain.internal.layout.RobustListLayout#LIMIT}.
 * </ol>
 */
final class ForeignLinks {
    private final Words words;
    private final Kernel kernel;

    ForeignLinks(Words words, Kernel kernel) {
        this.words = words;
        this.kernel = kernel;
    }

    /** Makes room for one more node and sets the thread's limit anew; false when the list is full. */
    boolean reserve(LockThread me) {
        if (me.depth < me.limit && words.getLongPlain(me.head + FIRST) == me.nodes[me.depth]) {
            return true; // as at the last count
        }
        int length = length(me);
        if (length >= LIMIT) {
            return false;
        }
        me.reserve();
        me.limit = Math.min(me.nodes.length - 1, me.depth + LIMIT - length);
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
        while (count < LIMIT && next != me.head && !isOwn(me, next) && isMutexOfThisThreadAfter(me, at, next)) {
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
            detach(
                    me,
                    node); // C code on this thread released it, or somebody spoilt its word and it is in the list still
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
            boolean fromYounger = index < me.depth && predecessor == me.nodes[index + 1];
            if (fromYounger && !isHintRight(me, index + 1)) {
                me.setBelow(index + 1, successor == me.head || isOwn(me, successor) ? 0 : successor);
            }
            me.remove(index, fromYounger && me.indexOf(successor) < index ? successor : me.nodes[index - 1]);
        }
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
        long last = walk(me, younger, node, 0);
        if (address(next(me, last)) != node && younger != me.head) {
            long above = walk(me, me.head, node, 0);
            last = address(next(me, above)) == node ? above : last;
        }
        if (address(next(me, last)) == node) {
            return last;
        }
        return index == 0 ? 0 : brokenAfter(me, younger, node, index);
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
     * Goes from one node, or the head, to the next, up to the one that leads to {@code node}, to a node of this thread older than {@code
     * oldest}, to the end of the list, or to nothing that can be verified.
     */
    private long walk(LockThread me, long start, long node, int oldest) {
        long at = start;
        for (int i = 0; i < LIMIT; i++) {
            long next = address(next(me, at));
            int own = me.indexOf(next);
            if (next == node
                    || next == me.head
                    || (own > 0 && own < oldest)
                    || !(own > 0 || isMutexOfThisThreadAfter(me, at, next))
                    || !kernel.tryReadLong(next, me.slot)) {
                break;
            }
            at = next;
        }
        return at;
    }

    /** After which one the chain under {@code start} breaks off, before anything older than node {@code index}; 0 if it does not. */
    private long brokenAfter(LockThread me, long start, long node, int index) {
        long last = walk(me, start, node, index);
        long next = address(next(me, last));
        boolean past = next == me.head ? isAfter(me, last, next) : isOwn(me, next) && me.indexOf(next) < index;
        return past ? 0 : last;
    }

    /** Where a node, or the head, leads; 0 if it cannot be read. */
    private long next(LockThread me, long at) {
        if (at == me.head) {
            return words.getLongPlain(at);
        }
        int own = me.indexOf(at);
        if (own > 0) {
            return successor(me, at, own);
        }
        return kernel.tryReadLong(at, me.slot) ? kernel.transferred(me.slot) : 0;
    }

    /** The link that the node has, or should have: to C's node under it, or to another node of this thread. */
    private long successor(LockThread me, long node, int index) {
        if (isAfter(me, node, me.head)) {
            return me.head;
        }
        if (index > 0) {
            long remembered = me.below[index] != 0 ? me.below[index] : me.nodes[index - 1];
            if (isAfter(me, node, remembered)) {
                return remembered;
            }
        }
        int older = olderHeld(me, index);
        if (kernel.tryReadLong(node, me.slot)) {
            long link = kernel.transferred(me.slot);
            int own = me.indexOf(link);
            boolean isOlder = own > 0 && (index == 0 || (own >= older && own < index));
            if (isOlder || (isMutexOfThisThreadAfter(me, node, address(link)) && comesBack(me, address(link)))) {
                return link;
            }
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

    /** Whether nodes of C code lead from here to one that this thread remembers, which may be this one, or to the end of the list. */
    private boolean comesBack(LockThread me, long node) {
        long at = node;
        for (int i = 0; i < LIMIT && !isOwn(me, at); i++) {
            if (!kernel.tryReadLong(at, me.slot)) {
                return false;
            }
            long next = address(kernel.transferred(me.slot));
            if (next == me.head) {
                return isAfter(me, at, next);
            }
            if (!isOwn(me, next) && !isMutexOfThisThreadAfter(me, at, next)) {
                return false;
            }
            at = next;
        }
        return isOwn(me, at);
    }

    /** Whether C's node that is remembered under node {@code index} stands there now. */
    private boolean isHintRight(LockThread me, int index) {
        return index > 0
                && me.below[index] != 0
                && isMutexOfThisThreadAfter(me, me.nodes[index], address(me.below[index]));
    }

    /** Whether {@code link} leads to the head or to a mutex of this thread, and that leads back to {@code node}. */
    private boolean isAfter(LockThread me, long node, long link) {
        return link == me.head
                ? words.getLongPlain(link + NODE_TO_PREVIOUS) == node
                : isMutexOfThisThreadAfter(me, node, address(link));
    }

    private boolean isMutexOfThisThreadAfter(LockThread me, long node, long next) {
        return next % Long.BYTES == 0
                && isHeld(me, next)
                && kernel.tryReadLong(next + NODE_TO_PREVIOUS, me.slot)
                && address(kernel.transferred(me.slot)) == node;
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
