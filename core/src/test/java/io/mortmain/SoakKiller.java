package io.mortmain;

import io.mortmain.internal.layout.GuardedBlockLayout;
import io.mortmain.testing.TestProcess;
import io.mortmain.testing.TestRegion;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Starts the workers of {@link GuardedSoakTest}, kills them, and starts others in their places. It aims by looking at their marks, and at
 * the journal, for up to {@link #AIM_NANOS}; nobody ever waits for it. Five of six kills are for the C worker: another one is there
 * sooner.
 */
final class SoakKiller implements AutoCloseable {
    private static final int WORKERS = 4;
    private static final int C_WORKER = 3;
    private static final int JAVA_TURN = 6;
    private static final int KILLS_OF_A_LINE = 200;
    private static final long AIM_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    /** Of a long run, which has to wait for all others on the machine, more. */
    private static final long GUARD_NANOS =
            TimeUnit.SECONDS.toNanos(TestProcess.GUARD_SECONDS) * (Boolean.getBoolean("mortmain.soak") ? 15 : 1);

    private final TestRegion name;
    private final Random random;
    private final Guarded<SoakSheet> sheet;
    private final SoakMarks marks;
    private final MappedByteBuffer file;
    private final int block;
    private final TestProcess[] workers = new TestProcess[WORKERS];
    private final boolean[] ready = new boolean[WORKERS];
    /** Versions from which somebody was killed who was seen with the journal in use. */
    private final List<Long> halfWritten = new ArrayList<>();

    private int inside;
    private int rollBacks;
    private long torn;
    private long longestWait;
    private long lastVersion;

    SoakKiller(TestRegion name, Region region, Random random) throws IOException {
        this.name = name;
        this.random = random;
        sheet = region.guarded("sheet", SoakSheet.of(0));
        marks = new SoakMarks(region.memory("marks", SoakMarks.SIZE));
        try (FileChannel channel = FileChannel.open(Path.of(name.path()))) {
            file = channel.map(MapMode.READ_ONLY, 0, channel.size());
        }
        file.order(ByteOrder.LITTLE_ENDIAN);
        block = Math.toIntExact(Region.inspect(name.name()).objects().getFirst().offset());
        for (int worker = 0; worker < WORKERS; worker++) {
            start(worker);
        }
    }

    /**
     * What came of it.
     *
     * @param inside kills of workers whose marks said that they were in a transaction
     * @param rollBacks of those the ones that were seen with the journal in use, and whose transaction somebody else began again
     * @param torn records of two versions that any process saw
     * @param lost transactions that began although their result had been committed
     */
    record Report(
            int kills,
            int inside,
            int rollBacks,
            long torn,
            long lost,
            long commits,
            long longestWait,
            double seconds) {
        String inWords() {
            return kills + " kills, " + inside + " inside a transaction, " + rollBacks
                    + " of them seen half written and rolled back, " + torn + " torn, " + lost + " commits lost, "
                    + commits
                    + " commits, longest wait " + TimeUnit.NANOSECONDS.toMillis(longestWait) + " ms, "
                    + Math.round(seconds)
                    + " s";
        }
    }

    Report kill(int kills) throws InterruptedException {
        long began = System.nanoTime();
        for (int kill = 0; kill < kills; kill++) {
            boolean java = random.nextInt(JAVA_TURN) == 0;
            killOne(aim(java));
            look();
            countRollBacks();
            if ((kill + 1) % KILLS_OF_A_LINE == 0) {
                System.out.println("SoakKiller: " + report(kill + 1, began).inWords());
            }
        }
        awaitOneTurnOfEach();
        countRollBacks();
        return report(kills, began);
    }

    private Report report(int kills, long began) {
        double seconds = (System.nanoTime() - began) / 1e9;
        return new Report(
                kills,
                inside,
                rollBacks,
                torn + sum(SoakMarks.TORN),
                sum(SoakMarks.LOST),
                sum(SoakMarks.COMMITS),
                longestWait,
                seconds);
    }

    private long sum(int field) {
        long sum = 0;
        for (int worker = 0; worker < WORKERS; worker++) {
            sum += marks.get(worker, field);
        }
        return sum;
    }

    private void start(int worker) {
        marks.set(worker, SoakMarks.MARK, 0);
        String number = Integer.toString(worker);
        workers[worker] = worker == C_WORKER
                ? TestProcess.c("soakworker", name.name(), number)
                : TestProcess.peer(SoakWorker.class, name.name(), number);
        ready[worker] = false;
    }

    /** Waits for a worker of that language, and then for a moment at which it is worth to be killed; the last one will do. */
    private int aim(boolean java) throws InterruptedException {
        long guard = System.nanoTime() + GUARD_NANOS;
        long deadline = 0;
        int chosen = -1;
        while (chosen < 0 || System.nanoTime() - deadline < 0) {
            for (int worker = java ? 0 : C_WORKER; worker < (java ? C_WORKER : WORKERS); worker++) {
                if (isReady(worker)) {
                    if (chosen < 0) {
                        deadline = System.nanoTime() + AIM_NANOS;
                    }
                    chosen = worker;
                    if (marks.get(worker, SoakMarks.MARK) != 0 && journalUsed() != 0) {
                        return worker;
                    }
                }
            }
            if (chosen < 0) {
                requireBefore(guard, "no worker in " + (java ? "Java" : "C") + " gets ready");
                Thread.sleep(1);
            }
        }
        return chosen;
    }

    private boolean isReady(int worker) {
        if (!ready[worker] && !workers[worker].isSilent()) {
            workers[worker].expect("ready");
            ready[worker] = true;
        }
        return ready[worker];
    }

    private int journalUsed() {
        return file.getInt(block + GuardedBlockLayout.JOURNAL_USED);
    }

    private void killOne(int worker) {
        long mark = marks.get(worker, SoakMarks.MARK);
        boolean used = journalUsed() != 0;
        if (!workers[worker].isAlive()) {
            throw new AssertionError("worker " + worker + " ended: " + workers[worker].untilEnd());
        }
        workers[worker].kill();
        workers[worker].close();
        long markAtDeath = marks.get(worker, SoakMarks.MARK);
        if (markAtDeath != 0) {
            inside++;
            if (used && markAtDeath == mark) {
                halfWritten.add(mark - 1);
            }
        }
        longestWait = Math.max(longestWait, marks.get(worker, SoakMarks.LONGEST_WAIT));
        start(worker);
    }

    /** As any process may. */
    private void look() {
        long called = System.nanoTime();
        SoakSheet seen = sheet.get();
        longestWait = Math.max(longestWait, System.nanoTime() - called);
        torn += seen.isWhole() && seen.version() >= lastVersion ? 0 : 1;
        lastVersion = seen.version();
    }

    /** A transaction that was begun again from the same version was undone. Forgets those that were followed by another version. */
    private void countRollBacks() {
        halfWritten.removeIf(version -> {
            boolean undone = marks.begun(version) > 1;
            rollBacks += undone ? 1 : 0;
            return undone || marks.begun(version + 1) > 0;
        });
    }

    private void awaitOneTurnOfEach() throws InterruptedException {
        long guard = System.nanoTime() + GUARD_NANOS;
        for (int worker = 0; worker < WORKERS; worker++) {
            long commits = marks.get(worker, SoakMarks.COMMITS);
            while (marks.get(worker, SoakMarks.COMMITS) < commits + 2) {
                requireBefore(guard, "worker " + worker + " hangs");
                Thread.sleep(1);
            }
            longestWait = Math.max(longestWait, marks.get(worker, SoakMarks.LONGEST_WAIT));
        }
    }

    private void requireBefore(long guard, String what) {
        if (System.nanoTime() - guard > 0) {
            throw new AssertionError(
                    what + "; version " + lastVersion + ", then " + sheet.get().version());
        }
    }

    @Override
    public void close() {
        for (@Nullable TestProcess worker : workers) {
            if (worker != null) {
                worker.close();
            }
        }
    }
}
