/** {@code mortmain rm}: regions that nobody uses are removed. Read {@code RegionRemoval} first. */
@NullMarked
package io.mortmain.cli.rm;

import org.jspecify.annotations.NullMarked;
