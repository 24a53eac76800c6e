/**
 * What runs in a thread that forks: some machine code, which rings a thread of Java and waits for it, and a table of system calls for the
 * child. No Java code runs there.
 */
@NullMarked
package io.mortmain.internal.fork;

import org.jspecify.annotations.NullMarked;
