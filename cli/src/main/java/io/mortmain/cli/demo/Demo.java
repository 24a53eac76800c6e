package io.mortmain.cli.demo;

import io.mortmain.Region;
import io.mortmain.cli.process.CCompiler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * The main job, seen: workers in processes of their own move money between accounts of a guarded array, and are killed. This process starts
 * them, kills them, keeps the book of their deaths, and judges.
 *
 * <p>Whatever ends this process by a signal that it can see takes the workers and the region with it. After a SIGKILL the workers see
 * that it is gone, remove the region and the temporary folder, and end.
 */
public final class Demo {
    private static final long ROOM_FOR_ACCOUNTS = 4096;
    private static final long TICK_MILLIS = 1;
    private static final long SCENE_NANOS = 100_000_000;
    private static final Duration PATIENCE_FOR_A_SUM = Duration.ofMillis(20);
    private static final Duration PATIENCE_AT_THE_END = Duration.ofNanos(Watchdog.HANG_NANOS);

    private final DemoSettings settings;
    private final Display display;
    private final Cast cast;
    private final String compiler;
    private final Teller teller;
    private final HolderWord holder;
    private final DeathBook book = new DeathBook();
    private final Company company;
    private final Watchdog watchdog;
    private final List<String> problems = new ArrayList<>();
    private OptionalLong sum = OptionalLong.empty();
    private long began;
    private long lastScene;
    private long lastTransfers;

    private Demo(DemoSettings settings, Display display, Cast cast, String compiler) {
        this.settings = settings;
        this.display = display;
        this.cast = cast;
        this.compiler = compiler;
        SharedLongs bank = new SharedLongs(cast.region().memory(BankLayout.NAME, BankLayout.SIZE));
        this.holder = new HolderWord(bank);
        this.teller = new Teller(cast.region());
        this.company = new Company(cast, bank, book);
        this.watchdog = new Watchdog(company.actors());
    }

    /** Runs the demo and leaves nothing behind. */
    public static DemoResult run(DemoSettings settings, Display display) throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("mortmain-demo-");
        CleanUp cleanUp = new CleanUp(folder);
        try {
            CCompiler.Result compiled = CWorker.compile(folder);
            String name = "mortmain-demo-" + ProcessHandle.current().pid() + "-" + Long.toHexString(System.nanoTime());
            Region region = cleanUp.alsoRemove(() -> Region.create(name, BankLayout.SIZE + ROOM_FOR_ACCOUNTS));
            Accounts.of(region);
            Cast cast =
                    new Cast(region, settings.workers(), compiled.program(), settings.seed(), settings.bug(), folder);
            Demo demo = new Demo(settings, display, cast, compiled.sentence());
            cleanUp.alsoEnd(demo.company);
            return demo.play();
        } finally {
            cleanUp.run();
        }
    }

    private DemoResult play() throws IOException, InterruptedException {
        display.begin(compiler);
        company.start();
        until(() -> company.actors().stream().allMatch(Actor::isReady), Watchdog.HANG_NANOS);
        Schedule.Mix mix = cast.cWorkers() == 0
                ? Schedule.Mix.JAVA_ONLY
                : settings.isSoak() ? Schedule.Mix.SOAK : Schedule.Mix.SHOW;
        Schedule schedule = new Schedule(settings.seed(), mix, cast.cWorkers() > 0);
        Killer killer = new Killer(schedule, company.actors(), holder);
        began = System.nanoTime();
        lastScene = began;
        lastTransfers = company.transfers();
        watchdog.restart();
        while (!isOver()
                && !isLost()
                && watchdog.hung().isEmpty()
                && company.problems().isEmpty()) {
            company.lookAround();
            killer.act();
            showSceneIfDue();
            Thread.sleep(TICK_MILLIS);
        }
        double seconds = (System.nanoTime() - began) / 1e9;
        long transfers = company.transfers();
        finish();
        show();
        return result(seconds, transfers);
    }

    private boolean isOver() {
        return settings.isSoak()
                ? company.kills() >= settings.kills()
                : System.nanoTime() - began >= settings.seconds() * 1_000_000_000L;
    }

    /** What cannot become right again: there is no sense in going on. */
    private boolean isLost() {
        return holder.intrusions() > 0 || (sum.isPresent() && sum.getAsLong() != Accounts.TOTAL);
    }

    /** Nobody is killed any more: each worker must get one more turn, and after each death somebody must have gone on; then all go home. */
    private void finish() throws IOException, InterruptedException {
        problems.addAll(watchdog.hung());
        if (problems.isEmpty() && company.problems().isEmpty() && !isLost()) {
            watchdog.restart();
            boolean settled = until(
                    () -> watchdog.sawAllMove() && book.untold() == 0 && book.groundless() == 0,
                    Watchdog.HANG_NANOS + SCENE_NANOS);
            problems.addAll(settled ? List.of() : watchdog.hung());
        }
        if (problems.isEmpty() && company.problems().isEmpty()) {
            company.sendHome();
            if (!until(company::isHome, Watchdog.HANG_NANOS)) {
                problems.add("a worker did not end its last turn");
            }
        }
        company.end();
        if (sum.isEmpty() || sum.getAsLong() == Accounts.TOTAL) { // a wrong one does not become right
            sum = teller.sum(problems.isEmpty() ? PATIENCE_AT_THE_END : PATIENCE_FOR_A_SUM);
        }
        company.lookAround();
        problems.addAll(company.problems());
    }

    private boolean until(java.util.function.BooleanSupplier isSo, long nanos)
            throws IOException, InterruptedException {
        long deadline = System.nanoTime() + nanos;
        for (; ; ) {
            company.lookAround();
            if (isSo.getAsBoolean()) {
                return true;
            }
            if (!company.problems().isEmpty() || System.nanoTime() - deadline > 0) {
                return false;
            }
            Thread.sleep(TICK_MILLIS);
        }
    }

    private void showSceneIfDue() throws InterruptedException {
        if (System.nanoTime() - lastScene >= SCENE_NANOS) {
            OptionalLong seen = teller.sum(PATIENCE_FOR_A_SUM);
            if (seen.isPresent()) {
                sum = seen;
            }
            show();
        }
    }

    private void show() {
        long now = System.nanoTime();
        long transfers = company.transfers();
        long perSecond = Math.round((transfers - lastTransfers) * 1e9 / Math.max(1, now - lastScene));
        lastScene = now;
        lastTransfers = transfers;
        display.show(new Scene(
                settings,
                cast,
                (now - began) / 1e9,
                transfers,
                perSecond,
                company.kills(),
                sum,
                book,
                company.actors()));
    }

    private DemoResult result(double seconds, long transfers) {
        List<String> found = Verdict.problems(settings, book, company.kills(), holder.intrusions(), sum, problems);
        return new DemoResult(
                settings,
                compiler,
                cast.javaWorkers(),
                cast.cWorkers(),
                seconds,
                transfers,
                company.kills(),
                sum,
                book,
                List.copyOf(found),
                Verdict.inWords(found, settings, book, company.kills()));
    }
}
