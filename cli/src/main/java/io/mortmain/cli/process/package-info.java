/**
 * Processes: starting JVMs of this distribution and C programs compiled on the spot, what /proc says of any, and what
 * killed runs leave behind.
 */
@NullMarked
package io.mortmain.cli.process;

import org.jspecify.annotations.NullMarked;
