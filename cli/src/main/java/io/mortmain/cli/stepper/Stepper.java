package io.mortmain.cli.stepper;

import io.mortmain.cli.process.CCompiler;
import io.mortmain.internal.linux.LinuxException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * A run: C first, then Java. Each kill point has a victim of its own, which is killed after that instruction; both next acquirers then
 * come to the same death, the one in C to a copy of the region's file, made before anybody takes the mutex: whatever a death leaves of a
 * robust mutex is in its bytes. Whatever ends this process ends its children.
 *
 * <p>To be run by a platform thread.
 */
public final class Stepper {
    /** For a test: so many kill points of each holder at most. */
    private static final int MOST_POINTS = Integer.getInteger("io.mortmain.cli.stepper.points", Integer.MAX_VALUE);

    /** Beyond the first victim's number of instructions: code is laid out a little differently in each. */
    static final int MARGIN = 6;

    private static final int MOST_MARGIN = 200;
    private static final int VICTIMS_PER_POINT = 3;
    private static final long PROGRESS_NANOS = 10_000_000_000L;

    private final Settings settings;
    private final Workplace place;
    private final Consumer<String> progress;
    private final List<CJudge> cJudges = new ArrayList<>();
    private final long deadline;
    private String withoutC = "";

    /**
     * What is wanted.
     *
     * @param seconds after which no further kill point is begun, unless {@code complete}
     * @param complete whether to kill after every number of instructions, however long it takes
     * @param seed where the samples begin
     */
    public record Settings(int seconds, boolean complete, long seed) {}

    private Stepper(Settings settings, Workplace place, Consumer<String> progress) {
        this.settings = settings;
        this.place = place;
        this.progress = progress;
        this.deadline = System.nanoTime() + settings.seconds * 1_000_000_000L;
    }

    /**
     * Runs both holders and hands on what came of each.
     *
     * @param progress gets a line now and then
     */
    public static void run(Settings settings, Consumer<String> progress, Consumer<HolderResult> done)
            throws IOException, InterruptedException {
        Workplace place = Workplace.prepare();
        Thread hook = new Thread(place::close, "cleans up after the stepper");
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            new Stepper(settings, place, progress).run(done);
        } finally {
            place.close();
            forget(hook);
        }
    }

    private static void forget(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException shuttingDown) {
            return; // the hook found nothing left to do
        }
    }

    private void run(Consumer<HolderResult> done) throws IOException, InterruptedException {
        CCompiler.Result compiled = place.compile();
        if (compiled.program().isPresent()) {
            cJudges.add(new CJudge(place.startC("judge")));
            done.accept(tried(Holder.C));
        } else {
            withoutC =
                    compiled.sentence() + "; install gcc for the C program that is killed and the one that comes next";
            done.accept(HolderResult.notTried(Holder.C, withoutC));
        }
        done.accept(tried(Holder.JAVA));
    }

    private HolderResult tried(Holder holder) throws IOException, InterruptedException {
        try (Victims victims = new Victims(place, holder)) {
            return step(holder, victims);
        } catch (NotPossible impossible) {
            return HolderResult.notTried(holder, String.valueOf(impossible.getMessage()));
        }
    }

    private HolderResult step(Holder holder, Victims victims) throws IOException, InterruptedException {
        Tally tally = new Tally(holder);
        int instructions = measure(victims, tally);
        progress.accept(holder.text() + ": " + instructions + " instructions from lock to unlock");
        int range = instructions + MARGIN;
        KillPoints order = new KillPoints(range, settings.seed);
        long said = System.nanoTime();
        for (int i = 0; i < Math.min(range, MOST_POINTS) && isTimeLeft(); i++) {
            tryPoint(order.at(i), victims, tally);
            if (System.nanoTime() - said > PROGRESS_NANOS) {
                said = System.nanoTime();
                progress.accept("  " + (i + 1) + " of " + range + " kill points");
            }
        }
        // Whoever says that it was every number must have seen the end.
        for (int i = 0; settings.complete && tally.reachedEveryPoint() && i < MOST_MARGIN; i++) {
            range++;
            tryPoint(range, victims, tally);
        }
        return HolderResult.of(
                holder,
                instructions,
                range,
                tally,
                cJudges.isEmpty() ? "Java" : "Java, C",
                settings.seed,
                cJudges.isEmpty() ? "the next acquirer in C: " + withoutC : "");
    }

    private boolean isTimeLeft() {
        return settings.complete || System.nanoTime() - deadline < 0;
    }

    /** How many instructions a victim executes that is not killed before the end. */
    private int measure(Victims victims, Tally tally) throws IOException, InterruptedException {
        for (int attempt = 1; ; attempt++) {
            try (Victim victim = victims.next()) {
                return Execution.of(victim, Integer.MAX_VALUE).executed();
            } catch (Elsewhere elsewhere) {
                if (attempt == VICTIMS_PER_POINT) {
                    throw new IOException("of " + attempt + " JVMs none stayed in the second compiler's code: "
                            + elsewhere.getMessage());
                }
                tally.addReplaced();
            } catch (LinuxException refused) {
                throw new NotPossible(String.valueOf(refused.getMessage()));
            }
        }
    }

    private void tryPoint(int instruction, Victims victims, Tally tally) throws IOException, InterruptedException {
        for (int attempt = 1; ; attempt++) {
            try (Victim victim = victims.next()) {
                Execution execution = Execution.of(victim, instruction);
                judge(instruction, execution, victim, tally);
                return;
            } catch (Elsewhere elsewhere) {
                if (attempt == VICTIMS_PER_POINT) {
                    tally.addFailure(
                            "instruction " + instruction + ", " + attempt + " JVMs: " + elsewhere.getMessage());
                    return;
                }
                tally.addReplaced();
            }
        }
    }

    private void judge(int instruction, Execution execution, Victim victim, Tally tally)
            throws IOException, InterruptedException {
        Remains remains = Remains.of(victim);
        List<Finding> c = new ArrayList<>();
        for (CJudge judge : cJudges) {
            Path copy = place.copy(victim.file());
            c.add(judge.judge(copy));
            Files.delete(copy);
        }
        tally.add(instruction, execution, remains, JavaJudge.judge(victim.mutex(), victim.words()), c);
    }
}
