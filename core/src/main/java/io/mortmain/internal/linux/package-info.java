/** Every restricted call, one class per kernel facility. {@code Linker} occurs nowhere else. */
@NullMarked
package io.mortmain.internal.linux;

import org.jspecify.annotations.NullMarked;
