package io.mortmain.cli.torture;

import io.mortmain.cli.process.NotTried;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** The process of an {@link InsideTrial}; ends when standard input does. */
final class InsideMain {
    private InsideMain() {}

    /** Arguments: trial, folder, program, prefix of the names of files. */
    public static void main(String[] arguments) {
        Thread.ofPlatform().daemon().start(InsideMain::endWithParent);
        Trial trial = new ReusedNumber();
        if (!trial.getClass().getSimpleName().equals(arguments[0])) {
            throw new IllegalArgumentException(arguments[0]);
        }
        Report report = new Report("");
        List<CellResult> results;
        try (Site site = Site.inside(Path.of(arguments[1]), Path.of(arguments[2]), arguments[3])) {
            trial.run(site, report);
            results = report.complete(trial.cells(), Verdict.FAILED, "nothing was seen");
        } catch (NotTried impossible) {
            results = report.complete(trial.cells(), Verdict.NOT_TRIED, String.valueOf(impossible.getMessage()));
        } catch (Exception failed) {
            results = report.complete(trial.cells(), Verdict.FAILED, failed.toString());
        }
        results.forEach(result -> System.out.println(InsideTrial.line(result)));
        System.out.flush();
        Runtime.getRuntime().halt(0);
    }

    private static void endWithParent() {
        try {
            while (System.in.read() >= 0) {
                // it is never written to
            }
        } catch (IOException closed) {
            // as its end
        }
        Runtime.getRuntime().halt(1);
    }
}
