/** The journal: a transaction's words are changed all together or not at all, whoever dies between two of its stores. */
@NullMarked
package io.mortmain.internal.journal;

import org.jspecify.annotations.NullMarked;
