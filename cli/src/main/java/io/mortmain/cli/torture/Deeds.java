package io.mortmain.cli.torture;

import java.util.HashMap;
import java.util.Map;

/** What the Java hand can do besides locking, by name. */
final class Deeds {
    /** Returns what came of it, then, after a bar, details. */
    interface Deed {
        String run(DeedSite site) throws Throwable;
    }

    private static final Map<String, Deed> ALL = new HashMap<>();

    static {
        HoldingDeeds.addTo(ALL);
        RegionDeeds.addTo(ALL);
        GrowthDeed.addTo(ALL);
        ThreadDeeds.addTo(ALL);
        LockDeeds.addTo(ALL);
        ForeignDeeds.addTo(ALL);
        GuardedDeeds.addTo(ALL);
        StructureDeeds.addTo(ALL);
    }

    private Deeds() {}

    static Deed of(String name) {
        Deed deed = ALL.get(name);
        if (deed == null) {
            throw new IllegalArgumentException("no deed " + name);
        }
        return deed;
    }
}
