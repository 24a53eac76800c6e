package io.mortmain.cli.torture;

import io.mortmain.cli.process.NotTried;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;

/** A run: each trial of each row, several at once, since most of them only wait. Whatever ends this process ends its children. */
public final class Torture {
    private static final int AT_ONCE = 6;

    private Torture() {}

    /** What came of a row. */
    public record RowResult(String id, String title, List<CellResult> cells) {}

    /**
     * Runs the rows and hands on each when it is complete, in the order of the table.
     *
     * @param ids of the rows; empty for all
     * @param seconds after which no further trial is begun
     */
    public static void run(List<String> ids, int seconds, Consumer<RowResult> done)
            throws IOException, InterruptedException {
        long deadline = System.nanoTime() + seconds * 1_000_000_000L;
        List<Row> rows = FaultTable.rows().stream()
                .filter(row -> ids.isEmpty() || ids.contains(row.id()))
                .toList();
        Site site = Site.prepare();
        Thread hook = new Thread(site::close, "cleans up after the torture");
        Runtime.getRuntime().addShutdownHook(hook);
        ExecutorService pool = Executors.newFixedThreadPool(
                AT_ONCE, Thread.ofPlatform().daemon().name("torture ", 1).factory());
        try {
            List<List<Future<List<CellResult>>>> running = new ArrayList<>();
            for (Row row : rows) {
                running.add(row.trials().stream()
                        .map(trial -> pool.submit(() -> run(row, trial, site, deadline)))
                        .toList());
            }
            for (int i = 0; i < rows.size(); i++) {
                RowResult result = result(rows.get(i), running.get(i));
                if (site.isClosed()) { // by a signal: what did not come to its end has not failed
                    return;
                }
                done.accept(result);
            }
        } finally {
            pool.shutdownNow();
            end(site, hook);
        }
    }

    private static RowResult result(Row row, List<Future<List<CellResult>>> trials) throws InterruptedException {
        List<CellResult> cells = new ArrayList<>();
        for (Future<List<CellResult>> trial : trials) {
            try {
                cells.addAll(trial.get());
            } catch (ExecutionException defect) {
                throw new IllegalStateException(defect.getCause());
            }
        }
        return new RowResult(row.id(), row.title(), cells);
    }

    private static List<CellResult> run(Row row, Trial trial, Site site, long deadline) {
        Report report = new Report(row.id());
        if (System.nanoTime() - deadline > 0) {
            return report.complete(trial.cells(), Verdict.NOT_TRIED, "the time was over");
        }
        try {
            trial.run(site, report);
            return report.complete(trial.cells(), Verdict.FAILED, "nothing was seen");
        } catch (NotTried impossible) {
            return report.complete(trial.cells(), Verdict.NOT_TRIED, String.valueOf(impossible.getMessage()));
        } catch (Exception failed) {
            return report.complete(trial.cells(), Verdict.FAILED, failed.toString());
        }
    }

    private static void end(Site site, Thread hook) {
        site.close();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException shuttingDown) {
            return; // the hook found nothing left to do
        }
    }
}
