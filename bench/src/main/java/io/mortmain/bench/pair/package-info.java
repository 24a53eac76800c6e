/**
 * The same work by several means: two numbers that belong together, in memory that processes share. What the means need, they get in the
 * processes that use them, and nowhere else.
 */
@NullMarked
package io.mortmain.bench.pair;

import org.jspecify.annotations.NullMarked;
