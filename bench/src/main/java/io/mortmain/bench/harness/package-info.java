/** Measures against C: starts the peers, lets them run by turns, and tells the results. */
package io.mortmain.bench.harness;
