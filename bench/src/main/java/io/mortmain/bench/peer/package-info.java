/** What is measured, and the processes that it is measured in: each answers commands that come by its standard input. */
package io.mortmain.bench.peer;
