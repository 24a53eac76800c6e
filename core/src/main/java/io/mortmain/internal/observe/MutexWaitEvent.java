package io.mortmain.internal.observe;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.Threshold;

/** An acquisition that was not the uncontended one. */
@Name("io.mortmain.MutexWait")
@Label("Robust mutex wait")
@Category("Mortmain")
@Description("A thread acquired a robust mutex, or gave up, after more than the uncontended path")
@Threshold("10 ms")
public final class MutexWaitEvent extends Event {
    @Label("Mutex")
    public String mutex = "";

    @Label("Outcome")
    public String outcome = "";
}
