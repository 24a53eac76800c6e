package io.mortmain.explore.machine;

import static io.mortmain.explore.machine.FutexWord.A_STRANGERS;
import static io.mortmain.explore.machine.FutexWord.DEAD;
import static io.mortmain.explore.machine.FutexWord.FREE;
import static io.mortmain.explore.machine.FutexWord.MINE;
import static io.mortmain.explore.machine.FutexWord.THE_FIRST_THREADS;
import static io.mortmain.explore.machine.KernelCase.of;
import static io.mortmain.explore.machine.ListNode.node;
import static io.mortmain.internal.layout.GlibcMutexLayout.OWNER_DIED;

import io.mortmain.explore.machine.KernelCase.Death;
import io.mortmain.explore.machine.KernelCase.End;
import io.mortmain.explore.machine.ListNode.Place;
import io.mortmain.internal.layout.GlibcMutexLayout;
import io.mortmain.internal.layout.RobustListLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What is assumed of the kernel's walk: linux kernel/futex/core.c, exit_robust_list and handle_futex_death. */
final class KernelCases {
    private static final int LIMIT = RobustListLayout.LIMIT;

    private static final ListNode HELD = node(MINE);
    private static final ListNode MARKED = HELD.marked();
    private static final ListNode WOKEN = node(MINE.waited()).asleep(1).marked().wakes(1);
    /** Would be marked, and one woken, but is never come to. */
    private static final ListNode MISSED = node(MINE.waited()).asleep(1);

    private KernelCases() {}

    static Stream<KernelCase> all() {
        return Stream.of(deaths(), words(), waking(), ends(), reach(), limit(), pending(), pendingAndReach())
                .flatMap(List::stream);
    }

    private static List<KernelCase> deaths() {
        List<KernelCase> cases = new ArrayList<>();
        for (Death death : List.of(Death.THREAD, Death.KILLED, Death.KILLED_ALL, Death.EXIT, Death.EXEC)) {
            cases.add(of(death, "death: " + death.command())
                    .list(MARKED, WOKEN)
                    .pending(node(FREE).asleep(1).wakes(1)));
        }
        for (Death death : List.of(Death.THREAD, Death.KILLED_ALL, Death.EXIT)) {
            cases.add(of(death, "death: " + death.command() + " leaves what another thread of the process holds")
                    .list(node(THE_FIRST_THREADS), MARKED));
        }
        cases.add(of(
                        Death.EXEC_OTHER,
                        "death: exec by a second thread marks nothing, its number is the first one's by then")
                .list(HELD, MISSED)
                .pending(HELD));
        cases.add(of(
                        Death.EXEC_OTHER,
                        "death: exec by a second thread marks what has the number of the first, and wakes for the pending word")
                .list(node(THE_FIRST_THREADS).marked())
                .pending(node(FREE).asleep(1).wakes(1)));
        cases.add(of(Death.FORKED, "death: a forked child has no list, whatever has its number")
                .list(HELD, MISSED)
                .pending(node(FREE).asleep(1)));
        return cases;
    }

    private static List<KernelCase> words() {
        return List.of(
                of("word: held by the dead thread is marked, its number gone").list(MARKED),
                of("word: the bit of waiters stays").list(node(MINE.waited()).marked()),
                of("word: a mark of before stays")
                        .list(node(MINE.and(OWNER_DIED)).marked()),
                of("word: both bits stay")
                        .list(node(MINE.waited().and(OWNER_DIED)).marked()),
                of("word: another's number stays, and the walk goes on")
                        .list(node(A_STRANGERS), node(A_STRANGERS.waited()).asleep(1), MARKED),
                of("word: free stays, and the walk goes on").list(node(FREE).asleep(1), MARKED),
                of("word: free with a bit stays, and the walk goes on")
                        .list(
                                node(FREE.waited()).asleep(1),
                                node(DEAD),
                                node(DEAD.waited()).asleep(1),
                                MARKED),
                of("word: glibc's place before the node")
                        .futexOffset(GlibcMutexLayout.FUTEX_OFFSET)
                        .list(MARKED, WOKEN),
                of("word: musl's place before the node, no multiple of 8")
                        .futexOffset(-28)
                        .list(MARKED, WOKEN),
                of("word: behind the node").futexOffset(8).list(MARKED, WOKEN));
    }

