/** Benchmarks; run from the class path, because JMH starts its measuring processes that way. */
module io.mortmain.bench {
    requires io.mortmain;
    requires jmh.core;
}
