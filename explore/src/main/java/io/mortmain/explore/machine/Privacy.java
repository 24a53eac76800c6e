package io.mortmain.explore.machine;

import static io.mortmain.internal.layout.GlibcMutexLayout.LOCK;
import static io.mortmain.internal.layout.GlibcMutexLayout.NODE;
import static io.mortmain.internal.layout.GlibcMutexLayout.OWNER;

import io.mortmain.explore.machine.World.Status;
import io.mortmain.internal.layout.DirectoryEntryLayout;
import io.mortmain.internal.layout.GlibcMutexLayout;
import java.util.List;

/**
 * Whose words are whose: which steps nobody else can notice, so that they need not take turns. What that rests on is a rule, too, and a
 * step that breaks it is a {@link Violation}.
 */
final class Privacy {
    private static final int DIRECTORY_MUTEX = 0;

    private final List<Actor> actors;
    private final MemoryMap map;
    private final boolean listsAreSeen;

    /** @param listsAreSeen whether some thread looks at the lists of others */
    Privacy(List<Actor> actors, MemoryMap map, boolean listsAreSeen) {
        this.actors = actors;
        this.map = map;
        this.listsAreSeen = listsAreSeen;
    }

    private String name(int thread) {
        return thread < 0 ? "nobody" : actors.get(thread).name();
    }

    /** A list head is private memory of its process: nobody else's accesses, and no walk of the kernel, come to it. */
    void beforeAccess(World world, int thread, long address) {
        Rules.require(
                !MemoryMap.isInHead(address) || MemoryMap.threadAt(address) == thread,
                Rule.OWN_WORDS_ONLY,
                () -> name(thread) + " touches the " + MemoryMap.name(address));
        Rules.require(
                !isInsideEntry(address)
                        || world.holder(DIRECTORY_MUTEX) == thread
                        || stateOfEntry(world, address) == DirectoryEntryLayout.STATE_PUBLISHED,
                Rule.OWN_WORDS_ONLY,
                () -> name(thread) + " touches " + MemoryMap.name(address)
                        + ", which is not published, without the mutex");
    }

    /** Of an entry, what is beside its state: written before it is published, and by the directory's holder; read afterwards. */
    private static boolean isInsideEntry(long address) {
        return MemoryMap.isInDirectory(address) && MemoryMap.entryFieldAt(address) >= Long.BYTES;
    }

    private int stateOfEntry(World world, long address) {
        return world.word(map.index(address - MemoryMap.entryFieldAt(address)));
    }

    /** Whether nobody else touches the word. Of a mutex, the futex word and the owner are everybody's, the rest is its holder's. */
    boolean isPrivate(World world, int thread, long address) {
        if (MemoryMap.isInHead(address)) {
            return !listsAreSeen && MemoryMap.threadAt(address) == thread;
        }
        if (MemoryMap.isInDirectory(address)) {
            return isInsideEntry(address);
        }
        if (!MemoryMap.isInMutex(address)) {
            return false;
        }
        int field = MemoryMap.fieldAt(address);
        return field == GlibcMutexLayout.KIND
                || (field != LOCK
                        && field != OWNER
                        && (field != NODE || !listsAreSeen)
                        && world.holder(MemoryMap.mutexAt(address)) == thread);
    }

    /** Whether it is the owner field of a mutex that the thread, one of the library, does not hold. */
    boolean isAskedForRefusalOnly(World world, int thread, long address) {
        return MemoryMap.isInMutex(address)
                && MemoryMap.fieldAt(address) == OWNER
                && world.holder(MemoryMap.mutexAt(address)) != thread;
    }

    /** A look: what is its holder's alone nobody else reads, or a holder's own steps would not be private. */
    void beforeLoad(World world, int thread, long address) {
        if (!MemoryMap.isInMutex(address) || world.status(thread) == Status.DYING) {
            return;
        }
        int field = MemoryMap.fieldAt(address);
        int holder = world.holder(MemoryMap.mutexAt(address));
        Rules.require(
                field == LOCK
                        || field == OWNER
                        || field == GlibcMutexLayout.KIND
                        || holder < 0
                        || holder == thread
                        || !Rules.isAlive(world, holder),
                Rule.OWN_WORDS_ONLY,
                () -> name(thread) + " reads " + MemoryMap.name(address) + ", held by " + name(holder));
    }
}
