import org.jspecify.annotations.NullMarked;

/** Benchmarks; run from the class path, because JMH starts its measuring processes that way. */
@NullMarked
module io.mortmain.bench {
    requires static org.jspecify;
    requires info.picocli;
    requires chronicle.core;
    requires chronicle.map;
    requires chronicle.values;
    requires io.mortmain;
    requires jdk.management;
    requires jmh.core;
    requires lmdbjava;

    opens io.mortmain.bench to
            info.picocli;
}
