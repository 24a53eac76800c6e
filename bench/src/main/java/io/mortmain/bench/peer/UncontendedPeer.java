package io.mortmain.bench.peer;

import com.sun.management.ThreadMXBean;
import io.mortmain.Region;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * A process that runs one shape whenever it is told to, and so keeps it compiled. Commands: {@code bind PROCESSOR},
 * {@code measure MILLISECONDS}, {@code allocation PAIRS}. Ends when its input does.
 */
public final class UncontendedPeer {
    private static final int MOST_CHUNKS = 1 << 20;

    private final Shape shape;
    private final PairLoop loop;
    private final long[] chunks = new long[MOST_CHUNKS];

    private UncontendedPeer(Shape shape, PairLoop loop) {
        this.shape = shape;
        this.loop = loop;
    }

    /** Arguments: shape, path of the region, path of the file to lock. */
    public static void main(String[] args) throws Exception {
        Shape shape = Shape.valueOf(args[0]);
        try (Region region = Region.open(args[1])) {
            UncontendedPeer peer = new UncontendedPeer(shape, shape.loop(region, Path.of(args[2])));
            Conversation.run(region.path(), peer::answer);
        }
    }

    private String answer(String[] command) throws Exception {
        return switch (command[0]) {
            case "bind" -> Libc.bindThread(Integer.parseInt(command[1])) ? "bound" : "unbound";
            case "measure" -> measure(Long.parseLong(command[1]) * 1_000_000);
            case "allocation" -> allocation(Integer.parseInt(command[1]));
            default -> throw new IllegalArgumentException(command[0]);
        };
    }

    /** Nanoseconds per pair: median of the chunks, and mean of all. */
    private String measure(long nanos) throws Exception {
        int pairs = shape.chunk();
        int count = 0;
        long start = System.nanoTime();
        long now = start;
        while (now - start < nanos && count < MOST_CHUNKS) {
            loop.run(pairs);
            long then = System.nanoTime();
            chunks[count++] = then - now;
            now = then;
        }
        double mean = (double) (now - start) / count / pairs;
        Arrays.sort(chunks, 0, count);
        return "measured " + (double) chunks[count / 2] / pairs + " " + mean;
    }

    /** Bytes of heap per pair, as the JVM counts them for this thread. */
    private String allocation(int pairs) throws Exception {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        long alone = threads.getCurrentThreadAllocatedBytes() - before;
        before = threads.getCurrentThreadAllocatedBytes();
        for (int left = pairs; left > 0; left -= shape.chunk()) {
            loop.run(shape.chunk());
        }
        long bytes = threads.getCurrentThreadAllocatedBytes() - before - alone;
        return "allocated " + (double) bytes / pairs;
    }
}
