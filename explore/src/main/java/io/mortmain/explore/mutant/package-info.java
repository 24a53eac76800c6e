/** Small breakages of the protocol, which the search must find. */
@NullMarked
package io.mortmain.explore.mutant;

import org.jspecify.annotations.NullMarked;
