package io.mortmain.bench;

import org.openjdk.jmh.Main;

/** Runs the benchmarks; all arguments go to JMH. */
public final class BenchMain {
    private BenchMain() {}

    public static void main(String[] args) throws Exception {
        Main.main(args);
    }
}
