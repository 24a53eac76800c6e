/** Guarded objects in their bytes: schema, journal, data, and the word that those who wait for a change sleep on. */
@NullMarked
package io.mortmain.internal.guarded;

import org.jspecify.annotations.NullMarked;
