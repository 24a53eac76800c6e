package io.mortmain.bench.peer;

import io.mortmain.Hold;
import io.mortmain.Region;
import io.mortmain.RobustMutex;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A process that shares the first mutex with another one, in Java or C. Commands: {@code bind PROCESSOR},
 * {@code contend START NANOSECONDS}, the same as {@code contend-file} for the file lock, {@code hold}, {@code wait},
 * {@code kill PROCESS}. Times are those of
 * {@link System#nanoTime}, which on Linux is CLOCK_MONOTONIC as in C. Ends when its input does.
 */
public final class SharingPeer {
    /** A look at the clock each time would be half of the work. */
    private static final int OPERATIONS_PER_LOOK = 64;

    private final RobustMutex mutex;
    private final MemorySegment memory;
    private final FileChannel file;

    private SharingPeer(Region region, FileChannel file) {
        this.mutex = region.mutex(SharedNames.FIRST);
        this.memory = region.memory(SharedNames.MEMORY, SharedNames.MEMORY_SIZE);
        this.file = file;
    }

    /** Arguments: path of the region, path of the file to lock. */
    public static void main(String[] args) throws IOException {
        try (Region region = Region.open(args[0]);
                FileChannel file = FileChannel.open(Path.of(args[1]), StandardOpenOption.WRITE)) {
            Conversation.run(region.path(), new SharingPeer(region, file)::answer);
        }
    }

    private String answer(String[] command) throws IOException {
        return switch (command[0]) {
            case "bind" -> Libc.bindThread(Integer.parseInt(command[1])) ? "bound" : "unbound";
            case "contend" -> contend(Long.parseLong(command[1]), Long.parseLong(command[2]));
            case "contend-file" -> contendForFile(Long.parseLong(command[1]), Long.parseLong(command[2]));
            case "hold" -> hold();
            case "wait" -> waitAndTell();
            case "kill" -> killAndTell(Integer.parseInt(command[1]));
            default -> throw new IllegalArgumentException(command[0]);
        };
    }

    private String contend(long start, long nanos) {
        Runs runs = new Runs();
        awaitStart(start);
        do {
            try (Hold hold = mutex.lock()) {
                runs.add(increment());
            }
        } while (runs.operations % OPERATIONS_PER_LOOK != 0 || System.nanoTime() - start < nanos);
        return runs.answer();
    }

    private String contendForFile(long start, long nanos) throws IOException {
        Runs runs = new Runs();
        awaitStart(start);
        do {
            try (FileLock lock = file.lock()) {
                runs.add(increment());
            }
        } while (System.nanoTime() - start < nanos);
        return runs.answer();
    }

    private static void awaitStart(long start) {
        while (System.nanoTime() - start < 0) {
            Thread.onSpinWait();
        }
    }

    /** Increments the shared counter, plainly: only the lock makes that exact. */
    private long increment() {
        long before = memory.get(ValueLayout.JAVA_LONG, SharedNames.COUNTER);
        memory.set(ValueLayout.JAVA_LONG, SharedNames.COUNTER, before + 1);
        return before;
    }

    /** How many operations this process did, and how many at most before the other one came in between. */
    private static final class Runs {
        private long operations;
        private long longest;
        private long run;
        private long last = -1;

        void add(long counterBefore) {
            operations++;
            run = counterBefore == last ? run + 1 : 1;
            last = counterBefore + 1;
            longest = Math.max(longest, run);
        }

        String answer() {
            return "contended " + operations + " " + longest;
        }
    }

    /** Holds the mutex until this process is killed. */
    @SuppressWarnings("unused") // the hold is never closed, which is the point
    private String hold() {
        Hold hold = mutex.lock();
        return "held";
    }

    private String waitAndTell() {
        try (Hold hold = mutex.lock()) {
            long told = System.nanoTime();
            if (!hold.predecessorDied()) {
                return "clean " + told;
            }
            hold.markConsistent();
            return "told " + told;
        }
    }

    private static String killAndTell(int process) {
        long before = System.nanoTime();
        Libc.kill(process);
        return "killed " + before;
    }
}
