package io.mortmain.process;

import io.mortmain.errors.SpawnException;
import io.mortmain.errors.SpawnException.Reason;
import io.mortmain.internal.linux.ChildWait;
import io.mortmain.internal.linux.Errno;
import io.mortmain.internal.linux.LinuxException;
import io.mortmain.internal.linux.OwnDescriptor;
import io.mortmain.internal.linux.PidDescriptor;
import io.mortmain.internal.linux.PosixSpawn;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** One start of a child: opens what it is given, gives each its number, starts it, and closes what is not ours to keep. Used once. */
final class Launch {
    private static final int STDIN = 0;
    private static final int STDOUT = 1;
    private static final int STDERR = 2;
    private static final int FIRST_NAMED = 3;
    private static final int LARGEST_WRITE = 1 << 16;

    private final ProgramPath program;
    private final boolean keepsNumber;
    private final SortedMap<Integer, Integer> descriptors = new TreeMap<>();
    private final Map<String, Integer> numberByName = new LinkedHashMap<>();
    private final Map<String, Integer> ownNumberByName = new HashMap<>();
    private final List<OwnDescriptor> childs = new ArrayList<>();
    private final List<OwnDescriptor> ours = new ArrayList<>();
    private final Map<String, DescriptorChannel> channels = new HashMap<>();

    Launch(ProgramPath program, boolean keepsNumber) {
        this.program = program;
        this.keepsNumber = keepsNumber;
    }

    /** What the child is told that does not depend on descriptors. */
    interface Rest {
        PosixSpawn.Setting with(SortedMap<Integer, Integer> descriptors, String announcement);
    }

    /** The three streams in order. */
    record Streams(Handover in, Handover out, Handover error) {}

    Child start(Streams streams, Map<String, Handover> named, Set<Integer> kept, Rest rest) {
        boolean born = false;
        try {
            open(streams, named, kept);
            PosixSpawn.Setting setting = rest.with(clearOfEachOther(), Announcement.of(numberByName, ownNumberByName));
            Child child = expect(setting);
            born = true;
            return child;
        } catch (LinuxException failed) {
            throw SpawnFailures.ofKernel("cannot start " + program, failed);
        } finally {
            childs.forEach(OwnDescriptor::close);
            if (!born) {
                ours.forEach(OwnDescriptor::close);
            }
        }
    }

    private void open(Streams streams, Map<String, Handover> named, Set<Integer> kept) {
        for (int number : kept) {
            put(number, requireOpen(number));
        }
        openStream(STDIN, Child.STDIN, streams.in());
        openStream(STDOUT, Child.STDOUT, streams.out());
        openStream(STDERR, Child.STDERR, streams.error());
        int next = FIRST_NAMED;
        for (Map.Entry<String, Handover> entry : named.entrySet()) {
            while (descriptors.containsKey(next)) {
                next++;
            }
            int number = opened(entry.getKey(), entry.getValue());
            put(next, number);
            numberByName.put(entry.getKey(), next);
            ownNumberByName.put(entry.getKey(), number);
        }
    }

    private void put(int there, int number) {
        descriptors.put(there, number);
    }

    /** A stream of ours that is closed is closed there, too, also if something that is not meant for programs has its number. */
    private void openStream(int there, String name, Handover handover) {
        if (handover.isStandardOutput()) {
            Integer output = descriptors.get(STDOUT);
            if (output != null) {
                put(there, output);
            }
        } else if (!handover.isInherited()) {
            put(there, opened(name, handover));
        } else if (OwnDescriptor.isInheritable(there) && !isOfTheJvm(there)) {
            put(there, there);
        }
    }

    /** Where a JVM is started with a stream closed, the file with its classes gets the number, and is not close-on-exec. */
    private static boolean isOfTheJvm(int number) {
        try {
            Path classes = Path.of(System.getProperty("java.home"), "lib", "modules");
            return Files.isSameFile(Announcement.path(number), classes);
        } catch (IOException none) { // a pipe, or a JDK without that file
            return false;
        }
    }

