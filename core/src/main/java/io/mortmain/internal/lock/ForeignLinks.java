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
 *   <li>What this thread remembers to follow a node comes first, and is believed where its back link leads to the node: it may be
 *       gone since, but only this thread could have put something between.
 *   <li>A link that stands in shared memory is asked only then, and never believed for itself. It must lead to a node that this
 *       thread remembers, or to a mutex whose word has this thread's TID and whose back link leads here: what C's own unlinking
 *       leaves, or C's waiting for a condition with a mutex of ours. Anything else was written by somebody hostile or gone astray.
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
            if (index < me.depth && !isHintRight(me, index + 1)) {
                me.setBelow(index + 1, successor == me.head || isOwn(me, successor) ? 0 : successor);
            }
            me.remove(index, successor);
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
     * The node, or the head, whose link leads to {@code node}. Between the next younger held node of this thread and it, only nodes of
     * C code, and younger ones of this thread whose words were spoilt, can stand. Where the chain is broken, it is mended behind the
     * last node that was verified. 0 when the chain goes past the node, which then is not in the list.
     */
    private long predecessor(LockThread me, long node, int index) {
        int younger = index == 0 ? me.depth + 1 : index + 1;
        while (younger <= me.depth && !isHeld(me, me.nodes[younger])) {
            younger++;
        }
        long at = younger <= me.depth ? me.nodes[younger] : me.head;
        long link = at == me.head ? words.getLongPlain(at) : successor(me, at, younger);
        for (int i = 0; i < LIMIT && address(link) != node; i++) {
            long next = address(link);
            int own = me.indexOf(next);
            if (own > 0 && own < index) {
                return 0;
            }
            if (next == me.head
                    || !(own > 0 || isMutexOfThisThreadAfter(me, at, next))
                    || !kernel.tryReadLong(next, me.slot)) {
                return index > 0 ? at : 0;
            }
            at = next;
            link = own > 0 ? successor(me, next, own) : kernel.transferred(me.slot);
        }
        return address(link) == node || index > 0 ? at : 0;
    }

    /** The link that the node has, or should have: to C's node under it, or to the next older node of this thread. */
    private long successor(LockThread me, long node, int index) {
        int older = Math.max(index - 1, 0);
        while (older > 0 && !isHeld(me, me.nodes[older])) {
            older--;
        }
        if (index > 0) {
            long remembered = me.below[index] != 0 ? me.below[index] : me.nodes[index - 1];
            if (isAfter(me, node, remembered)) {
                return remembered;
            }
        }
        if (kernel.tryReadLong(node, me.slot)) {
            long link = kernel.transferred(me.slot);
            int own = me.indexOf(link);
            boolean isOlder =
                    index == 0 ? own > 0 || link == me.head : own >= older && own < index && link == me.nodes[own];
            if (isOlder || isMutexOfThisThreadAfter(me, node, address(link))) {
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
