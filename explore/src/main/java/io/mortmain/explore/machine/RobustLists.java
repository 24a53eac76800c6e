package io.mortmain.explore.machine;

import static io.mortmain.internal.layout.GlibcMutexLayout.NODE;

import io.mortmain.explore.machine.World.Status;
import io.mortmain.internal.layout.GlibcMutexLayout;
import io.mortmain.internal.layout.RobustListLayout;
import java.util.List;

/**
 * The threads' robust lists: what each leads to, whether it is whole ({@link Rule#LIST_WHOLE}), and whether the kernel, which follows it when the
 * thread dies, would come to what the thread holds ({@link Rule#REACHABLE}). Keeps nothing: lists are what stands in a {@link World}.
 */
final class RobustLists {
    private final List<Actor> actors;
    private final MemoryMap map;
    private final int mutexes;
    private final int walkLimit;

    /** @param walkLimit how many links of a dead thread's list the kernel follows */
    RobustLists(List<Actor> actors, MemoryMap map, int mutexes, int walkLimit) {
        this.actors = actors;
        this.map = map;
        this.mutexes = mutexes;
        this.walkLimit = walkLimit;
    }

    private String name(int thread) {
        return actors.get(thread).name();
    }

    /** Whether the thread's list or its pending word leads to the mutex. */
    boolean isFound(World world, int thread, int mutex) {
        return isPending(world, thread, mutex) || isListed(world, thread, mutex);
    }

    /** Whether the thread's pending word leads to the mutex. */
    boolean isPending(World world, int thread, int mutex) {
        return getLong(world, MemoryMap.head(thread) + RobustListLayout.PENDING) == MemoryMap.mutex(mutex) + NODE;
    }

    /** Whether the thread's list leads to the mutex. */
    boolean isListed(World world, int thread, int mutex) {
        return placeOnList(world, thread, mutex) >= 0;
    }

    /** How many nodes of the thread's list are before the mutex, or -1 where the list does not lead to it. */
    private int placeOnList(World world, int thread, int mutex) {
        long head = MemoryMap.head(thread);
        long at = getLong(world, head + RobustListLayout.FIRST);
        for (int place = 0; place <= mutexes && at != head && map.isMapped(at, Long.BYTES); place++) {
            if (at == MemoryMap.mutex(mutex) + NODE) {
                return place;
            }
            at = getLong(world, at);
        }
        return -1;
    }

    /** Whether the kernel, were the thread killed now, would not come to the mutex: it lies too far down the list, and is not pending. */
    boolean isBeyondWalk(World world, int thread, int mutex) {
        return placeOnList(world, thread, mutex) >= walkLimit && !isPending(world, thread, mutex);
    }

    /** The thread is outside of lock and unlock. C code on it, and the kernel, follow its links in either direction. */
    void checkWhole(World world, int thread) {
        long head = MemoryMap.head(thread);
        Rules.require(
                getLong(world, head + RobustListLayout.PENDING) == 0,
                Rule.LIST_WHOLE,
                () -> name(thread) + " has left a pending word");
        long at = head;
        for (int left = held(world, thread); left >= 0; left--) {
            long next = getLong(world, at);
            boolean isRight = next == head ? left == 0 : left > 0 && isNodeOf(world, thread, next);
            Rules.require(
                    isRight,
                    Rule.LIST_WHOLE,
                    () -> "the list of " + name(thread) + " leads to " + MemoryMap.target(next));
            checkLeadsBack(world, thread, next, at);
            at = next;
        }
    }

    private int held(World world, int thread) {
        int held = 0;
        for (int mutex = 0; mutex < mutexes; mutex++) {
            held += world.holder(mutex) == thread && !world.isLeftOver(mutex) ? 1 : 0;
        }
        return held;
    }

    private boolean isNodeOf(World world, int thread, long node) {
        return map.isMapped(node, Long.BYTES)
                && MemoryMap.isInMutex(node)
                && MemoryMap.fieldAt(node) == NODE
                && world.holder(MemoryMap.mutexAt(node)) == thread;
    }

    private void checkLeadsBack(World world, int thread, long node, long previous) {
        Rules.require(
                getLong(world, node + GlibcMutexLayout.NODE_TO_PREVIOUS) == previous,
                Rule.LIST_WHOLE,
                () -> "on the list of " + name(thread) + ", what follows " + MemoryMap.target(previous)
                        + " does not lead back to it");
    }

    /** After every step: whoever holds could be killed now. */
    void checkFound(World world) {
        for (int mutex = 0; mutex < mutexes; mutex++) {
            int holder = world.holder(mutex);
            if (holder >= 0 && world.isAlive(holder) && !world.isLeftOver(mutex)) {
                requireFound(world, holder, mutex);
            }
        }
        for (int thread = 0; thread < actors.size(); thread++) {
            Status status = world.status(thread);
            if (status == Status.RUNNING || status == Status.ASLEEP) {
                requireChain(world, thread);
            }
        }
    }

    /** Links forward are right within lock and unlock too: the kernel's walk comes past every mutex that is held to the end. */
    private void requireChain(World world, int thread) {
        long head = MemoryMap.head(thread);
        int left = mutexes;
        for (long at = getLong(world, head + RobustListLayout.FIRST); at != head; at = getLong(world, at)) {
            long node = at;
            Rules.require(
                    left-- > 0 && isNodeOf(world, thread, node),
                    Rule.LIST_WHOLE,
                    () -> "a walk of the list of " + name(thread) + " comes to " + MemoryMap.target(node));
        }
    }

    private void requireFound(World world, int holder, int mutex) {
        Rules.require(
                isFound(world, holder, mutex),
                Rule.REACHABLE,
                () -> name(holder) + " has its number in the word of mutex " + mutex
                        + ", but were it killed now, nobody would be told");
    }

    /** The kernel has done what it does for a thread that ends: what has its number now will have it until a second witness tells. */
    void checkWalked(World world, int thread) {
        for (int mutex = 0; mutex < mutexes; mutex++) {
            Rules.require(
                    world.holder(mutex) != thread || world.isBeyondWalk(mutex) || world.isLeftOver(mutex),
                    Rule.REACHABLE,
                    name(thread) + " died with its number in the word of mutex " + mutex
                            + ", and the kernel did not come to it");
        }
    }

    private long getLong(World world, long address) {
        return map.getLong(world, map.index(address));
    }
}
