package io.mortmain;

import java.util.OptionalInt;

/**
 * What is known of a predecessor that died while it held a mutex.
 *
 * @param threadId kernel number (TID) of the thread that died, in the PID namespace of the region; empty where it died before it had
 *     written it, where it was itself repairing after a death, and in a region for several PID namespaces. The number may be in use again
 *     by another thread.
 * @param whileRepairing whether it died, or gave back the mutex, between being told of an earlier death and declaring the data
 *     consistent: a repair must then begin from the start
 * @param rebooted whether the machine was rebooted since the mutex was used: then everybody is told at the first lock, whether somebody
 *     held it or not, and what was written after the last sync of the file may be lost, in any order
 * @param processId in a region for several PID namespaces, the number of the process whose thread died, in the PID namespace of that
 *     process, as it wrote itself; empty where that is not known, or others have overwritten it, and in any other region
 */
public record Death(OptionalInt threadId, boolean whileRepairing, boolean rebooted, OptionalInt processId) {}
