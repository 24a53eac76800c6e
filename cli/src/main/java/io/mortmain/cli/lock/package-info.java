/** {@code mortmain lock}: a command under a robust mutex, kept as long as the command lives. Read {@code LockedRun} first. */
@NullMarked
package io.mortmain.cli.lock;

import org.jspecify.annotations.NullMarked;
