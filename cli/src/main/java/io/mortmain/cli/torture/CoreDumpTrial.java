package io.mortmain.cli.torture;

import io.mortmain.cli.process.Leftovers;
import io.mortmain.cli.process.NotTried;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A holder crashes and its core is dumped, which takes a while: nobody is told before that is over. */
final class CoreDumpTrial implements Trial {
    private static final Path PATTERN = Path.of("/proc/sys/kernel/core_pattern");
    private static final int MEGABYTES = 128;

    private final Cell cell;

    CoreDumpTrial(String name, String expected) {
        this.cell = Cell.alone(name, expected);
    }

    @Override
    public List<Cell> cells() {
        return List.of(cell);
    }

    @Override
    public void run(Site site, Report report) throws Exception {
        requireFile(site);
        Path own = Files.createTempDirectory(site.folder(), "core-");
        try (Hand holder = site.c()) {
            Spot spot = site.region();
            holder.must("1", Side.C.map("0", spot));
            if (!holder.ask("1", "core " + own + " " + MEGABYTES).isDone()) {
                throw new NotTried(
                        "the limit on core dumps cannot be raised: run as root, or with ulimit -c unlimited");
            }
            holder.must("1", "lock 0");
            Waiting waiting = Waiting.at(site, spot, Side.JAVA, false);
            long since = System.nanoTime();
            holder.send("1", "abort");
            int looks = lookWhileDumping(holder, waiting);
            holder.awaitEnd();
            Answer answer = waiting.within(Hand.GUARD_SECONDS * 1000);
            if (looks < 0 || answer == null || !answer.isTold()) {
                report.got(
                        cell,
                        looks < 0 ? "told during the dump" : answer == null ? "hangs" : answer.outcome(),
                        Double.NaN);
                return;
            }
            waiting.release(answer);
            if (looks == 0) {
                throw new NotTried("the core dump was over before it could be looked at");
            }
            report.got(cell, cell.expected(), (answer.nanos() - since) / 1e6);
        } finally {
            Leftovers.removeFolder(own);
        }
    }

    /** How often the holder was seen dumping with nobody told; -1 if somebody was. */
    private static int lookWhileDumping(Hand holder, Waiting waiting) throws InterruptedException {
        Path status = Path.of("/proc/" + holder.pid() + "/status");
        int looks = 0;
        while (holder.isAlive()) {
            boolean answered = waiting.hasAnswer();
            if (isDumping(status)) {
                if (answered) {
                    return -1;
                }
                looks++;
            }
            Thread.sleep(1);
        }
        return looks;
    }

    private static boolean isDumping(Path status) {
        try {
            return Files.readString(status).contains("CoreDumping:\t1");
        } catch (IOException gone) {
            return false;
        }
    }

    /** The setting is the machine's, and stays. */
    private static void requireFile(Site site) throws IOException {
        site.program();
        String pattern = Files.readString(PATTERN).strip();
        if (pattern.startsWith("|") || pattern.contains("/") || pattern.isEmpty()) {
            throw new NotTried("this machine does not dump cores to files in the folder of the process (" + PATTERN
                    + " is \"" + pattern + "\")");
        }
    }
}
