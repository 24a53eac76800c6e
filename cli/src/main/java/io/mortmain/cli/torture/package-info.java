/**
 * {@code mortmain torture}: makes each fault of the tables A to D happen, here and now, in real processes, and shows what became of the
 * locks. Read {@link io.mortmain.cli.torture.FaultTable} first.
 */
@NullMarked
package io.mortmain.cli.torture;

import org.jspecify.annotations.NullMarked;
