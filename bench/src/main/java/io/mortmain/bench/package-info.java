/** The command {@code mortmain bench}. */
@NullMarked
package io.mortmain.bench;

import org.jspecify.annotations.NullMarked;
