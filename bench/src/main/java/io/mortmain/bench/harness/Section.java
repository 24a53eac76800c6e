package io.mortmain.bench.harness;

/** The parts of {@code mortmain bench lock}. */
public enum Section {
    UNCONTENDED,
    CONTENDED,
    KILL,
    ALLOCATION,
    JMH
}
