/** Beside the regions, on the class path only: what the stress tests need of their package. */
@NullMarked
package io.mortmain.internal.region;

import org.jspecify.annotations.NullMarked;
