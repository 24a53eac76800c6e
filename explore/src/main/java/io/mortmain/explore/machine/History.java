package io.mortmain.explore.machine;

import io.mortmain.explore.machine.Access.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where a thread stands: the answers that it has got since its beginning, and what it asks next.
 *
 * <p>Invariants, of each that is in a {@link Book}:
 * <ol>
 *   <li>The book has it at its number, for ever; nothing of it changes but that others come after it.
 *   <li>What is before it has a smaller number, and one answer less; a beginning has none.
 *   <li>What comes after an answer has this before it, and that answer; or, where ways to one place are one, another way there that asks
 *       the same next.
 * </ol>
 */
final class History {
    private final int id;
    private final @Nullable History before;
    private final long answer;
    private final int length;
    private final Access next;
    /** Those that follow, by the answer; most have one. */
    private final Map<Long, History> after = new HashMap<>(2);
    /** How the first way to a place goes on, {@link Foresight}; 0 before another one came there. */
    private long foreseen;

    private History(int id, @Nullable History before, long answer, Access next) {
        this.id = id;
        this.before = before;
        this.answer = answer;
        this.length = before == null ? 0 : before.length + 1;
        this.next = next;
    }

    int id() {
        return id;
    }

    History before() {
        if (before == null) {
            throw new AssertionError("nothing is before the beginning");
        }
        return before;
    }

    long answer() {
        return answer;
    }

    int length() {
        return length;
    }

    Access next() {
        return next;
    }

    /** Throws unless the second invariant of the class holds; the others are the {@link Book}'s to look at. */
    void checkInvariants() {
        require(
                before == null ? length == 0 : before.id < id && length == before.length + 1,
                "one answer more than what is before it, which was there first");
    }

    private static void require(boolean holds, String invariant) {
        if (!holds) {
            throw new AssertionError("History breaks its invariant: " + invariant);
        }
    }

    /** All that one exploration has met, of all threads, in order of first meeting; the tree of each grows as it is explored. */
    static final class Book {
        private final List<History> all = new ArrayList<>();
        /** By thread, landmark and whether it was told: the first way there stands for all. */
        private final Map<Long, History> landmarks = new HashMap<>();

        private record Loop(int thread, Access next, Player.Memory memory) {}

        private final Map<Loop, History> loops = new HashMap<>();

        private final boolean merges;

        /** @param merges whether ways to one place are one */
        Book(boolean merges) {
            this.merges = merges;
        }

        History get(int id) {
            return all.get(id);
        }

        History beginning(Player player, Script script) {
            History empty = new History(-1, null, 0, Access.of(Kind.END)); // only to have no answers
            return add(null, 0, player.next(script, empty));
        }

        History after(History history, long answer, int thread, Player player, Script script) {
            History known = history.after.get(answer);
            if (known == null) {
                History asking = new History(-1, history, answer, Access.of(Kind.END));
                Access next = player.next(script, asking);
                known = player.atLoopHead()
                        .filter(_ -> merges)
                        .map(memory -> waiting(asking, new Loop(thread, next, memory), player, script))
                        .orElseGet(() -> add(history, answer, next));
                history.after.put(answer, known);
            }
            return known;
        }

        /** In a waiter's loop, too, the first way there stands for all. */
        private History waiting(History asking, Loop key, Player player, Script script) {
            History known = loops.get(key);
            if (known == null) {
                known = add(asking.before(), asking.answer, key.next());
                loops.put(key, known);
            } else {
                requireAlike(known, asking, player, script);
            }
            return known;
        }

        /** Throws unless both would go on alike. That they ask the same next is not enough: who remembers more shows it later. */
        private static void requireAlike(History known, History asking, Player player, Script script) {
            if (known.foreseen == 0) {
                known.foreseen = Foresight.of(player, script, known);
            }
            if (known.foreseen != Foresight.of(player, script, asking)) {
                throw new MergedWrongly("ways of thread " + (char) ('A' + player.thread())
                        + " were merged wrongly, what it remembers is more than is compared: "
                        + Foresight.difference(player, script, known, asking));
            }
        }

        /** As {@link #after} at a landmark. */
        History afterLandmark(History history, int thread, Player player, Script script) {
            History seen = history.after.get(0L);
            if (seen != null || !merges) {
                return seen != null ? seen : after(history, 0, thread, player, script);
            }
            Access landmark = history.next();
            long key = landmark.second() << 8 | (long) thread << 1 | landmark.first();
            History known = landmarks.get(key);
            if (known == null) {
                known = after(history, 0, thread, player, script);
                landmarks.put(key, known);
            } else {
                requireAlike(known, new History(-1, history, 0, Access.of(Kind.END)), player, script);
                history.after.put(0L, known);
            }
            return known;
        }

        private History add(@Nullable History before, long answer, Access next) {
            History made = new History(all.size(), before, answer, next);
            assert isSound(made);
            all.add(made);
            return made;
        }

        private static boolean isSound(History history) {
            history.checkInvariants();
            return true;
        }

        /** Throws unless the invariants hold of each in the book. */
        void checkInvariants() {
            for (int id = 0; id < all.size(); id++) {
                History history = all.get(id);
                history.checkInvariants();
                require(history.id == id, "it stands at its number");
                history.after.forEach((answer, next) -> {
                    require(get(next.id) == next, "what comes after it is in the book");
                    require(merges || (next.before == history && next.answer == answer), "what comes after leads back");
                });
            }
        }
    }
}
