package io.mortmain.bench.harness;

import java.util.ArrayList;
import java.util.List;

/** Processes that live and end together. */
final class Peers implements AutoCloseable {
    private final List<PeerProcess> processes = new ArrayList<>();

    PeerProcess add(PeerProcess process) {
        processes.add(process);
        return process;
    }

    /** Binds all to a processor; false where that is not allowed. */
    boolean bind(int processor) {
        boolean bound = true;
        for (PeerProcess process : processes) {
            bound &= bind(process, processor);
        }
        return bound;
    }

    /** Binds the thread that measures to a processor; false where that is not allowed. */
    static boolean bind(PeerProcess process, int processor) {
        process.tell("bind " + processor);
        return process.awaitEither("bound", "unbound").equals("bound");
    }

    @Override
    public void close() {
        processes.forEach(PeerProcess::close);
    }
}
