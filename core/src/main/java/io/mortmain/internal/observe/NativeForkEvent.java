package io.mortmain.internal.observe;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;

/** The process forked, most likely by a native library; lasts until it is known whether the child executed a program. */
@Name("io.mortmain.NativeFork")
@Label("Native fork")
@Category("Mortmain")
@Description("The process forked through the C library, while there were fork hooks or listeners")
public final class NativeForkEvent extends Event {
    @Label("TID of the thread that forked, 0 if unknown")
    public int threadId;

    @Label("Process of the child, 0 if unknown")
    public int child;

    @Label("Fork hooks")
    public String hooks = "";

    @Label("Exec")
    public String exec = "";

    @Label("Hooks that failed, or had not returned in time")
    public int failures;
}
