/**
 * The lock protocol: start at {@link io.mortmain.internal.lock.RobustProtocol}, the uncontended lock and unlock; everything rare is in
 * {@link io.mortmain.internal.lock.SlowPaths}.
 */
@NullMarked
package io.mortmain.internal.lock;

import org.jspecify.annotations.NullMarked;
