/** Processes: starting JVMs of this distribution and C programs compiled on the spot, and what /proc says of any. */
@NullMarked
package io.mortmain.cli.process;

import org.jspecify.annotations.NullMarked;
