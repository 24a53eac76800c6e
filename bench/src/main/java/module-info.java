/** Benchmarks; run from the class path, because JMH starts its measuring processes that way. */
module io.mortmain.bench {
    requires info.picocli;
    requires io.mortmain;
    requires jdk.management;
    requires jmh.core;

    opens io.mortmain.bench to
            info.picocli;
}
