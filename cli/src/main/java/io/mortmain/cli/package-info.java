/** The command {@code mortmain}: one class for each sub-command. */
@NullMarked
package io.mortmain.cli;

import org.jspecify.annotations.NullMarked;
