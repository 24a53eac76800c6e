/**
 * Shared memory that no dead process can keep: {@link io.mortmain.Region} is the memory, {@link io.mortmain.RobustMutex} the lock in it,
 * {@link io.mortmain.Hold} the fact of holding it.
 */
@NullMarked
package io.mortmain;

import org.jspecify.annotations.NullMarked;
