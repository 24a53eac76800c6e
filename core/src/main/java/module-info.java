/**
 * Shared memory regions and robust mutexes for processes on Linux, bit-compatible with glibc's. Start at {@link io.mortmain.Region}.
 */
@SuppressWarnings("module") // the command line and the explorer are compiled later
module io.mortmain {
    requires static org.jspecify;
    requires jdk.jfr;

    exports io.mortmain;
    exports io.mortmain.errors;
    exports io.mortmain.process;
    // How the command line starts and watches processes: the only module that may.
    exports io.mortmain.internal.linux to
            io.mortmain.cli;
    // Where it looks at the words of a transaction from outside.
    exports io.mortmain.internal.layout to
            io.mortmain.cli,
            io.mortmain.explore;
    // How it tells of a death for others; and the protocol, for the explorer, which runs it over another memory and
    // another kernel.
    exports io.mortmain.internal.owner to
            io.mortmain.cli,
            io.mortmain.explore;
    exports io.mortmain.internal.guarded to
            io.mortmain.explore;
    exports io.mortmain.internal.journal to
            io.mortmain.explore;
    exports io.mortmain.internal.lock to
            io.mortmain.explore;
    exports io.mortmain.internal.region to
            io.mortmain.explore;
    exports io.mortmain.internal.words to
            io.mortmain.explore;
}