    private static List<KernelCase> waking() {
        return List.of(
                of("waking: one of several")
                        .list(node(MINE.waited()).asleep(3).marked().wakes(1)),
                of("waking: one for each word")
                        .list(node(MINE.waited()).asleep(2).marked().wakes(1), WOKEN),
                of("waking: nobody without the bit of waiters")
                        .list(node(MINE).asleep(2).marked(), WOKEN),
                of("waking: also when the word was marked before")
                        .list(node(MINE.waited().and(OWNER_DIED))
                                .asleep(2)
                                .marked()
                                .wakes(1)),
                of("waking: nobody for an inheriting node, which is marked")
                        .list(node(MINE.waited()).inherits().asleep(1).marked(), WOKEN),
                of("waking: the link to a node says whether it inherits, not the node's own link")
                        .list(WOKEN, node(MINE.waited()).inherits().asleep(1).marked(), WOKEN));
    }

    private static List<KernelCase> ends() {
        return List.of(
                of("end: an empty list").pending(MARKED),
                of("end: nothing at all"),
                of("end: the link back to the head may say that it inherits")
                        .list(MARKED)
                        .endsAt(End.HEAD_INHERITING)
                        .pending(MARKED),
                of("end: a circle is cut, and the pending one handled")
                        .list(MARKED, WOKEN, MARKED)
                        .endsAt(End.FIRST_NODE)
                        .pending(MARKED),
                of("end: a node that leads to itself")
                        .list(MARKED, node(MINE.waited()).asleep(2).marked().wakes(1))
                        .endsAt(End.ITSELF)
                        .pending(MARKED),
                of("end: a link of 0 is a node that cannot be read")
                        .list(MARKED, WOKEN)
                        .endsAt(End.NOTHING)
                        .pending(MISSED),
                of("end: a head that cannot be read")
                        .headUnmapped()
                        .list(MISSED)
                        .pending(MISSED),
                of("end: a head of zeros").headZero().list(MISSED).pending(MISSED));
    }

    private static List<KernelCase> reach() {
        return List.of(
                of("reach: the walk ends at an unmapped node; before it marked, after it and pending not")
                        .list(MARKED, WOKEN, HELD.at(Place.UNMAPPED), MISSED, HELD)
                        .pending(MISSED),
                of("reach: an unmapped first node")
                        .list(HELD.at(Place.UNMAPPED), MISSED)
                        .pending(MISSED),
                of("reach: an unmapped last node")
                        .list(MARKED, HELD.at(Place.UNMAPPED))
                        .pending(MISSED),
                of("reach: the word of an unmapped node is handled first")
                        .list(WOKEN.at(Place.NODE_UNMAPPED), MISSED)
                        .pending(MISSED),
                of("reach: the last 4 bytes before a page that is not mapped")
                        .list(WOKEN.at(Place.NODE_UNMAPPED).shifted(4)),
                of("reach: an unmapped word ends the walk")
                        .list(MARKED, HELD.at(Place.WORD_UNMAPPED), MISSED)
                        .pending(MISSED),
                of("reach: an unmapped word of a stranger ends it too")
                        .list(MARKED, node(A_STRANGERS).at(Place.WORD_UNMAPPED), MISSED)
                        .pending(MISSED),
                of("reach: a word that cannot be written ends it")
                        .list(MARKED, node(MINE.waited()).asleep(1).at(Place.WORD_READ_ONLY), MISSED)
                        .pending(MISSED),
                of("reach: a word that cannot be written and is a stranger's does not")
                        .list(
                                MARKED,
                                node(A_STRANGERS).at(Place.WORD_READ_ONLY),
                                node(FREE).at(Place.WORD_READ_ONLY),
                                WOKEN)
                        .pending(MARKED),
                of("reach: a word at no multiple of 4 ends it")
                        .list(MARKED, HELD.shifted(2), MISSED)
                        .pending(MISSED),
                of("reach: so does one that is a stranger's")
                        .list(MARKED, node(A_STRANGERS).shifted(2), MISSED)
                        .pending(MISSED),
                of("reach: words at no multiple of 8").list(MARKED.shifted(4), WOKEN.shifted(4)),
                of("reach: nodes at no multiple of 4, their words at one")
                        .futexOffset(KernelCase.TO_PAGE_BEFORE - 2)
                        .list(MARKED.shifted(2), WOKEN.shifted(2)),
                of("reach: no word at a multiple of 4")
                        .futexOffset(KernelCase.TO_PAGE_BEFORE + 1)
                        .list(HELD, HELD)
                        .pending(HELD));
    }

