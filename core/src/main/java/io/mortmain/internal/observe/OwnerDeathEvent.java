package io.mortmain.internal.observe;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;

/** An acquirer was told that its predecessor died. */
@Name("io.mortmain.OwnerDeath")
@Label("Robust mutex owner death")
@Category("Mortmain")
@Description("The acquirer of a robust mutex was told that its predecessor died while holding it")
public final class OwnerDeathEvent extends Event {
    @Label("Mutex")
    public String mutex = "";

    @Label("TID of the dead holder, 0 if unknown")
    public int threadId;

    @Label("Process of the dead holder, as it wrote itself, 0 if unknown")
    public int processId;

    @Label("Died while repairing after an earlier death")
    public boolean whileRepairing;
}
