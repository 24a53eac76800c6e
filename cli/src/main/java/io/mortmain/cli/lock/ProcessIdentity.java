package io.mortmain.cli.lock;

import io.mortmain.cli.process.ProcessStat;
import io.mortmain.internal.linux.PidDescriptor;

/**
 * One process of this boot, which no other process that is given its number later can be taken for.
 *
 * @param unique the kernel's number for it, from Linux 6.9 on; else 0
 * @param start clock ticks after boot; decides where there is no unique number
 */
record ProcessIdentity(int pid, long unique, long start) {
    /** Of a child that has not been reaped. */
    static ProcessIdentity ofChild(int pid) {
        ProcessStat stat = ProcessStat.of(pid);
        return new ProcessIdentity(pid, PidDescriptor.uniqueNumber(pid), stat == null ? 0 : stat.start());
    }

    /** Whether the process that has the number now is this one. */
    boolean is(ProcessStat now) {
        long uniqueNow = unique == 0 ? 0 : PidDescriptor.uniqueNumber(pid);
        return uniqueNow == 0 ? now.start() == start || start == 0 : uniqueNow == unique;
    }

    /** Whether it lives; a zombie does not. */
    boolean isAlive() {
        ProcessStat now = ProcessStat.of(pid);
        return now != null && is(now) && now.isAlive();
    }
}
