package io.mortmain.explore.machine;

import static io.mortmain.explore.machine.FutexWord.DEAD;

import io.mortmain.internal.layout.GlibcMutexLayout;

/**
 * A node of a robust list with its futex word, and what becomes of them.
 *
 * @param place what of it the dying thread can reach
 * @param shift by how many bytes it stands off from a multiple of 8
 * @param inheriting whether the link to it has the bit of priority inheritance
 * @param sleepers how many sleep on the word
 * @param after the word when the kernel is through
 * @param woken how many were woken
 */
record ListNode(
        FutexWord before, Place place, int shift, boolean inheriting, int sleepers, FutexWord after, int woken) {
    /** Which pages it and its word stand on. */
    enum Place {
        USUAL,
        NODE_UNMAPPED,
        WORD_UNMAPPED,
        UNMAPPED,
        WORD_READ_ONLY
    }

    /** Stays as it is, and nobody sleeps on it. */
    static ListNode node(FutexWord word) {
        return new ListNode(word, Place.USUAL, 0, false, 0, word, 0);
    }

    ListNode at(Place here) {
        return new ListNode(before, here, shift, inheriting, sleepers, after, woken);
    }

    ListNode shifted(int bytes) {
        return new ListNode(before, place, bytes, inheriting, sleepers, after, woken);
    }

    ListNode inherits() {
        return new ListNode(before, place, shift, true, sleepers, after, woken);
    }

    ListNode asleep(int many) {
        return new ListNode(before, place, shift, inheriting, many, after, woken);
    }

    /** Ends marked. */
    ListNode marked() {
        FutexWord mark = DEAD.and(before.bits() & GlibcMutexLayout.WAITERS);
        return new ListNode(before, place, shift, inheriting, sleepers, mark, woken);
    }

    /** So many of the sleepers are woken. */
    ListNode wakes(int many) {
        return new ListNode(before, place, shift, inheriting, sleepers, after, many);
    }
}