    private int opened(String name, Handover handover) {
        Handover.Opened opened = handover.open();
        if (opened.childs() == null) {
            return requireOpen(opened.number());
        }
        childs.add(opened.childs());
        OwnDescriptor end = opened.ours();
        if (end != null) {
            ours.add(end);
            end.neverBlock();
            channels.put(name, new DescriptorChannel(end, LARGEST_WRITE));
        }
        return opened.number();
    }

    private int requireOpen(int number) {
        if (!OwnDescriptor.isOpen(number)) {
            throw new SpawnException(
                    Reason.BAD_DESCRIPTOR,
                    "cannot start " + program + ": descriptor " + number
                            + " is to be handed over and is not open; open it before, and close it later");
        }
        return number;
    }

    /**
     * As {@link PosixSpawn} wants them: the child duplicates one after the other, and what it puts in one place must not be what it still has to
     * take from there.
     */
    private SortedMap<Integer, Integer> clearOfEachOther() {
        SortedMap<Integer, Integer> clear = new TreeMap<>();
        descriptors.forEach(
                (there, number) -> clear.put(there, isReplacedBefore(there, number) ? movedAway(number) : number));
        return clear;
    }

    private boolean isReplacedBefore(int there, int number) {
        return number < there && descriptors.getOrDefault(number, number) != number;
    }

    /** To a number that is nobody's in the child. Not simply above all of those: the highest that there is may be among them. */
    private int movedAway(int number) {
        OwnDescriptor away = OwnDescriptor.duplicate(number, FIRST_NAMED);
        while (descriptors.containsKey(away.number())) {
            int next = away.number() + 1;
            away.close();
            away = OwnDescriptor.duplicate(number, next);
        }
        childs.add(away);
        return away.number();
    }

    private Child expect(PosixSpawn.Setting setting) {
        OwnDescriptor place = expectOne();
        boolean born = false;
        try {
            Child child = born(started(setting, place));
            born = true;
            return child;
        } finally {
            if (!born) {
                Reaper.INSTANCE.expectNoMore();
            }
        }
    }

    private OwnDescriptor expectOne() {
        try {
            return Reaper.INSTANCE.expect();
        } catch (OutOfMemoryError noThread) {
            throw new SpawnException(
                    Reason.LIMIT_REACHED,
                    0,
                    "cannot start " + program + ": there can be no thread to wait for it; free memory, or"
                            + " raise the limit (ulimit -u)",
                    noThread);
        }
    }

    /** A program that has begun cannot be taken back: the number of its pidfd is there before, and free afterwards. */
    private int started(PosixSpawn.Setting setting, OwnDescriptor place) {
        try (place) {
            return program.start(setting);
        }
    }

    private Child born(int pid) {
        PidDescriptor process;
        try {
            process = PidDescriptor.ofChild(pid);
        } catch (LinuxException failed) {
            if (failed.errno() == Errno.ESRCH) {
                return takenAtOnce(pid, failed);
            }
            ChildWait.undo(pid);
            throw failed;
        }
        return watched(pid, process);
    }

    /** The kernel took its end, as this process ignores SIGCHLD: its number may be anybody's. */
    private Child takenAtOnce(int pid, LinuxException gone) {
        Child child = new Child(pid, null, program.toString(), channels, false);
        child.endUnknown(gone);
        Reaper.INSTANCE.expectNoMore();
        return child;
    }

    /** A child that nobody waits for is not left behind. */
    private Child watched(int pid, PidDescriptor process) {
        boolean watched = false;
        try {
            Child child = new Child(pid, process, program.toString(), channels, keepsNumber);
            Reaper.INSTANCE.watch(child);
            watched = true;
            return child;
        } finally {
            if (!watched) {
                ChildWait.undo(pid);
                process.close();
            }
        }
    }
}
