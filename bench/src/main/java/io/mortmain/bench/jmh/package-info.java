/** The uncontended measurements once more, as JMH benchmarks. */
package io.mortmain.bench.jmh;
