/**
 * {@code mortmain claims}: what is said of robust mutexes, fork and threads, sentence by sentence, made to happen here, with a verdict. Read
 * {@link io.mortmain.cli.claims.ClaimTable} first.
 */
@NullMarked
package io.mortmain.cli.claims;

import org.jspecify.annotations.NullMarked;
