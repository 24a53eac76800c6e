/** What Linux tells of processes: what they are, and which files they use. */
@NullMarked
package io.mortmain.cli.processes;

import org.jspecify.annotations.NullMarked;
