/** Every restricted call, one class per kernel facility, with the structures that calls read or fill; {@code Linker} occurs in one class. */
@NullMarked
package io.mortmain.internal.linux;

import org.jspecify.annotations.NullMarked;
