/** A simulated machine: memory, futexes, threads that die, and the rules that must hold in each of its states. */
@NullMarked
package io.mortmain.explore.machine;

import org.jspecify.annotations.NullMarked;
