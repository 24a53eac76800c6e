/**
 * Memory order, by jcstress over native memory: whether accesses weaker than volatile suffice where the library makes them. {@code
 * docs/memory-order.md} lists them.
 *
 * <p>A test is a nested class. One whose name begins with {@code Planted} has one access or look too weak or too few; what it must show
 * to prove that the test beside it can fail is its interesting outcome.
 */
@NullMarked
package io.mortmain.stress.memory;

import org.jspecify.annotations.NullMarked;
