/** What the explorer offers: bounds, each a list of programs, and their exploration. */
@NullMarked
package io.mortmain.explore;

import org.jspecify.annotations.NullMarked;
