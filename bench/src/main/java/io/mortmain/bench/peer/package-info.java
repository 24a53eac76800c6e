/** What is measured, and the processes that it is measured in: each answers commands that come by its standard input. */
@NullMarked
package io.mortmain.bench.peer;

import org.jspecify.annotations.NullMarked;
