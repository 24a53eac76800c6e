package io.mortmain.explore.machine;

import io.mortmain.explore.machine.FutexWord.Numbers;
import io.mortmain.internal.layout.GlibcMutexLayout;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** A robust list, the death of the thread that has it, and what becomes of its nodes. */
final class KernelCase {
    /** From a node to a word that stands at the end of the page before. */
    static final long TO_PAGE_BEFORE = -72;

    /** Of the thread that has the list; see mortal.c. */
    enum Death {
        THREAD("thread"),
        KILLED("killed"),
        KILLED_ALL("killed-all"),
        EXIT("exit"),
        EXEC("exec"),
        EXEC_OTHER("exec-other"),
        FORKED("forked");

        private final String command;

        Death(String command) {
            this.command = command;
        }

        String command() {
            return command;
        }

        boolean hasWalk() {
            return this != FORKED;
        }

        /** Whose number the kernel looks for in the words. */
        int walker(Numbers numbers) {
            return this == EXEC_OTHER ? numbers.firstThread() : numbers.mine();
        }
    }

    /** What the last node leads to. */
    enum End {
        HEAD,
        /** With the bit of priority inheritance. */
        HEAD_INHERITING,
        FIRST_NODE,
        ITSELF,
        NOTHING
    }

    final String name;
    final Death death;
    final List<ListNode> listed = new ArrayList<>();
    final List<ListNode> unlisted = new ArrayList<>();
    long offset = TO_PAGE_BEFORE;
    End end = End.HEAD;
    boolean isHeadMapped = true;
    boolean isZero;
    boolean isPendingInheriting;
    int pending = -1;

    private KernelCase(Death death, String name) {
        this.death = death;
        this.name = name;
    }

    static KernelCase of(String name) {
        return of(Death.KILLED, name);
    }

    static KernelCase of(Death death, String name) {
        return new KernelCase(death, name);
    }

    /** The list goes on with these, the first of which the thread locked last. */
    KernelCase list(ListNode... nodes) {
        Collections.addAll(listed, nodes);
        return this;
    }

    KernelCase list(int many, ListNode node) {
        listed.addAll(Collections.nCopies(many, node));
        return this;
    }

    /** One that the pending word leads to, and not the list. */
    KernelCase pending(ListNode node) {
        unlisted.add(node);
        pending = listed.size();
        isPendingInheriting = node.inheriting();
        return this;
    }

    /** The pending word leads to this one of the list. */
    KernelCase pendingIsListed(int index) {
        pending = index;
        isPendingInheriting = listed.get(index).inheriting();
        return this;
    }

    /** Of the pending word, whatever the list says of the same node. */
    KernelCase pendingInherits(boolean inherits) {
        isPendingInheriting = inherits;
        return this;
    }

    KernelCase futexOffset(long bytes) {
        offset = bytes;
        return this;
    }

    KernelCase endsAt(End where) {
        end = where;
        return this;
    }

    KernelCase headUnmapped() {
        isHeadMapped = false;
        return this;
    }

    /** The page of the head has nothing but zeros. */
    KernelCase headZero() {
        isZero = true;
        return this;
    }

    List<ListNode> nodes() {
        List<ListNode> nodes = new ArrayList<>(listed);
        nodes.addAll(unlisted);
        return nodes;
    }

    /** The simulated machine has no memory that can be read and not written: nothing of what it simulates would be there. */
    boolean isForRealKernelOnly() {
        return nodes().stream()
                .anyMatch(node -> node.place() == ListNode.Place.WORD_READ_ONLY
                        && node.before().holder() == FutexWord.Holder.MINE);
    }

    /** What is left when the kernel is through. */
    record Outcome(List<String> words, List<Integer> woken) {}

    Outcome expected(Numbers numbers) {
        List<ListNode> nodes = nodes();
        return new Outcome(
                nodes.stream().map(node -> text(node.after().value(numbers))).toList(),
                nodes.stream().map(ListNode::woken).toList());
    }

    static String text(int word) {
        return (word & GlibcMutexLayout.WAITERS) == 0
                ? Integer.toHexString(word)
                : "W+" + Integer.toHexString(word & ~GlibcMutexLayout.WAITERS);
    }

    @Override
    public String toString() {
        return name;
    }
}
