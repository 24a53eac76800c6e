/** What can go wrong, as types: catch {@link io.mortmain.errors.MortmainException} for all of it. */
@NullMarked
package io.mortmain.errors;

import org.jspecify.annotations.NullMarked;
