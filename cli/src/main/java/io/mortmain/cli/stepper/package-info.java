/** Kills a holder after each single instruction of lock, critical section and unlock, and looks at what the next one gets. */
@NullMarked
package io.mortmain.cli.stepper;

import org.jspecify.annotations.NullMarked;
