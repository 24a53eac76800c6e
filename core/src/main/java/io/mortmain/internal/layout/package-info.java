/** Every byte offset of regions, mutexes and threads, one class per structure: drawn, asserted when loaded, compared with C by a test. */
@NullMarked
package io.mortmain.internal.layout;

import org.jspecify.annotations.NullMarked;
