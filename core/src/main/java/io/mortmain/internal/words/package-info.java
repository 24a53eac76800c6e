/** The seam: the words of shared memory and the kernel, as the lock protocol sees them. */
@NullMarked
package io.mortmain.internal.words;

import org.jspecify.annotations.NullMarked;
