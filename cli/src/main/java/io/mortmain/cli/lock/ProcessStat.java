package io.mortmain.cli.lock;

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
 */
record ProcessStat(int pid, char state, int parent, int group, int session, int threads, long start) {
    private static final Path PROC = Path.of("/proc");
    /** Positions behind the name in brackets, which may have blanks and brackets in it. */
    private static final int STATE = 0;

    private static final int PARENT = 1;
    private static final int GROUP = 2;
    private static final int SESSION = 3;
    private static final int THREADS = 17;
    private static final int START = 19;

    /** Null where there is no such process, or it is hidden. */
    static @Nullable ProcessStat of(int pid) {
        // a stream, since a channel would be closed by an interrupt
        try (InputStream file = new FileInputStream(PROC.resolve(pid + "/stat").toFile())) {
            String text = new String(file.readAllBytes(), StandardCharsets.ISO_8859_1);
            String[] fields = text.substring(text.lastIndexOf(')') + 2).split(" ", -1);
            return new ProcessStat(
                    pid,
                    fields[STATE].charAt(0),
                    Integer.parseInt(fields[PARENT]),
                    Integer.parseInt(fields[GROUP]),
                    Integer.parseInt(fields[SESSION]),
                    Integer.parseInt(fields[THREADS]),
                    Long.parseLong(fields[START]));
        } catch (IOException gone) {
            return null;
        }
    }

    /** The processes of a group that can be seen. */
    static List<ProcessStat> ofGroup(int group) {
        List<ProcessStat> members = new ArrayList<>();
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[1-9]*")) {
            for (Path process : processes) {
                ProcessStat stat = of(Integer.parseInt(process.getFileName().toString()));
                if (stat != null && stat.group == group) {
                    members.add(stat);
                }
            }
        } catch (IOException unreadable) {
            throw new IllegalStateException("/proc cannot be read (" + unreadable + "); mount it", unreadable);
        }
        return members;
    }

    /** Whether it can still run: no zombie, or one whose first thread has ended before the others. */
    boolean isAlive() {
        return (state != 'Z' && state != 'X') || threads > 1;
    }
}
