package io.mortmain.explore.machine;

/**
 * One thread of a program: who it is and what it does.
 *
 * @param threadId its number, as words have it; two may have the same if one begins after the other is gone
 * @param process those of one process share a turn to mark
 * @param beginsAfter the thread whose number it takes over once that is gone, {@link #FROM_THE_START} or
 *     {@link #AFTER_REBOOT}
 * @param isMortal whether it can be killed
 */
public record Actor(String name, int threadId, int process, int beginsAfter, boolean isMortal, Script script) {
    /** In place of a thread that must be gone. */
    public static final int FROM_THE_START = -1;

    /** It begins when the machine was rebooted. */
    public static final int AFTER_REBOOT = -2;

    /** There from the start, and mortal. */
    public Actor(String name, int threadId, int process, Script script) {
        this(name, threadId, process, FROM_THE_START, true, script);
    }

    /** The same, beginning later. */
    public Actor after(int gone) {
        return new Actor(name, threadId, process, gone, isMortal, script);
    }

    /** The same, never killed. */
    public Actor immortal() {
        return new Actor(name, threadId, process, beginsAfter, false, script);
    }
}
