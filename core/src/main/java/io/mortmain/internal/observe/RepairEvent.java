package io.mortmain.internal.observe;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;

/** A repair ran after a death. */
@Name("io.mortmain.Repair")
@Label("Robust mutex repair")
@Category("Mortmain")
@Description("The repair given with a robust mutex ran after a death")
public final class RepairEvent extends Event {
    @Label("Mutex")
    public String mutex = "";

    @Label("Succeeded")
    public boolean succeeded;
}
