package io.mortmain.bench.pair;

import io.mortmain.bench.pair.SharedPair.Seen;
import io.mortmain.bench.peer.Conversation;
import io.mortmain.bench.peer.Measurements;
import io.mortmain.bench.peer.PairLoop;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A process that shares two numbers by one means. Commands: {@code open PATH}, {@code close}, {@code look}, {@code tear}: begins to move and waits
 * between the two stores, {@code run}: moves until it is killed, and those of {@link Measurements}. Ends when its input does.
 */
public final class PairPeer {
    /** Beyond what a harness lets it run. */
    private static final long GUARD_NANOS = TimeUnit.SECONDS.toNanos(60);

    private static final int MOVES_PER_LOOK = 1_024;

    private final Means means;
    private @Nullable SharedPair pair;
    private @Nullable Measurements measurements;

    private PairPeer(Means means) {
        this.means = means;
    }

    /** Arguments: means, folder of the harness. */
    public static void main(String[] args) throws Exception {
        Conversation.run(Path.of(args[1]), new PairPeer(Means.valueOf(args[0]))::answer);
    }

    private String answer(String[] command) throws Exception {
        return switch (command[0]) {
            case "open" -> open(Path.of(command[1]));
            case "close" -> close();
            case "look" -> look();
            case "tear" -> tear();
            case "run" -> run();
            default -> Objects.requireNonNull(measurements).answer(command);
        };
    }

    private String close() throws Exception {
        pair().close();
        pair = null;
        return "closed";
    }

    private String open(Path path) throws Exception {
        if (pair != null) {
            pair.close();
        }
        pair = means.open(path);
        measurements = new Measurements(pair.moves(), means.chunk());
        return "opened";
    }

    private SharedPair pair() {
        return Objects.requireNonNull(pair);
    }

    private String look() throws Exception {
        long start = System.nanoTime();
        Seen seen = pair().look();
        long nanos = System.nanoTime() - start;
        return "looked " + nanos + " " + (seen.told() ? "told" : "untold") + " " + seen.first() + " " + seen.second();
    }

    private String tear() throws Exception {
        pair().move(PairPeer::waitToBeKilled);
        throw new IllegalStateException("it was not killed");
    }

    /** Its input ends when the harness does. */
    private static void waitToBeKilled() {
        System.out.println("between");
        try {
            while (System.in.read() >= 0) {
                // nothing is said to it any more
            }
        } catch (IOException gone) {
            throw new UncheckedIOException(gone);
        }
        Runtime.getRuntime().halt(0);
    }

    private String run() throws Exception {
        PairLoop moves = pair().moves();
        System.out.println("running");
        long start = System.nanoTime();
        while (System.nanoTime() - start < GUARD_NANOS) {
            moves.run(MOVES_PER_LOOK);
        }
        throw new IllegalStateException("it was not killed");
    }
}
