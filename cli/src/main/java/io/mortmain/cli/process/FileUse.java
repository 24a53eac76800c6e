package io.mortmain.cli.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotLinkException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which other processes have files mapped or open, as one walk through /proc found it. A process of another PID namespace is not there
 * to be seen, but cannot use a region of this one either.
 */
public final class FileUse {
    private static final Path PROC = Path.of("/proc");
    private static final int FIRST_PROCESS = 1;

    private final Set<FileIdentity> wanted;
    private final Map<FileIdentity, List<Observed>> users = new HashMap<>();
    private final List<Observed> unseen = new ArrayList<>();

    private FileUse(Set<FileIdentity> wanted) {
        this.wanted = Set.copyOf(wanted);
    }

    /** Looks at every process but this one. */
    public static FileUse of(Set<FileIdentity> files) {
        FileUse first = walk(files);
        return first.users.isEmpty() ? walk(files) : first; // a process may hand on to a child during the walk
    }

    private static FileUse walk(Set<FileIdentity> files) {
        FileUse use = new FileUse(files);
        List<ProcessStat> processes = ProcessStat.all();
        if (processes.stream().noneMatch(process -> process.pid() == FIRST_PROCESS)) {
            use.unseen.add(Observed.of(FIRST_PROCESS)); // there is always one: /proc hides those of others
        }
        long self = ProcessHandle.current().pid();
        for (ProcessStat process : processes) {
            if (process.pid() != self && !process.isOfKernel()) {
                use.look(process);
            }
        }
        return use;
    }

    /** Who has the file mapped or open. */
    public List<Observed> usersOf(FileIdentity file) {
        return List.copyOf(users.getOrDefault(file, List.of()));
    }

    /** Who could not be looked at, for lack of permission. */
    public List<Observed> unseen() {
        return List.copyOf(unseen);
    }

    private void look(ProcessStat process) {
        Path folder = PROC.resolve(Integer.toString(process.pid()));
        Set<FileIdentity> used = new HashSet<>();
        try {
            if (process.isHeadless()) {
                lookAtThreads(folder.resolve("task"), used);
            } else {
                lookAt(folder, used);
            }
        } catch (IOException | DirectoryIteratorException refused) {
            ProcessStat now = ProcessStat.of(process.pid());
            if (now != null && now.start() == process.start() && now.isAlive()) {
                unseen.add(Observed.of(process.pid()));
            }
        }
        for (FileIdentity file : used) {
            users.computeIfAbsent(file, _ -> new ArrayList<>()).add(Observed.of(process.pid()));
        }
    }

    /** The first thread has ended, and its memory and files are not shown any more; the other threads have them still. */
    private void lookAtThreads(Path tasks, Set<FileIdentity> used) throws IOException {
        try (DirectoryStream<Path> threads = Files.newDirectoryStream(tasks)) {
            for (Path thread : threads) {
                ProcessStat stat = ProcessStat.ofThread(thread);
                if (stat != null && !stat.isHeadless()) {
                    lookAt(thread, used);
                }
            }
        }
    }

    private void lookAt(Path folder, Set<FileIdentity> used) throws IOException {
        lookAtMappings(folder.resolve("maps"), used);
        lookAtDescriptors(folder.resolve("fd"), used);
    }

    private void lookAtMappings(Path maps, Set<FileIdentity> used) throws IOException {
        for (String line : Files.readAllLines(maps, StandardCharsets.ISO_8859_1)) {
            note(FileIdentity.ofMapping(line), used);
        }
    }

    private void lookAtDescriptors(Path folder, Set<FileIdentity> used) throws IOException {
        try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(folder)) {
            for (Path descriptor : descriptors) {
                lookAtDescriptor(descriptor, used);
            }
        }
    }

    private void lookAtDescriptor(Path descriptor, Set<FileIdentity> used) throws IOException {
        try {
            if (Files.readSymbolicLink(descriptor).startsWith("/")) {
                note(FileIdentity.of(descriptor), used);
            }
        } catch (NoSuchFileException | NotLinkException closed) {
            // by its process, meanwhile
        }
    }

    private void note(FileIdentity file, Set<FileIdentity> used) {
        if (wanted.contains(file)) {
            used.add(file);
        }
    }
}
