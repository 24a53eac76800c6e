/** What commands and demo have in common: the end when nobody can read what they print. */
@NullMarked
package io.mortmain.cli.output;

import org.jspecify.annotations.NullMarked;
