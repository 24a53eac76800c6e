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
 *   <li>The list head and the nodes in {@link LockThread#nodes} are read and written directly; every other address only through the
 *       kernel, which answers where we would crash.
 *   <li>A link that stands in shared memory is never believed for itself. It must equal what this thread remembers, or lead to a node
 *       of this thread, or to a mutex whose word has this thread's TID and whose back link leads here: what C's own unlinking leaves.
 *       Anything else was written by somebody hostile or gone astray, and the remembered successor is used.
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
        int length = length(me);
        if (length >= LIMIT) {
            return false;
        }
        me.reserve();
        me.limit = Math.min(me.nodes.length - 1, me.depth + LIMIT - length);
        return true;
    }

    /** Nodes in the list, counted as far as it can be followed; at least those that this thread remembers. */
    private int length(LockThread me) {
        long link = words.getLongPlain(me.head + FIRST);
        int length = 0;
        while (length < LIMIT && address(link) != me.head) {
            length++;
            long node = address(link);
            if (isOwn(me, node)) {
                link = words.getLongPlain(node);
            } else if (kernel.tryReadLong(node, me.slot)) {
                link = kernel.transferred(me.slot);
            } else {
                break;
            }
        }
        return Math.max(length, me.depth);
    }

    /** Puts the node first. The pending word leads to it meanwhile. */
    void link(LockThread me, long node) {
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
        int index = me.indexOf(node);
        long successor = successor(me, node, index);
        long before = index > 0 && index < me.depth ? me.nodes[index + 1] : me.head;
        long predecessor = predecessor(me, node, before);
        if (predecessor == me.head || isOwn(me, predecessor)) {
            words.putLongRelease(predecessor, successor);
        } else {
            kernel.tryWriteLong(predecessor, successor, me.slot);
        }
        putPrevious(me, successor, predecessor);
        words.putLongRelease(node + NODE_TO_PREVIOUS, 0);
        words.putLongRelease(node, 0);
        if (index > 0) {
            me.remove(index, successor);
        }
    }

    /** The node, or the head, whose link leads to {@code node}; only nodes of C code can stand between it and {@code before}. */
    private long predecessor(LockThread me, long node, long before) {
        long at = before;
        for (int i = 0; i < LIMIT; i++) {
            long link;
            if (at == before) {
                link = words.getLongPlain(at);
            } else if (kernel.tryReadLong(at, me.slot)) {
                link = kernel.transferred(me.slot);
            } else {
                break;
            }
            if (address(link) == node) {
                return at;
            }
            at = address(link);
            if (at == me.head) {
                break;
            }
        }
        return before; // the chain was broken by somebody: mend it from what this thread remembers
    }

    private long successor(LockThread me, long node, int index) {
        long link = words.getLongOpaque(node);
        long next = address(link);
        long ownNext = index > 0 ? me.nodes[index - 1] : me.head;
        if (link == ownNext || (index > 0 && me.below[index] != 0 && link == me.below[index])) {
            return link;
        }
        if (index == 0 && isOwn(me, next)) {
            return link;
        }
        return isMutexOfThisThreadAfter(me, node, next) ? link : ownNext;
    }

    private boolean isMutexOfThisThreadAfter(LockThread me, long node, long next) {
        return next % Long.BYTES == 0
                && kernel.tryReadLong(next + FUTEX_OFFSET, me.slot)
                && ((int) kernel.transferred(me.slot) & TID_MASK) == me.threadId()
                && kernel.tryReadLong(next + NODE_TO_PREVIOUS, me.slot)
                && address(kernel.transferred(me.slot)) == node;
    }

    private void putPrevious(LockThread me, long link, long previous) {
        long node = address(link);
        if (node == me.head || isOwn(me, node)) {
            words.putLongRelease(node + NODE_TO_PREVIOUS, previous);
        } else {
            // C code may have unmapped a mutex that it holds; then there is no back link to keep.
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
