/** Beside the protocol, on the class path only: what the stress tests need of its package. */
@NullMarked
package io.mortmain.internal.lock;

import org.jspecify.annotations.NullMarked;
