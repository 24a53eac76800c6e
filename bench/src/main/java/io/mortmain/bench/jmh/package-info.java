/** The uncontended measurements once more, as JMH benchmarks. */
@NullMarked
package io.mortmain.bench.jmh;

import org.jspecify.annotations.NullMarked;
