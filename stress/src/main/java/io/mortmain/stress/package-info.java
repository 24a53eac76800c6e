/** Tests of memory order and of linearizability. */
@NullMarked
package io.mortmain.stress;

import org.jspecify.annotations.NullMarked;
