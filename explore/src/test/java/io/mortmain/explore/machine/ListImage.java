package io.mortmain.explore.machine;

import io.mortmain.explore.machine.FutexWord.Numbers;
import io.mortmain.explore.machine.ListNode.Place;
import io.mortmain.internal.layout.GlibcMutexLayout;
import io.mortmain.internal.layout.RobustListLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;

/**
 * A list as bytes, the same for the real kernel and for the simulated one, at the address where mortal.c maps them.
 *
 * <pre>
 *   page 0           the head
 *   pages 1 and 2    node 0 at the beginning of the second, so that its word can stand at the end of the first
 *   pages 3 and 4    node 1 ...
 * </pre>
 *
 * <p>More than {@value #MOST_ON_PAGES} nodes stand side by side instead, all in usual memory.
 */
final class ListImage {
    /** As in mortal.c. */
    static final long BASE = 0x10_0000_0000L;

    /** No machine has larger ones. */
    static final int PAGE = 1 << 16;

    private static final int MOST_ON_PAGES = 20;
    private static final int NODE_ON_PAGE = 64;
    private static final int CLOSE = 64;

    private final KernelCase list;
    private final List<ListNode> nodes;
    private final boolean isClose;

    ListImage(KernelCase list) {
        this.list = list;
        this.nodes = list.nodes();
        this.isClose = nodes.size() > MOST_ON_PAGES;
    }

    /** Where the word of a node stands in the file. */
    long word(int index) {
        return node(index) + list.offset;
    }

    private long node(int index) {
        long start = isClose ? PAGE + (long) CLOSE * (index + 1) : PAGE * (2L * index + 2) + NODE_ON_PAGE;
        return start + nodes.get(index).shift();
    }

    private int pages() {
        return isClose ? 2 + CLOSE * (nodes.size() + 1) / PAGE : 1 + 2 * nodes.size();
    }

    /** A letter for each page, as mortal.c wants them: w writable, r read only, - not mapped. */
    String protections() {
        char[] letters = new char[pages()];
        Arrays.fill(letters, 'w');
        letters[0] = list.isHeadMapped ? 'w' : '-';
        for (int i = 0; i < nodes.size(); i++) {
            Place place = nodes.get(i).place();
            if (place == Place.NODE_UNMAPPED || place == Place.UNMAPPED) {
                letters[page(node(i))] = '-';
            }
            if (place == Place.WORD_UNMAPPED || place == Place.UNMAPPED) {
                letters[page(word(i))] = '-';
            }
            if (place == Place.WORD_READ_ONLY) {
                letters[page(word(i))] = 'r';
            }
        }
        return new String(letters);
    }

    private static int page(long offset) {
        return Math.toIntExact(offset / PAGE);
    }

    /** All of it before the death. */
    byte[] bytes(Numbers numbers) {
        ByteBuffer bytes = ByteBuffer.allocate(pages() * PAGE).order(ByteOrder.nativeOrder());
        if (!list.isZero) {
            bytes.putLong(RobustListLayout.FIRST, list.listed.isEmpty() ? BASE : link(0));
            bytes.putLong(RobustListLayout.FUTEX_OFFSET, list.offset);
            bytes.putLong(RobustListLayout.PENDING, pending());
        }
        for (int i = 0; i < nodes.size(); i++) {
            bytes.putLong((int) node(i), i + 1 < list.listed.size() ? link(i + 1) : end(i));
            bytes.putInt((int) word(i), nodes.get(i).before().value(numbers));
        }
        return bytes.array();
    }

    private long link(int index) {
        return BASE + node(index) | (nodes.get(index).inheriting() ? GlibcMutexLayout.LINK_PI : 0);
    }

    private long pending() {
        long bit = list.isPendingInheriting ? GlibcMutexLayout.LINK_PI : 0;
        return list.pending < 0 ? 0 : BASE + node(list.pending) | bit;
    }

    private long end(int last) {
        return switch (list.end) {
            case HEAD -> BASE;
            case HEAD_INHERITING -> BASE | GlibcMutexLayout.LINK_PI;
            case FIRST_NODE -> link(0);
            case ITSELF -> link(last);
            case NOTHING -> 0;
        };
    }
}
