package io.mortmain.process;

import io.mortmain.errors.SpawnException;
import io.mortmain.errors.SpawnException.Reason;
import io.mortmain.internal.linux.ChildWait;
import io.mortmain.internal.linux.LinuxException;
import io.mortmain.internal.linux.OwnDescriptor;
import io.mortmain.internal.linux.PidDescriptor;
import io.mortmain.internal.linux.PosixSpawn;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

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
            throw SpawnFailures.ofKernel("cannot start " + program + "", failed);
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

    /** A stream of ours that is closed is closed there, too. */
    private void openStream(int there, String name, Handover handover) {
        if (handover.isStandardOutput()) {
            Integer output = descriptors.get(STDOUT);
            if (output != null) {
                put(there, output);
            }
        } else if (!handover.isInherited()) {
            put(there, opened(name, handover));
        } else if (OwnDescriptor.isOpen(there)) {
            put(there, there);
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
        int end = descriptors.isEmpty() ? 0 : descriptors.lastKey() + 1;
        SortedMap<Integer, Integer> clear = new TreeMap<>();
        for (Map.Entry<Integer, Integer> row : descriptors.entrySet()) {
            int number = row.getValue();
            if (number != row.getKey() && number < end) {
                OwnDescriptor away = OwnDescriptor.duplicate(number, end);
                childs.add(away);
                number = away.number();
            }
            clear.put(row.getKey(), number);
        }
        return clear;
    }

    private Child expect(PosixSpawn.Setting setting) {
        try {
            Reaper.INSTANCE.expect();
        } catch (OutOfMemoryError noThread) {
            throw new SpawnException(
                    Reason.LIMIT_REACHED,
                    0,
                    "cannot start " + program + ": there can be no thread to wait for it; free memory, or"
                            + " raise the limit (ulimit -u)",
                    noThread);
        }
        @Nullable Child child = null;
        try {
            child = born(program.start(setting));
            return child;
        } finally {
            if (child == null) {
                Reaper.INSTANCE.expectNoMore();
            }
        }
    }

    /** A child without a pidfd, or one that nobody waits for, is not left behind. */
    private Child born(int pid) {
        PidDescriptor process = null;
        Child child = null;
        try {
            process = PidDescriptor.ofChild(pid);
            Child young = new Child(pid, process, program.toString(), channels, keepsNumber);
            Reaper.INSTANCE.watch(young);
            child = young;
            return young;
        } finally {
            if (child == null) {
                ChildWait.undo(pid);
                if (process != null) {
                    process.close();
                }
            }
        }
    }
}
