/** What a flight recording shows of mutexes. */
@NullMarked
package io.mortmain.internal.observe;

import org.jspecify.annotations.NullMarked;
