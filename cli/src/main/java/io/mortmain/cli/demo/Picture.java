package io.mortmain.cli.demo;

import io.mortmain.cli.demo.DeathBook.Place;
import io.mortmain.cli.output.UnwritableException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The live picture: at most 23 lines of 80 columns, drawn over the last one. */
final class Picture implements Display {
    private static final String CLEAR_TO_END_OF_LINE = "\033[K";
    private static final String BOLD = "\033[1m";
    private static final String PLAIN = "\033[0m";
    private static final int MOST_WORKERS_SHOWN = 6;
    private static final int COLUMNS = 80;
    private static final int ROWS_BESIDE_WORKERS = 10 + DeathKind.values().length;

    private final PrintWriter out;
    private int linesDrawn;

    Picture(PrintWriter out) {
        this.out = out;
    }

    /** In a smaller terminal lines would break or scroll away, and the picture would be drawn below its remains. */
    static boolean fits(TerminalSize terminal, int workers) {
        int rows = ROWS_BESIDE_WORKERS + Math.min(workers, MOST_WORKERS_SHOWN + 1);
        return terminal.columns() >= COLUMNS && terminal.rows() >= rows;
    }

    @Override
    public void begin(String compiler) {
        out.println(compiler);
        out.println();
        UnwritableException.require(out);
    }

    @Override
    public void show(Scene scene) {
        StringBuilder drawing = new StringBuilder();
        if (linesDrawn > 0) {
            drawing.append("\033[").append(linesDrawn).append('A');
        }
        List<String> lines = lines(scene);
        for (String line : lines) {
            drawing.append(line).append(CLEAR_TO_END_OF_LINE).append('\n');
        }
        linesDrawn = lines.size();
        out.print(drawing);
        UnwritableException.require(out);
    }

    private static List<String> lines(Scene scene) {
        List<String> lines = new ArrayList<>();
        lines.add(BOLD + "mortmain demo" + PLAIN + "   " + progress(scene) + "   seed "
                + scene.settings().seed());
        lines.add("");
        addWorkers(lines, scene);
        lines.add("");
        lines.add(BOLD + row("deaths", "holding", "waiting", "elsewhere", "told", "p50 ms", "p99 ms") + PLAIN);
        for (DeathKind kind : DeathKind.values()) {
            lines.add(deaths(scene.book(), kind));
        }
        lines.add(BOLD + total(scene.book()) + PLAIN);
        lines.add("");
        lines.add(fact("transfers rolled back", Words.number(scene.book().halfWritten())));
        lines.add(fact(
                "transfers",
                Words.number(scene.transfers()) + "   " + Words.number(scene.transfersPerSecond()) + "/s"));
        lines.add(fact(
                "sum of all accounts",
                (scene.sum().isPresent() ? Words.number(scene.sum().getAsLong()) : "-") + "   must be "
                        + Words.number(Accounts.TOTAL)));
        return lines;
    }

    private static String progress(Scene scene) {
        return scene.settings().isSoak()
                ? Words.number(scene.kills()) + " of "
                        + Words.number(scene.settings().kills()) + " kills, "
                        + Words.seconds(scene.seconds())
                : Words.seconds(Math.min(scene.seconds(), scene.settings().seconds())) + " of "
                        + scene.settings().seconds() + " s";
    }

    private static void addWorkers(List<String> lines, Scene scene) {
        List<Actor> actors = scene.actors();
        for (Actor actor : actors.subList(0, Math.min(actors.size(), MOST_WORKERS_SHOWN))) {
            lines.add(String.format(
                    Locale.ROOT,
                    "worker %-3d %-5s %-10s %,10d turns   %,6d processes so far",
                    actor.index(),
                    actor.language(),
                    doing(actor),
                    actor.slot().turns(),
                    actor.starts()));
        }
        if (actors.size() > MOST_WORKERS_SHOWN) {
            lines.add("and " + (actors.size() - MOST_WORKERS_SHOWN) + " more workers");
        }
    }

    private static String doing(Actor actor) {
        if (actor.isHome()) {
            return "went home";
        }
        if (!actor.isRunning()) {
            return "dead";
        }
        if (!actor.isReady()) {
            return "starts";
        }
        return switch (actor.slot().phase()) {
            case ACQUIRING -> "waits";
            case HOLDING, RELEASING -> "HOLDS";
            case WRITING -> "WRITES";
            case ELSEWHERE -> "elsewhere";
        };
    }

    private static String deaths(DeathBook book, DeathKind kind) {
        Latencies latencies = book.latencies(death -> death.kind() == kind);
        return row(
                kind.label(),
                Words.number(book.count(kind, Place.HOLDING)),
                Words.number(book.count(kind, Place.WAITING)),
                Words.number(book.count(kind, Place.ELSEWHERE)),
                Words.number(latencies.count()),
                latencies.count() == 0 ? "-" : Words.millis(latencies.p50()),
                latencies.count() == 0 ? "-" : Words.millis(latencies.p99()));
    }

    private static String total(DeathBook book) {
        Latencies latencies = book.latencies(death -> true);
        return row(
                "all",
                Words.number(book.count(Place.HOLDING)),
                Words.number(book.count(Place.WAITING)),
                Words.number(book.count(Place.ELSEWHERE)),
                Words.number(book.told()),
                Words.millis(latencies.p50()),
                Words.millis(latencies.p99()));
    }

    private static String row(
            String what, String holding, String waiting, String elsewhere, String told, String p50, String p99) {
        return String.format(
                Locale.ROOT, "%-14s%9s%9s%11s%9s%10s%10s", what, holding, waiting, elsewhere, told, p50, p99);
    }

    private static String fact(String what, String value) {
        return String.format(Locale.ROOT, "%-22s%s", what, value);
    }
}
