/** The heap: blocks of shared memory that are allocated, changed and freed in transactions. */
@NullMarked
package io.mortmain.internal.heap;

import org.jspecify.annotations.NullMarked;
