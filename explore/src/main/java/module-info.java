/**
 * Runs the lock protocol that ships over a simulated machine, in every order of its threads and with death at every step. Start at
 * {@link io.mortmain.explore.search.Explorer}.
 */
@SuppressWarnings("module") // the command line is compiled later
module io.mortmain.explore {
    requires static org.jspecify;
    requires io.mortmain;

    exports io.mortmain.explore.search to
            io.mortmain.cli;
}
