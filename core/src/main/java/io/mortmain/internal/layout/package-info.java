/** Every byte offset, one class per structure: drawn, asserted when loaded, compared with C by a test. Depends on nothing above. */
@NullMarked
package io.mortmain.internal.layout;

import org.jspecify.annotations.NullMarked;
