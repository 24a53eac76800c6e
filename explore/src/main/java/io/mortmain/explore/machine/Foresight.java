package io.mortmain.explore.machine;

import static io.mortmain.internal.layout.GlibcMutexLayout.KIND_ERROR_CHECKING;
import static io.mortmain.internal.layout.GlibcMutexLayout.KIND_PROCESS_SHARED;
import static io.mortmain.internal.layout.GlibcMutexLayout.KIND_ROBUST;
import static io.mortmain.internal.layout.GlibcMutexLayout.OWNER_DIED;
import static io.mortmain.internal.layout.GlibcMutexLayout.OWNER_NOT_RECOVERABLE;
import static io.mortmain.internal.layout.GlibcMutexLayout.WAITERS;

import io.mortmain.explore.machine.Access.Kind;
import io.mortmain.internal.layout.GlibcMutexLayout;
import io.mortmain.internal.layout.RobustListLayout;
import java.util.ArrayList;
import java.util.List;

/**
 * Goes on with a thread's code for a while, by answers that are always the same, and notes what it asks. Two ways that are one go on alike:
 * they ask for the same, in the same order, with the same values. The answers need not be possible there; the code is told the same on both ways.
 */
final class Foresight {
    /** Enough to sleep and to look some times, to take the mutex or to be refused, and to release it. */
    private static final int QUESTIONS = 48;

    private static final int ANOTHER = 109; // no thread has this number
    private static final int ONE_MORE = 110;

    /**
     * How the world is.
     *
     * @param held what the word has at first
     * @param looks so often
     * @param free what it has then
     * @param owner what the owner field says
     * @param sleep how each sleep ends
     * @param failures how many compare-and-sets fail first
     * @param exists whether every thread exists
     */
    private record Course(int held, int looks, int free, int owner, int sleep, int failures, boolean exists) {}

    private static final List<Course> COURSES = List.of(
            new Course(0, 0, 0, 0, Player.WOKEN, 0, true),
            new Course(0, 0, WAITERS, 0, Player.WOKEN, 0, true),
            new Course(0, 0, OWNER_DIED, 0, Player.WOKEN, 0, true),
            new Course(0, 0, OWNER_DIED | WAITERS, 0, Player.WOKEN, 1, true),
            new Course(0, 0, 0, OWNER_NOT_RECOVERABLE, Player.WOKEN, 0, true),
            new Course(ANOTHER, 2, 0, 0, Player.WOKEN, 0, true),
            new Course(ANOTHER | WAITERS, 2, 0, 0, Player.NOT_AS_EXPECTED, 0, true),
            new Course(ANOTHER, 2, 0, 0, Player.WOKEN, 2, true),
            new Course(ONE_MORE | WAITERS, 3, OWNER_DIED, 0, Player.TIMED_OUT, 0, true),
            new Course(ANOTHER, 1, ONE_MORE | WAITERS, 0, Player.TIMED_OUT, 0, true),
            new Course(ANOTHER, 3, 0, 0, Player.TIMED_OUT, 0, false),
            new Course(ANOTHER, 3, WAITERS, 0, Player.INTERRUPTED, 0, true),
            new Course(ANOTHER, QUESTIONS, 0, 0, Player.WOKEN_LATE, 0, true));

    private final Course course;
    private final long head;
    private final int threadId;
    private final List<String> asked = new ArrayList<>();
    private final boolean tells;
    private long fingerprint = 1;
    private int questions;
    private int looked;
    private int failed;

    private Foresight(Course course, int thread, int threadId, boolean tells) {
        this.course = course;
        this.head = MemoryMap.head(thread);
        this.threadId = threadId;
        this.tells = tells;
    }

    /** What the code goes on to ask after the way, in every course, as one number: the same for ways that are one. */
    static long of(Player player, Script script, History way) {
        long all = 1;
        for (Course course : COURSES) {
            all = all * 0x9e37_79b9_7f4a_7c15L + go(course, player, script, way, false).fingerprint;
        }
        return all;
    }

    /** Where the ways go on in two manners; empty where they do not. */
    static String difference(Player player, Script script, History one, History other) {
        for (Course course : COURSES) {
            List<String> first = go(course, player, script, one, true).asked;
            List<String> second = go(course, player, script, other, true).asked;
            for (int i = 0; i < Math.max(first.size(), second.size()); i++) {
                String here = i < first.size() ? first.get(i) : "nothing";
                String there = i < second.size() ? second.get(i) : "nothing";
                if (!here.equals(there)) {
                    return "after the same " + i + " answers one asks for " + here + ", and the other for " + there;
                }
            }
        }
        return "";
    }

    private static Foresight go(Course course, Player player, Script script, History way, boolean tells) {
        Foresight foresight = new Foresight(course, player.thread(), player.threadId(), tells);
        player.foresee(script, way, foresight);
        return foresight;
    }

    boolean isOver() {
        return questions >= QUESTIONS;
    }

    /** The code is through, or failed. */
    void ends(String how) {
        note(how.hashCode(), how);
    }

    /** Notes the question, and answers it. */
    long answer(Kind kind, long address, long first, long second) {
        questions++;
        note(
                ((kind.name().hashCode() * 31L + address) * 0x1_0000_01b3L + first) * 0x1_0000_01b3L + second,
                tells ? kind + " " + MemoryMap.name(address) + " " + first + " " + second : "");
        return switch (kind) {
            case LOAD -> load(address);
            case LOAD_LONG -> loadLong(address);
            case COMPARE_AND_SET -> failed++ < course.failures ? 0 : 1;
            case SWAP -> threadId | (course.free & WAITERS);
            case AWAIT, AWAIT_FOR_RESET -> course.sleep;
            case EXISTS, HELD_BY -> course.exists ? 1 : 0;
            case TAKE_TURN -> 1;
            case CHOOSE -> questions % second;
            default -> 0;
        };
    }

    private int load(long address) {
        if (MemoryMap.isLock(address)) {
            return looked++ < course.looks ? course.held : course.free;
        }
        if (!MemoryMap.isInMutex(address)) {
            return 0;
        }
        return switch (MemoryMap.fieldAt(address)) {
            case GlibcMutexLayout.KIND -> KIND_ERROR_CHECKING | KIND_ROBUST | KIND_PROCESS_SHARED;
            case GlibcMutexLayout.OWNER -> course.owner;
            default -> 0;
        };
    }

    /** The list seems empty, and each link to lead back to its head. */
    private long loadLong(long address) {
        boolean isLink = MemoryMap.isInHead(address)
                ? MemoryMap.headFieldAt(address) == RobustListLayout.FIRST
                : MemoryMap.isInMutex(address) && !MemoryMap.isCounter(address);
        return isLink ? head : 0;
    }

    private void note(long question, String text) {
        fingerprint = (fingerprint ^ question) * 0x9e37_79b9_7f4a_7c15L;
        fingerprint ^= fingerprint >>> 29;
        if (tells) {
            asked.add(text);
        }
    }
}
