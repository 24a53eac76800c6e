package io.mortmain.cli.lock;

import io.mortmain.errors.RegionException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

/**
 * Who runs under the lock, and which death has not been dealt with; in shared memory, written by the holder of the mutex only. Whoever
 * dies between two stores leaves what came before: the group is stored after what describes it, and taken back first.
 *
 * <pre>
 *   0       8       16      24      32      40      48      56      64      72      80      128
 *   +-------+-------+-------+-------+-------+-------+-------+-------+-------+-------+--------+
 *   | group |leader |leader |session|command|command|command| death | death | death |   –    |
 *   | or 0  |unique | start |       |  pid  |unique | start | 0, 1  |  pid  |  how  |        |
 *   +-------+-------+-------+-------+-------+-------+-------+-------+-------+-------+--------+
 * </pre>
 */
public final class HolderRecord {
    /** The memory object beside the mutex. */
    public static final String OBJECT = "lock.holder";

    public static final int SIZE = 128;

    /** The mutex that {@code mortmain lock} takes. */
    public static final String MUTEX = "lock";

    /** How a holder died: {@code mortmain lock} itself; a number above 0 is the signal that killed its command. */
    static final int LOCK_DIED = -1;

    static final int UNKNOWN = 0;

    /** Number 1 is the first process of the PID namespace, and to kill(2) everybody. */
    private static final int FIRST_CHILD = 2;
    /** PID_MAX_LIMIT of 64-bit kernels. */
    private static final int MAX_PID = 1 << 22;

    private static final int LAST_SIGNAL = 64;

    private static final int GROUP = 0;
    private static final int LEADER_UNIQUE = 8;
    private static final int LEADER_START = 16;
    private static final int SESSION = 24;
    private static final int COMMAND = 32;
    private static final int COMMAND_UNIQUE = 40;
    private static final int COMMAND_START = 48;
    private static final int DEATH = 56;
    private static final int DEATH_PID = 64;
    private static final int DEATH_HOW = 72;

    private static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle();

    private final MemorySegment memory;

    /** Over the object's memory, or a copy of it. */
    public HolderRecord(MemorySegment memory) {
        this.memory = memory;
    }

    /** The command will run in this group, whose leader is there already. */
    void enter(ProcessIdentity leader, int session) {
        set(LEADER_UNIQUE, leader.unique());
        set(LEADER_START, leader.start());
        set(SESSION, session);
        set(COMMAND, 0);
        publish(GROUP, leader.pid());
    }

    /** The command runs. */
    void started(ProcessIdentity command) {
        set(COMMAND_UNIQUE, command.unique());
        set(COMMAND_START, command.start());
        publish(COMMAND, command.pid());
    }

    /** Nobody runs any more. */
    void leave() {
        publish(GROUP, 0);
    }

    /**
     * Refuses a record that no holder can have written: a signal, or a wait, would reach strangers.
     *
     * @param region its name, for the message
     * @throws RegionException DAMAGED, with the cure
     */
    public void requireSound(String region) {
        long group = get(GROUP);
        if (group != 0) {
            require(region, "process group", group, FIRST_CHILD, MAX_PID);
            require(region, "start of the group's leader", get(LEADER_START), 1, Long.MAX_VALUE);
            require(region, "session", get(SESSION), 0, MAX_PID);
            require(region, "command", get(COMMAND), 0, MAX_PID);
        }
        require(region, "mark of a death", get(DEATH), 0, 1);
        if (isDeathPending()) {
            require(region, "dead process", get(DEATH_PID), 0, MAX_PID);
            require(region, "cause of the death", get(DEATH_HOW), LOCK_DIED, LAST_SIGNAL);
        }
    }

    private static void require(String region, String field, long value, long least, long most) {
        if (value < least || value > most) {
            throw new RegionException(
                    RegionException.Reason.DAMAGED,
                    "who holds lock " + region + " cannot be told: " + field + " " + value + " in its object " + OBJECT
                            + " is impossible; once no command runs under it, remove the region with 'mortmain rm --force "
                            + region + "'");
        }
    }

    /** Whom the record names; of a sound one only. */
    public RunningGroup group() {
        return new RunningGroup(
                new ProcessIdentity(number(GROUP), get(LEADER_UNIQUE), get(LEADER_START)),
                number(SESSION),
                new ProcessIdentity(number(COMMAND), get(COMMAND_UNIQUE), get(COMMAND_START)));
    }

    /** The mutex told of a death; what an earlier one left is kept where nobody ran since. */
    void noteDeathOfLock() {
        if (get(GROUP) != 0) {
            noteDeath(number(COMMAND), LOCK_DIED);
        } else if (!isDeathPending()) {
            noteDeath(0, UNKNOWN); // the mutex knows a thread, which is no command
        }
    }

    /** The next one is told, until somebody has dealt with it. */
    void noteDeath(int pid, int how) {
        set(DEATH_PID, pid);
        set(DEATH_HOW, how);
        publish(DEATH, 1);
    }

    /** The death was dealt with. */
    void settleDeath() {
        publish(DEATH, 0);
    }

    boolean isDeathPending() {
        return get(DEATH) != 0;
    }

    /** Process number of the dead command, or 0. */
    int deathPid() {
        return number(DEATH_PID);
    }

    /** {@link #LOCK_DIED}, {@link #UNKNOWN}, or a signal. */
    int deathHow() {
        return number(DEATH_HOW);
    }

    private int number(int offset) {
        return (int) get(offset);
    }

    private long get(int offset) {
        return (long) LONG.getAcquire(memory, (long) offset);
    }

    private void set(int offset, long value) {
        LONG.setOpaque(memory, (long) offset, value);
    }

    /** After every store before it, and before every store after it. */
    private void publish(int offset, long value) {
        LONG.setRelease(memory, (long) offset, value);
        VarHandle.storeStoreFence();
    }
}
