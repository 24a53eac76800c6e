package io.mortmain.bench.peer;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;

/**
 * Runs one loop whenever it is told to, and so keeps it compiled. Commands: {@code bind PROCESSOR}, {@code measure MILLISECONDS},
 * {@code allocation PAIRS}.
 */
public final class Measurements {
    private static final int MOST_CHUNKS = 1 << 20;

    private final PairLoop loop;
    private final int chunk;
    private final long[] chunks = new long[MOST_CHUNKS];

    /**
     * Of that loop.
     *
     * @param chunk how much it does between two looks at the clock; small, so that most chunks run undisturbed
     */
    public Measurements(PairLoop loop, int chunk) {
        this.loop = loop;
        this.chunk = chunk;
    }

    /** Answers one command. */
    public String answer(String[] command) throws Exception {
        return switch (command[0]) {
            case "bind" -> Libc.bindThread(Integer.parseInt(command[1])) ? "bound" : "unbound";
            case "measure" -> measure(Long.parseLong(command[1]) * 1_000_000);
            case "allocation" -> allocation(Integer.parseInt(command[1]));
            default -> throw new IllegalArgumentException(command[0]);
        };
    }

    /** Nanoseconds per pair: median of the chunks, and mean of all. */
    private String measure(long nanos) throws Exception {
        int count = 0;
        long start = System.nanoTime();
        long now = start;
        while (now - start < nanos && count < MOST_CHUNKS) {
            loop.run(chunk);
            long then = System.nanoTime();
            chunks[count++] = then - now;
            now = then;
        }
        double mean = (double) (now - start) / count / chunk;
        Arrays.sort(chunks, 0, count);
        return "measured " + (double) chunks[count / 2] / chunk + " " + mean;
    }

    /** Bytes of heap per pair, as the JVM counts them for this thread. */
    private String allocation(int pairs) throws Exception {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        long alone = threads.getCurrentThreadAllocatedBytes() - before;
        before = threads.getCurrentThreadAllocatedBytes();
        for (int left = pairs; left > 0; left -= chunk) {
            loop.run(chunk);
        }
        long bytes = threads.getCurrentThreadAllocatedBytes() - before - alone;
        return "allocated " + (double) bytes / pairs;
    }
}
