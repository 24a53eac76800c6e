/** What the threads of a simulated machine do: operations of the library, and of glibc. */
@NullMarked
package io.mortmain.explore.program;

import org.jspecify.annotations.NullMarked;
