/** The command {@code mortmain bench}. */
package io.mortmain.bench;
