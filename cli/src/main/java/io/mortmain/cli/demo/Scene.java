package io.mortmain.cli.demo;

import java.util.List;
import java.util.OptionalLong;

/**
 * The demo at one moment, for whoever shows it.
 *
 * @param seconds since the killing began
 * @param transfers since the start
 * @param transfersPerSecond in the time since the scene before
 * @param sum of all accounts, when it was last to be had
 */
record Scene(
        DemoSettings settings,
        Cast cast,
        double seconds,
        long transfers,
        long transfersPerSecond,
        long kills,
        OptionalLong sum,
        DeathBook book,
        List<Actor> actors) {}
