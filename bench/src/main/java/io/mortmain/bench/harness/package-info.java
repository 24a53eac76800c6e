/** Measures against C: starts the peers, lets them run by turns, and tells the results. */
@NullMarked
package io.mortmain.bench.harness;

import org.jspecify.annotations.NullMarked;
