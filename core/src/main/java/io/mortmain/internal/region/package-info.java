/** Regions as files: made whole, checked, mapped once per process, with a directory of named objects. */
@NullMarked
package io.mortmain.internal.region;

import org.jspecify.annotations.NullMarked;
