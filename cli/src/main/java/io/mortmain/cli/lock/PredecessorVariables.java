package io.mortmain.cli.lock;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;

import io.mortmain.internal.linux.ProcessEnvironment;
import java.util.ArrayList;
import java.util.List;

/** How a command is told: our own environment, with the variables of the death if there was one, and never those of an outer lock. */
final class PredecessorVariables {
    private static final String PREFIX = "MORTMAIN_PREDECESSOR_";

    private PredecessorVariables() {}

    static List<byte[]> environment(HolderRecord record) {
        List<byte[]> variables = new ArrayList<>(ProcessEnvironment.read());
        variables.removeIf(variable -> new String(variable, ISO_8859_1).startsWith(PREFIX));
        if (record.isDeathPending()) {
            add(variables, "DIED", "1");
            if (record.deathPid() > 0) {
                add(variables, "PID", Integer.toString(record.deathPid()));
            }
            if (record.deathHow() != HolderRecord.UNKNOWN) {
                add(variables, "HOW", how(record.deathHow()));
            }
        }
        return variables;
    }

    private static String how(int how) {
        return how == HolderRecord.LOCK_DIED ? "lock died" : "signal " + how;
    }

    private static void add(List<byte[]> variables, String name, String value) {
        variables.add((PREFIX + name + "=" + value).getBytes(US_ASCII));
    }
}
