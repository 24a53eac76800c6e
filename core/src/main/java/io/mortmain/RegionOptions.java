package io.mortmain;

import io.mortmain.internal.layout.RegionGeometry;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * How a region is created, and whose may be opened. Immutable; start from {@link #DEFAULT}.
 *
 * @param mode permission bits of the file, 0600 to 0777 octal, whatever the umask; whoever may write it may take its locks. Without read
 *     and write permission for the owner even the creator could not open the region again. Default 0600
 * @param group numeric group id (GID) of the file; empty: that of the process. Default empty
 * @param maxObjects named objects that the region can hold, 1 to 1,048,576; each costs 256 bytes. Default 256
 * @param foreignOwner whether a region of another user may be opened: its owner can then disturb this process. Default false
 * @param severalPidNamespaces whether a new region is for processes in several PID namespaces (containers), see
 *     {@link #withSeveralPidNamespaces}. Default false
 * @param firstCapacity bytes of the capacity whose space is reserved at creation, 0 or more, of a smaller region all of it, see
 *     {@link #withFirstCapacity}; empty: all of it. Default empty
 */
public record RegionOptions(
        int mode,
        OptionalInt group,
        int maxObjects,
        boolean foreignOwner,
        boolean severalPidNamespaces,
        OptionalLong firstCapacity) {
    private static final int LEAST_MODE = 0600;
    private static final int MOST_MODE = 0777;

    /** Mode 0600, the process's own group, 256 objects, own regions only, one PID namespace, all space reserved at creation. */
    public static final RegionOptions DEFAULT =
            new RegionOptions(0600, OptionalInt.empty(), 256, false, false, OptionalLong.empty());

    /**
     * Checks the ranges, as do the methods below.
     *
     * @throws IllegalArgumentException where a number is outside its range
     */
    public RegionOptions {
        if (mode < LEAST_MODE || mode > MOST_MODE) {
            throw new IllegalArgumentException("a region cannot have mode " + Integer.toOctalString(mode)
                    + " (octal); give 600 to 777, so that its owner may read and write");
        }
        if (group.isPresent() && group.getAsInt() < 0) {
            throw new IllegalArgumentException(
                    "a region cannot have group " + group.getAsInt() + "; give a group id (GID) of 0 or more");
        }
        if (maxObjects < 1 || maxObjects > RegionGeometry.MAX_OBJECTS) {
            throw new IllegalArgumentException("a region cannot hold " + maxObjects
                    + " objects; give a maxObjects of 1 to " + RegionGeometry.MAX_OBJECTS);
        }
        if (firstCapacity.isPresent() && firstCapacity.getAsLong() < 0) {
            throw new IllegalArgumentException(
                    "a region cannot have a first capacity of " + firstCapacity.getAsLong() + " bytes; give 0 or more");
        }
    }

    /** The same with these permission bits, e.g. 0660. */
    public RegionOptions withMode(int mode) {
        return new RegionOptions(mode, group, maxObjects, foreignOwner, severalPidNamespaces, firstCapacity);
    }

    /** The same with this numeric group id. */
    public RegionOptions withGroup(int group) {
        return new RegionOptions(
                mode, OptionalInt.of(group), maxObjects, foreignOwner, severalPidNamespaces, firstCapacity);
    }

    /** The same with room for this many objects. */
    public RegionOptions withMaxObjects(int maxObjects) {
        return new RegionOptions(mode, group, maxObjects, foreignOwner, severalPidNamespaces, firstCapacity);
    }

    /** The same, and regions of other users may be opened. */
    public RegionOptions withForeignOwner() {
        return new RegionOptions(mode, group, maxObjects, true, severalPidNamespaces, firstCapacity);
    }

    /**
     * The same, and a new region is one that processes of different PID namespaces can share, as containers on one machine are that have
     * no {@code --pid} in common. It is as a region otherwise is, but:
     *
     * <ul>
     *   <li>C programs cannot use it: its mutexes have numbers of Mortmain's in place of thread numbers. {@code mortmain.h} refuses it, and so
     *       does {@link RobustMutex#pthreadMutex}.
     *   <li>Whether a process lives says a lock on the file, fcntl(2) with F_OFD_SETLK, and not the kernel's robust list: it is told of by
     *       whoever waits, some milliseconds after the process has ended. A child that is forked natively gives the lock up at once. Where it
     *       cannot be made to, since it was forked by _Fork(3) or a bare system call, or of a process with more than 1,637 such regions open, or the machine forbids to make code at run time
     *       ({@link io.mortmain.errors.ForkHooksException}), and executes no program, it has that lock too: as long as it lives the
     *       process counts as alive, and others wait.
     *   <li>The end of a thread whose process lives is told by that process, once one of its virtual threads has come to run; while all
     *       their carriers are busy, or the process is stopped, others wait.
     *   <li>At most 1,024 processes can have it open at once, each with at most 8,191 living threads that locked in it; each has one file
     *       descriptor more, and one more, with a thread, for each process that it has waited for longer than a millisecond, up to 64.
     *       Those go when that process ends or closes the region, not when this one does.
     * </ul>
     *
     * <p>Of no effect on a region that exists: it is what it was created as, and {@link Region#openOrCreate} refuses one for one namespace.
     */
    public RegionOptions withSeveralPidNamespaces() {
        return new RegionOptions(mode, group, maxObjects, foreignOwner, true, firstCapacity);
    }

    /**
     * The same, and of a new region only so much space is reserved at creation. It can still be filled up to its capacity: the space of each
     * object beyond is reserved when the object is created, that of a {@link Region#heap heap} as it grows. The file has its full length from
     * the beginning, nothing moves, and no store ever fails for want of space; but the creation of an object, or the growth of a heap, can: with
     * {@link io.mortmain.errors.RegionException}, reason {@code NO_SPACE}, and nothing changed. Each process that has such a region open has
     * one file descriptor more.
     *
     * <p>Of no effect on a region that exists.
     *
     * @param firstCapacity bytes, 0 or more: so much is reserved at most, rounded up to 64 KiB, and of a region whose capacity is no larger,
     *     all of it
     */
    public RegionOptions withFirstCapacity(long firstCapacity) {
        return new RegionOptions(
                mode, group, maxObjects, foreignOwner, severalPidNamespaces, OptionalLong.of(firstCapacity));
    }
}
