/**
 * The lock protocol: start at {@link io.mortmain.internal.lock.RobustProtocol}, the uncontended lock and unlock; everything rare is in
 * {@link io.mortmain.internal.lock.SlowPaths}, where the invariants are, and behind it in two parts.
 */
@NullMarked
package io.mortmain.internal.lock;

import org.jspecify.annotations.NullMarked;
