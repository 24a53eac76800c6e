package io.mortmain.bench.harness;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs JVMs until they are compiled: for a time, and then until their compiler threads sleep and they do not get faster. On a busy
 * machine the second takes much longer than the first.
 */
final class WarmUp {
    private static final int MOST_REPETITIONS = 100;
    private static final int ENOUGH_LOOKS = 6;
    /** Times the least that was measured: code of the first compiler takes several times as long. */
    private static final double STEADY = 1.25;

    private static final int MILLIS_BETWEEN_LOOKS = 40;

    private WarmUp() {}

    /** As many at a time as there are processors; with 0 milliseconds not at all. */
    static void run(List<PeerProcess> peers, int millis) {
        if (millis == 0) {
            return;
        }
        int atOnce = Math.max(1, Processors.allowed().size());
        for (int i = 0; i < peers.size(); i += atOnce) {
            runTogether(new ArrayList<>(peers.subList(i, Math.min(i + atOnce, peers.size()))), millis);
        }
    }

    private static void runTogether(List<PeerProcess> peers, int millis) {
        measure(peers, millis);
        double[] least = measure(peers, MILLIS_BETWEEN_LOOKS);
        int steadyLooks = 0;
        for (int i = 0; steadyLooks < ENOUGH_LOOKS && i < MOST_REPETITIONS; i++) {
            double[] nanos = measure(peers, MILLIS_BETWEEN_LOOKS);
            boolean steady = peers.stream().allMatch(WarmUp::compilersSleep);
            for (int k = 0; k < nanos.length; k++) {
                least[k] = Math.min(least[k], nanos[k]);
                steady &= nanos[k] <= least[k] * STEADY;
            }
            steadyLooks = steady ? steadyLooks + 1 : 0;
        }
    }

    /** Nanoseconds per pair, of each. */
    private static double[] measure(List<PeerProcess> peers, int millis) {
        peers.forEach(peer -> peer.tell("measure " + millis));
        return peers.stream()
                .mapToDouble(peer -> Double.parseDouble(peer.await("measured")[0]))
                .toArray();
    }

    /** Whether no compiler thread of the JVM runs or is ready to, as /proc says. */
    static boolean compilersSleep(PeerProcess peer) {
        Path threads = Path.of("/proc", Long.toString(peer.id()), "task");
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(threads)) {
            for (Path folder : folders) {
                String status = statusOf(folder);
                if ((status.contains("(C1 Comp") || status.contains("(C2 Comp"))
                        && status.startsWith(") R", status.lastIndexOf(')'))) {
                    return false;
                }
            }
            return true;
        } catch (IOException gone) {
            throw new BenchException("the peer " + peer.name() + " is gone", gone);
        }
    }

    /** Empty for a thread that ended meanwhile. */
    private static String statusOf(Path thread) {
        try {
            return Files.readString(thread.resolve("stat"));
        } catch (IOException ended) {
            return "";
        }
    }
}
