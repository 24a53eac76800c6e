package io.mortmain.cli.demo;

import io.mortmain.cli.demo.DeathBook.Place;
import io.mortmain.cli.output.UnwritableException;
import java.io.PrintWriter;

/** A line a second, for files and pipes. */
final class PlainLines implements Display {
    private final PrintWriter out;
    private long lastSecond;

    PlainLines(PrintWriter out) {
        this.out = out;
    }

    @Override
    public void begin(String compiler) {
        out.println(compiler);
        UnwritableException.require(out);
    }

    @Override
    public void show(Scene scene) {
        long second = (long) scene.seconds();
        if (second == lastSecond) {
            return;
        }
        lastSecond = second;
        DeathBook book = scene.book();
        Latencies latencies = book.latencies(death -> true);
        out.println(second + " s: " + Words.number(scene.transfersPerSecond()) + " transfers/s; "
                + Words.count(book.deaths().size(), "death", "deaths")
                + " (" + book.count(Place.HOLDING) + " holding, " + book.count(Place.WAITING) + " waiting, "
                + book.count(Place.ELSEWHERE) + " elsewhere); " + book.told() + " told after p50 "
                + Words.millis(latencies.p50()) + " ms, p99 " + Words.millis(latencies.p99()) + " ms; sum "
                + (scene.sum().isPresent() ? Words.number(scene.sum().getAsLong()) : "-"));
        UnwritableException.require(out);
    }
}
