package io.mortmain.explore.program;

import io.mortmain.explore.machine.MemoryMap;
import io.mortmain.explore.machine.Player;
import io.mortmain.explore.machine.SeamOf;
import io.mortmain.internal.layout.ObjectType;
import io.mortmain.internal.layout.RegionGeometry;
import io.mortmain.internal.lock.Gate;
import io.mortmain.internal.lock.LockThread;
import io.mortmain.internal.lock.Outcome;
import io.mortmain.internal.lock.SlowPaths;
import io.mortmain.internal.region.ObjectDirectory;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Puts objects into the directory of a region and looks at it, as {@code OpenRegion} does: found, or made under the directory's mutex, which
 * is mutex 0 here. Whatever dies on the way, each object is there once and whole, or not at all: the directory throws otherwise.
 *
 * <p>The library keeps one directory object, which remembers what it has seen published. Here each look is by a new one, so that landmarks
 * hold; it sees the same, since what is published never changes (rule 10).
 */
final class DirectoryUser {
    /** Room for the objects of three threads. */
    static final int ENTRIES = 4;

    private static final long MUTEX = MemoryMap.mutex(0);
    private static final RegionGeometry GEOMETRY = new RegionGeometry(1 << 12, ENTRIES);
    private static final int OBJECT_SIZE = 64;

    private final Player player;
    private final SlowPaths slowPaths;
    private final LockThread me;
    private final Gate gate;
    private final int landmark;

    DirectoryUser(Player player, SlowPaths slowPaths, LockThread me, Gate gate, int landmark) {
        this.player = player;
        this.slowPaths = slowPaths;
        this.me = me;
        this.gate = gate;
        this.landmark = landmark;
    }

    private ObjectDirectory directory() {
        return new ObjectDirectory(new SeamOf(player).bytes(MemoryMap.directory()), GEOMETRY, "simulated");
    }

    void insert(String name) {
        if (directory().find(name).isPresent()) {
            return;
        }
        Outcome outcome = slowPaths.lock(me, MUTEX, LibraryThread.KIND, gate, SlowPaths.FOREVER, false);
        player.enter(MUTEX, outcome == Outcome.ACQUIRED_AFTER_DEATH, landmark + 1);
        if (outcome == Outcome.ACQUIRED_AFTER_DEATH) {
            outcome = slowPaths.markConsistent(me, MUTEX);
        }
        require(outcome == Outcome.ACQUIRED, "the directory's mutex is had: " + outcome);
        ObjectDirectory directory = directory();
        if (directory.find(name).isEmpty()) {
            directory.publish(directory.next(name, ObjectType.MEMORY, 0, OBJECT_SIZE));
        }
        player.leave(MUTEX);
        require(slowPaths.unlock(me, MUTEX, LibraryThread.KIND, gate) == Outcome.RELEASED, "released");
        require(directory().find(name).isPresent(), name + " was made, and is there");
    }

    void find() {
        List<ObjectDirectory.Entry> entries = directory().list();
        Set<String> names = new HashSet<>();
        long end = GEOMETRY.data();
        for (ObjectDirectory.Entry entry : entries) {
            require(names.add(entry.name()), entry.name() + " is there once");
            require(entry.offset() >= end, entry.name() + " has room of its own");
            end = entry.offset() + entry.size();
        }
    }

    private static void require(boolean holds, String rule) {
        if (!holds) {
            throw new AssertionError("not so: " + rule);
        }
    }
}
