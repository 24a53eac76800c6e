package io.mortmain.internal.linux;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/** What the kernel says of any thread of this PID namespace by its number. See proc_pid_stat(5). */
public final class ThreadStatus {
    private ThreadStatus() {}

    /**
     * Whether no living thread has this number. A thread that is a zombie counts as ended: the main thread of a process stays one while
     * others live on. The kernel walks a thread's robust list before it becomes a zombie or vanishes. What cannot be seen is alive.
     */
    public static boolean isGone(int threadId) {
        if (!KernelThread.exists(threadId)) {
            return true;
        }
        char state = state(threadId);
        return state == 'Z' || state == 'X' || state == 'x';
    }

    /** The letter of its state, or a question mark where /proc does not show the thread. */
    public static char state(int threadId) {
        try {
            String line =
                    Files.readString(Path.of("/proc", Integer.toString(threadId), "stat"), StandardCharsets.ISO_8859_1);
            int name = line.lastIndexOf(") ");
            return name < 0 || name + 2 >= line.length() ? '?' : line.charAt(name + 2);
        } catch (IOException hidden) {
            return '?';
        }
    }

    /** Whether it is the main thread of its process: the end of one is no event while other threads live on. */
    public static boolean isMain(int threadId) {
        String status = status(threadId);
        return status.isEmpty() || status.contains("\nTgid:\t" + threadId + "\n"); // hidden: it may be
    }

    /**
     * How often the thread has left a processor; -1 while it runs or waits to run, or where that cannot be seen. A thread that is about to
     * sleep counts as asleep, and may still run on without having left.
     */
    public static long switchesWhileAsleep(int threadId) {
        String status = status(threadId);
        return status.isEmpty() || status.contains("\nState:\tR")
                ? -1
                : number(status, "\nvoluntary_ctxt_switches:\t") + number(status, "\nnonvoluntary_ctxt_switches:\t");
    }

    /**
     * Whether it was off every processor, and not about to run, at one moment during the call: the kernel makes sure of that before it
     * says in which call a thread sleeps. False where that cannot be seen; it needs the permission to attach to the thread.
     */
    public static boolean wasOffProcessor(int threadId) {
        String call = call(threadId);
        return !call.isEmpty() && !call.startsWith("running");
    }

    /**
     * The address, in its own memory, of the word for which it slept in futex(2) at one moment during the call; empty where it did not, or
     * that cannot be seen. As certain as {@link #wasOffProcessor}, and by the same permission.
     */
    public static OptionalLong futexAwaited(int threadId) {
        String[] call = call(threadId).split(" ", 4); // number, arguments, and more; or "running"
        return call.length == 4
                        && call[0].equals(Integer.toString(Platform.current().futexCall()))
                        && Futex.isWait((int) argument(call[2]))
                ? OptionalLong.of(argument(call[1]))
                : OptionalLong.empty();
    }

    /** Where the stack of a thread that sleeps in a system call ends; empty where it does not sleep, or that cannot be seen. */
    public static OptionalLong stackPointer(int threadId) {
        String[] call =
                call(threadId).strip().split(" ", -1); // and at the end the stack pointer and the place in the code
        return call.length > 2 ? OptionalLong.of(argument(call[call.length - 2])) : OptionalLong.empty();
    }

    /** Whether it cannot be seen in which system call the thread sleeps. */
    static boolean isCallHidden(int threadId) {
        return call(threadId).isEmpty();
    }

    /** The signals that the thread has blocked, as bits from signal 1 on; empty where that cannot be seen. */
    public static OptionalLong blockedSignals(int threadId) {
        String name = "\nSigBlk:\t";
        String status = status(threadId);
        int start = status.indexOf(name) + name.length();
        return start < name.length()
                ? OptionalLong.empty()
                : OptionalLong.of(Long.parseUnsignedLong(status, start, status.indexOf('\n', start), 16));
    }

    /** The signals that all threads of this process have blocked, as {@link #blockedSignals} says them; what cannot be seen is left out. */
    public static long blockedInAllThreads() {
        long blocked = -1;
        try (DirectoryStream<Path> threads = Files.newDirectoryStream(Path.of("/proc/self/task"))) {
            for (Path thread : threads) {
                blocked &= blockedSignals(Integer.parseInt(thread.getFileName().toString()))
                        .orElse(-1);
            }
        } catch (IOException | DirectoryIteratorException hidden) {
            return 0;
        }
        return blocked;
    }

    private static long argument(String text) {
        return Long.parseUnsignedLong(text, "0x".length(), text.length(), 16);
    }

    /** The system call in which it sleeps, as proc_pid_syscall(5) has it, or "running"; empty where /proc does not show it. */
    private static String call(int threadId) {
        try {
            return Files.readString(
                    Path.of("/proc", Integer.toString(threadId), "syscall"), StandardCharsets.ISO_8859_1);
        } catch (IOException hidden) {
            return "";
        }
    }

    private static long number(String status, String name) {
        int start = status.indexOf(name) + name.length();
        return start < name.length() ? 0 : Long.parseLong(status, start, status.indexOf('\n', start), 10);
    }

    private static String status(int threadId) {
        try {
            return Files.readString(
                    Path.of("/proc", Integer.toString(threadId), "status"), StandardCharsets.ISO_8859_1);
        } catch (IOException hidden) {
            return "";
        }
    }
}
