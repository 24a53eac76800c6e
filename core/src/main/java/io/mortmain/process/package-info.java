/**
 * Processes without fork: started by posix_spawn(3) with what they are to have and nothing else, watched by pidfd, reaped once; start at
 * {@link io.mortmain.process.Spawn}. And hooks around the forks of others: {@link io.mortmain.process.ForkHooks}.
 */
@NullMarked
package io.mortmain.process;

import org.jspecify.annotations.NullMarked;
