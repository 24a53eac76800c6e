/**
 * What {@code mortmain claims} and {@code mortmain torture} both make happen around fork and the deaths of holders: programs in C and in Java,
 * each of which prints what it saw. Read {@link io.mortmain.cli.experiment.Experiment} first.
 */
@NullMarked
package io.mortmain.cli.experiment;

import org.jspecify.annotations.NullMarked;
