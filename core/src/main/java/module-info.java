/**
 * Shared memory regions and robust mutexes for processes on Linux, bit-compatible with glibc's. Start at {@link io.mortmain.Region}.
 */
@SuppressWarnings("module") // the command line is compiled later
module io.mortmain {
    requires static org.jspecify;
    requires jdk.jfr;

    exports io.mortmain;
    exports io.mortmain.errors;
    // How the command line starts and watches processes: the only module that may.
    exports io.mortmain.internal.linux to
            io.mortmain.cli;
    // How it tells of a death for others.
    exports io.mortmain.internal.owner to
            io.mortmain.cli;
}
