/**
 * Runs the lock protocol that ships, and what makes regions, over a simulated machine, in every order of its threads and with death at every step. Start at
 * {@link io.mortmain.explore.machine.Machine}.
 */
@SuppressWarnings("module") // the command line is compiled later
module io.mortmain.explore {
    requires static org.jspecify;
    requires io.mortmain;

    exports io.mortmain.explore to
            io.mortmain.cli;
    exports io.mortmain.explore.machine to
            io.mortmain.cli;
    exports io.mortmain.explore.mutant to
            io.mortmain.cli;
    exports io.mortmain.explore.program to
            io.mortmain.cli;
    exports io.mortmain.explore.search to
            io.mortmain.cli;
}
