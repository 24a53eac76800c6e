/** Ways through the states of a machine: all of them, or some at random. */
@NullMarked
package io.mortmain.explore.search;

import org.jspecify.annotations.NullMarked;
