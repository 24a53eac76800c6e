package io.mortmain.cli;

import io.mortmain.Region;
import io.mortmain.RegionSnapshot;
import io.mortmain.errors.RegionException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The regions in /dev/shm, one row each. */
final class RegionListing {
    private static final String USABLE = "yes";

    private RegionListing() {}

    /** For people. */
    static List<String> table() {
        List<String> lines = new ArrayList<>();
        for (String name : Region.list()) {
            try {
                lines.add(row(name, Region.inspect(name)));
            } catch (RegionException damaged) {
                if (damaged.reason() != RegionException.Reason.NOT_FOUND) { // removed meanwhile
                    lines.add(String.format(
                            Locale.ROOT,
                            "%-32s no: %s",
                            Printable.of(name),
                            Printable.of(String.valueOf(damaged.getMessage()))));
                }
            }
        }
        if (!lines.isEmpty()) {
            lines.add(
                    0,
                    String.format(
                            Locale.ROOT,
                            "%-32s %12s %12s %7s %-20s %6s %4s %s",
                            "NAME",
                            "SIZE",
                            "CAPACITY",
                            "OBJECTS",
                            "CREATED",
                            "OWNER",
                            "MODE",
                            "USABLE"));
        }
        return lines;
    }

    private static String row(String name, RegionSnapshot region) {
        return String.format(
                Locale.ROOT,
                "%-32s %12d %12d %7d %-20s %6d %04o %s",
                Printable.of(name),
                region.fileSize(),
                region.capacity(),
                region.objects().size(),
                Printable.time(region.created()),
                region.userId(),
                region.mode(),
                region.unusableBecause().map(why -> "no: " + why).orElse(USABLE));
    }

    /** For programs. */
    static List<Map<String, Object>> json() {
        List<Map<String, Object>> regions = new ArrayList<>();
        for (String name : Region.list()) {
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("name", name);
            try {
                json.putAll(RegionDescription.header(Region.inspect(name)));
            } catch (RegionException damaged) {
                if (damaged.reason() == RegionException.Reason.NOT_FOUND) {
                    continue; // removed meanwhile
                }
                json.put("usable", false);
                json.put("reason", damaged.getMessage());
            }
            regions.add(json);
        }
        return regions;
    }
}
