/**
 * Shared memory regions and robust mutexes for processes on Linux, bit-compatible with glibc's. Start at {@link io.mortmain.Region}.
 */
module io.mortmain {
    requires static org.jspecify;
    requires jdk.jfr;

    exports io.mortmain;
    exports io.mortmain.errors;
}
