/** Starting child processes: JVMs of this very distribution, and C programs compiled on the spot. */
@NullMarked
package io.mortmain.cli.process;

import org.jspecify.annotations.NullMarked;
