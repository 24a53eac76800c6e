package io.mortmain.cli.process;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What /proc/PID/stat says of a process; proc_pid_stat(5).
 *
 * @param start clock ticks after boot
 * @param flags of the kernel, PF_…
 */
public record ProcessStat(
        int pid, char state, int parent, int group, int session, long flags, int threads, long start) {
    private static final Path PROC = Path.of("/proc");
    /** Positions behind the name in brackets, which may have blanks and brackets in it. */
    private static final int STATE = 0;

    private static final int PARENT = 1;
    private static final int GROUP = 2;
    private static final int SESSION = 3;
    private static final int FLAGS = 6;
    private static final int THREADS = 17;
    private static final int START = 19;
    private static final long PF_KTHREAD = 0x00200000;

    /** Null where there is no such process, or it is hidden. */
    public static @Nullable ProcessStat of(int pid) {
        return read(pid, PROC.resolve(Integer.toString(pid)));
    }

    /** Of one thread; null where it has ended. */
    static @Nullable ProcessStat ofThread(Path folder) {
        return read(Integer.parseInt(folder.getFileName().toString()), folder);
    }

    private static @Nullable ProcessStat read(int pid, Path folder) {
        // a stream, since a channel would be closed by an interrupt
        try (InputStream file = new FileInputStream(folder.resolve("stat").toFile())) {
            String text = new String(file.readAllBytes(), StandardCharsets.ISO_8859_1);
            String[] fields = text.substring(text.lastIndexOf(')') + 2).split(" ", -1);
            return new ProcessStat(
                    pid,
                    fields[STATE].charAt(0),
                    Integer.parseInt(fields[PARENT]),
                    Integer.parseInt(fields[GROUP]),
                    Integer.parseInt(fields[SESSION]),
                    Long.parseLong(fields[FLAGS]),
                    Integer.parseInt(fields[THREADS]),
                    Long.parseLong(fields[START]));
        } catch (IOException gone) {
            return null;
        }
    }

    /** The processes of a group that can be seen. */
    public static List<ProcessStat> ofGroup(int group) {
        return all().stream().filter(process -> process.group == group).toList();
    }

    /** The processes that can be seen. */
    public static List<ProcessStat> all() {
        List<ProcessStat> found = new ArrayList<>();
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[1-9]*")) {
            for (Path process : processes) {
                ProcessStat stat = of(Integer.parseInt(process.getFileName().toString()));
                if (stat != null) {
                    found.add(stat);
                }
            }
        } catch (IOException unreadable) {
            throw new IllegalStateException("/proc cannot be read (" + unreadable + "); mount it", unreadable);
        }
        return found;
    }

    /** Whether it can still run: no zombie, or one whose first thread has ended before the others. */
    public boolean isAlive() {
        return (state != 'Z' && state != 'X') || threads > 1;
    }

    /** A thread of the kernel, which has neither memory nor files. */
    public boolean isOfKernel() {
        return (flags & PF_KTHREAD) != 0;
    }

    /** Whether its first thread has ended: what the others have is not shown under its number any more. */
    boolean isHeadless() {
        return state == 'Z' || state == 'X';
    }
}