    private static List<KernelCase> limit() {
        return List.of(
                of("limit: " + LIMIT + " nodes")
                        .list(LIMIT - 1, MARKED)
                        .list(WOKEN)
                        .pending(MARKED),
                of("limit: the one beyond is missed, the pending one is not")
                        .list(LIMIT - 1, MARKED)
                        .list(WOKEN, MISSED)
                        .pending(WOKEN),
                of("limit: a stranger's and a pending one count")
                        .list(WOKEN, node(A_STRANGERS))
                        .list(LIMIT - 2, MARKED)
                        .list(MISSED)
                        .pendingIsListed(0),
                of("limit: one beyond it that is pending is handled")
                        .list(LIMIT, MARKED)
                        .list(WOKEN)
                        .pendingIsListed(LIMIT));
    }

    private static List<KernelCase> pending() {
        return List.of(
                of("pending: held is marked, and one woken")
                        .list(MARKED)
                        .pending(node(MINE.waited()).asleep(2).marked().wakes(1)),
                of("pending: held and nobody waits")
                        .pending(node(MINE).asleep(1).marked()),
                of("pending: free wakes one and stays")
                        .pending(node(FREE).asleep(2).wakes(1)),
                of("pending: free but for the bit of waiters wakes one and stays")
                        .pending(node(FREE.waited()).asleep(2).wakes(1)),
                of("pending: marked wakes one and stays")
                        .pending(node(DEAD).asleep(2).wakes(1)),
                of("pending: marked with waiters wakes one and stays")
                        .pending(node(DEAD.waited()).asleep(2).wakes(1)),
                of("pending: a stranger's stays")
                        .pending(node(A_STRANGERS.waited()).asleep(1)),
                of("pending: so does one whose waiters are not in the word")
                        .pending(node(A_STRANGERS).asleep(1)),
                of("pending: listed too, is handled once")
                        .list(MARKED, node(MINE.waited()).asleep(2).marked().wakes(1), WOKEN)
                        .pendingIsListed(1),
                of("pending: listed and free, wakes one")
                        .list(MARKED, node(FREE).asleep(2).wakes(1), MARKED)
                        .pendingIsListed(1),
                of("pending: inheriting is marked and wakes nobody")
                        .pending(node(MINE.waited()).inherits().asleep(1).marked()),
                of("pending: inheriting and free wakes nobody")
                        .pending(node(FREE).inherits().asleep(1)),
                of("pending: its own link says whether it inherits")
                        .list(node(MINE.waited()).inherits().asleep(1).marked().wakes(1))
                        .pendingIsListed(0)
                        .pendingInherits(false),
                of("pending: its own link says that it inherits")
                        .list(node(MINE.waited()).asleep(1).marked())
                        .pendingIsListed(0)
                        .pendingInherits(true));
    }

    private static List<KernelCase> pendingAndReach() {
        return List.of(
                of("pending: comes last, so an early end of the walk takes one that was passed along")
                        .list(MARKED, MISSED, HELD.at(Place.UNMAPPED))
                        .pendingIsListed(1),
                of("pending: free and listed before an early end, wakes nobody")
                        .list(MARKED, node(FREE).asleep(1), HELD.at(Place.UNMAPPED))
                        .pendingIsListed(1),
                of("pending: its word does not matter to the walk")
                        .list(MARKED, HELD.at(Place.WORD_UNMAPPED), MARKED)
                        .pendingIsListed(1),
                of("pending: its node does")
                        .list(MARKED, HELD.at(Place.UNMAPPED), MISSED)
                        .pendingIsListed(1),
                of("pending: of the node only the word is looked at")
                        .list(MARKED)
                        .pending(WOKEN.at(Place.NODE_UNMAPPED)),
                of("pending: an unmapped word").list(MARKED).pending(HELD.at(Place.WORD_UNMAPPED)),
                of("pending: at no multiple of 4").list(MARKED).pending(HELD.shifted(2)),
                of("pending: that cannot be written").list(MARKED).pending(HELD.at(Place.WORD_READ_ONLY)),
                of("pending: free, need not be written")
                        .pending(node(FREE).asleep(2).wakes(1).at(Place.WORD_READ_ONLY)));
    }
}
