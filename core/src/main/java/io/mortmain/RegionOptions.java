package io.mortmain;

import io.mortmain.internal.layout.RegionGeometry;
import java.util.OptionalInt;

/**
 * How a region is created, and whose may be opened. Immutable; start from {@link #DEFAULT}.
 *
 * @param mode permission bits of the file, 0 to 0777 octal, whatever the umask; whoever may write it may take its locks. Default 0600
 * @param group numeric group id (GID) of the file; empty: that of the process. Default empty
 * @param maxObjects named objects that the region can hold, 1 to 1,048,576; each costs 256 bytes. Default 256
 * @param foreignOwner whether a region of another user may be opened: its owner can then disturb this process. Default false
 */
public record RegionOptions(int mode, OptionalInt group, int maxObjects, boolean foreignOwner) {
    /** Mode 0600, the process's own group, 256 objects, own regions only. */
    public static final RegionOptions DEFAULT = new RegionOptions(0600, OptionalInt.empty(), 256, false);

    /**
     * Checks the ranges, as do the methods below.
     *
     * @throws IllegalArgumentException where a number is outside its range
     */
    public RegionOptions {
        if (mode < 0 || mode > 0777) {
            throw new IllegalArgumentException(
                    "a region cannot have mode " + Integer.toOctalString(mode) + " (octal); give 0 to 777");
        }
        if (group.isPresent() && group.getAsInt() < 0) {
            throw new IllegalArgumentException(
                    "a region cannot have group " + group.getAsInt() + "; give a group id (GID) of 0 or more");
        }
        if (maxObjects < 1 || maxObjects > RegionGeometry.MAX_OBJECTS) {
            throw new IllegalArgumentException("a region cannot hold " + maxObjects
                    + " objects; give a maxObjects of 1 to " + RegionGeometry.MAX_OBJECTS);
        }
    }

    /** The same with these permission bits, e.g. 0660. */
    public RegionOptions withMode(int mode) {
        return new RegionOptions(mode, group, maxObjects, foreignOwner);
    }

    /** The same with this numeric group id. */
    public RegionOptions withGroup(int group) {
        return new RegionOptions(mode, OptionalInt.of(group), maxObjects, foreignOwner);
    }

    /** The same with room for this many objects. */
    public RegionOptions withMaxObjects(int maxObjects) {
        return new RegionOptions(mode, group, maxObjects, foreignOwner);
    }

    /** The same, and regions of other users may be opened. */
    public RegionOptions withForeignOwner() {
        return new RegionOptions(mode, group, maxObjects, true);
    }
}
