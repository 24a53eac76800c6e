/** What {@code mortmain explore} does with programs, and how it tells of it. */
@NullMarked
package io.mortmain.cli.explore;

import org.jspecify.annotations.NullMarked;
