package io.mortmain.cli.experiment;

/** A program that makes things happen, and prints what it saw, a line "observation=value" each. */
public enum Experiment {
    /** Deaths of holders of robust mutexes, and the list that the kernel walks. */
    ROBUST("robust", false),
    /** What a child can do with a lock that was held at the fork, kind by kind. */
    FORK_LOCKS("fork-locks", false),
    /** How many threads the child has, and whose copy. */
    THREADS("threads", false),
    /** Handlers of pthread_atfork. */
    HANDLERS("handlers", false),
    /** Fork in a signal handler. */
    SIGNALS("signals", false),
    /** What comes between fork and exec; exec; posix_spawn. */
    PROGRAMS("programs", false),
    /** Children whose thread glibc takes for their parent's. */
    IDENTITIES("identities", false),
    /** Mortmain after deaths, those included that the kernel does not report. */
    MORTMAIN_DEATHS("deaths", true),
    /** What Mortmain refuses. */
    MORTMAIN_REFUSALS("refusals", true),
    /** Mortmain in a child that was forked below the JVM. */
    MORTMAIN_FORK("fork", true),
    /** Programs that a JVM starts while its threads hold locks. */
    MORTMAIN_PROGRAMS("programs", true),
    /** Programs that a native library of a JVM starts by fork and exec while its threads hold locks. */
    MORTMAIN_NATIVE_PROGRAMS("native-programs", true),
    /** Hooks of a JVM around forks of a native library. */
    MORTMAIN_HOOKS("hooks", true);

    private final String program;
    private final boolean inJava;

    Experiment(String program, boolean inJava) {
        this.program = program;
        this.inJava = inJava;
    }

    /** How it is asked for. */
    public String program() {
        return program;
    }

    /** Whether it is one of {@link MortmainActs}, not one of experiments.c. */
    public boolean isInJava() {
        return inJava;
    }
}
