/** Processes and forks. */
@NullMarked
package io.mortmain.process;

import org.jspecify.annotations.NullMarked;
