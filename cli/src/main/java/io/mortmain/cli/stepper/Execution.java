package io.mortmain.cli.stepper;

import io.mortmain.internal.linux.Ptrace;
import java.io.IOException;

/**
 * Kills a victim after so many instructions of its section. All on one OS thread, since the kernel takes that for the tracer.
 *
 * @param executed instructions of the section that were executed
 * @param through whether the section ended before the one that was wanted
 */
record Execution(int executed, boolean through) {
    /** So that a loop that single steps never leave is found: on a processor whose atomic stores fail when stepped, each does. */
    private static final int MOST = 200_000;

    /**
     * Executes and kills; the process has ended when this returns.
     *
     * @param wanted 1 or more
     * @throws Elsewhere if an instruction would not have been the second compiler's
     */
    static Execution of(Victim victim, int wanted) throws IOException, InterruptedException {
        victim.begin();
        Execution execution;
        try (Ptrace thread = Ptrace.seize(victim.threadId())) {
            try {
                execution = step(victim, thread, wanted);
            } finally {
                victim.kill();
                thread.awaitEnd();
            }
        }
        victim.awaitEnd();
        return execution;
    }

    private static Execution step(Victim victim, Ptrace thread, int wanted) throws IOException {
        victim.requireInSection(thread.nextInstruction());
        victim.letGo();
        int before = 0;
        while (victim.phase() != SectionWords.INSIDE) {
            before++;
            stepOnce(thread, before);
        }
        int executed = 0;
        while (executed < wanted && victim.phase() == SectionWords.INSIDE) {
            victim.requireCompiled(thread.nextInstruction(), executed);
            executed++;
            stepOnce(thread, executed);
        }
        return new Execution(executed, victim.phase() == SectionWords.THROUGH && executed < wanted);
    }

    private static void stepOnce(Ptrace thread, int count) throws IOException {
        if (!thread.step()) {
            throw new IOException("the process that was to be killed was killed by somebody else");
        }
        if (count > MOST) {
            throw new IOException(
                    "after " + MOST + " single steps the section has not come to its end; a processor without"
                            + " one-instruction atomics (aarch64 before 8.1) cannot be stepped through a lock");
        }
    }
}
