package io.mortmain.cli.claims;

import io.mortmain.cli.experiment.Experiment;
import io.mortmain.cli.experiment.Laboratory;
import io.mortmain.cli.process.NotTried;
import java.io.IOException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;

/** A run: each experiment that is needed, once, several at a time, since most of them only wait. */
public final class Claims {
    private static final int AT_ONCE = 4;

    private Claims() {}

    /**
     * Runs the experiments and hands on each claim when it is judged, in the order of the texts.
     *
     * @param ids of the claims; empty for all
     */
    public static void run(List<String> ids, Consumer<ClaimResult> done) throws IOException, InterruptedException {
        List<Claim> claims = ClaimTable.claims().stream()
                .filter(claim -> ids.isEmpty() || ids.contains(claim.id()))
                .toList();
        Laboratory laboratory = Laboratory.prepare();
        Thread hook = new Thread(laboratory::close, "cleans up after the claims");
        Runtime.getRuntime().addShutdownHook(hook);
        ExecutorService pool = Executors.newFixedThreadPool(
                AT_ONCE, Thread.ofPlatform().daemon().name("claims ", 1).factory());
        try {
            Map<Experiment, Future<Map<String, String>>> running = new EnumMap<>(Experiment.class);
            claims.stream()
                    .flatMap(ClaimResult::experiments)
                    .distinct()
                    .sorted()
                    .forEach(experiment -> running.put(experiment, pool.submit(() -> laboratory.run(experiment))));
            Findings findings = new Findings();
            for (Claim claim : claims) {
                done.accept(result(claim, running, findings));
            }
        } finally {
            pool.shutdownNow();
            end(laboratory, hook);
        }
    }

    private static ClaimResult result(
            Claim claim, Map<Experiment, Future<Map<String, String>>> running, Findings findings)
            throws InterruptedException {
        try {
            for (Experiment experiment : ClaimResult.experiments(claim).toList()) {
                Future<Map<String, String>> run = running.get(experiment);
                if (run != null) {
                    findings.put(experiment, run.get());
                }
            }
            return ClaimResult.judge(claim, findings);
        } catch (NotTried impossible) {
            return ClaimResult.notTried(claim, String.valueOf(impossible.getMessage()));
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof NotTried impossible) {
                return ClaimResult.notTried(claim, String.valueOf(impossible.getMessage()));
            }
            return new ClaimResult(claim, Outcome.NOT_CONFIRMED, null, List.of(), String.valueOf(failed.getCause()));
        }
    }

    private static void end(Laboratory laboratory, Thread hook) {
        laboratory.close();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException shuttingDown) {
            return; // the hook found nothing left to do
        }
    }
}
