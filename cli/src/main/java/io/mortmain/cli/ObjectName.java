package io.mortmain.cli;

import io.mortmain.Region;
import io.mortmain.RegionSnapshot.NamedObject;
import io.mortmain.errors.RegionException;
import java.util.Comparator;

/**
 * What {@code NAME/OBJECT.FIELD} means: the last slash separates region and object. Objects may have dots in their names, so the longest
 * name that fits is meant.
 *
 * @param region name or path
 * @param object as the region has it
 * @param path to the part of its data, beginning with a dot or a bracket; empty for all of it
 */
record ObjectName(String region, NamedObject object, String path) {
    /** @throws NotFoundException where there is no such object */
    static ObjectName find(String given) {
        String name = NameOnCommandLine.require(given);
        int slash = name.lastIndexOf('/');
        if (slash <= 0 || slash == name.length() - 1) {
            throw new RegionException(
                    RegionException.Reason.INVALID_ARGUMENT,
                    Printable.value(name) + " names no object; give NAME/OBJECT, such as bank/accounts");
        }
        String region = name.substring(0, slash);
        String rest = name.substring(slash + 1);
        NamedObject object = ForeignRegion.inspect(region).objects().stream()
                .filter(candidate -> begins(rest, candidate.name()))
                .max(Comparator.comparingInt(candidate -> candidate.name().length()))
                .orElseThrow(() -> new NotFoundException("There is no object " + rest + " in region " + region
                        + "; 'mortmain inspect' shows what is in it"));
        return new ObjectName(region, object, rest.substring(object.name().length()));
    }

    /** @param foreign whether the region may belong to another user */
    Region open(boolean foreign) {
        return ForeignRegion.open(region, foreign);
    }

    /** Whether a text is that name, or goes on behind it with a field or an index. */
    static boolean begins(String text, String name) {
        return text.startsWith(name)
                && (text.length() == name.length()
                        || text.charAt(name.length()) == '.'
                        || text.charAt(name.length()) == '[');
    }
}
