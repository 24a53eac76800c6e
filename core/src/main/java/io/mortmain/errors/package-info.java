/**
 * What can go wrong, as types: catch {@link io.mortmain.errors.MortmainException} for what the machine, other processes and the state of regions
 * and locks refuse. For arguments and calls that are wrong wherever they are made, the JDK's exceptions are thrown, such as
 * {@link IllegalArgumentException}, {@link IndexOutOfBoundsException} and {@link IllegalStateException}.
 */
@NullMarked
package io.mortmain.errors;

import org.jspecify.annotations.NullMarked;
