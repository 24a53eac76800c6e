package io.mortmain.cli.demo;

import io.mortmain.cli.demo.DeathBook.Place;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** Judges a run that is over. Every reason to fail is a sentence; without any the run was good. */
final class Verdict {
    /** One kill of so many must hit a holder, in a soak. */
    private static final int HOLDERS_SHARE = 3;

    private Verdict() {}

    static List<String> problems(
            DemoSettings settings, DeathBook book, long kills, long intrusions, OptionalLong sum, List<String> before) {
        List<String> problems = new ArrayList<>(before);
        if (sum.isEmpty()) {
            problems.add("the accounts could not be had at the end");
        } else if (sum.getAsLong() != Accounts.TOTAL) {
            problems.add("the accounts hold " + Words.number(sum.getAsLong()) + " and must hold "
                    + Words.number(Accounts.TOTAL) + ": "
                    + (sum.getAsLong() < Accounts.TOTAL ? "money was lost" : "money came from nowhere"));
        }
        if (intrusions > 0) {
            problems.add(Words.count(intrusions, "time", "times") + " two workers held the mutex at once");
        }
        if (book.untold() > 0) {
            problems.add(Words.count(book.untold(), "death", "deaths") + " while holding after which nobody went on");
        }
        if (book.groundless() > 0) {
            problems.add("holders found " + Words.count(book.groundless(), "death", "deaths") + " that did not happen");
        }
        long holders = book.count(Place.HOLDING);
        if (holders == 0) {
            problems.add("nobody died while holding, so nothing was shown; run it longer");
        }
        long killedHolders = book.count(DeathKind.SIGKILL, Place.HOLDING);
        if (settings.isSoak() && kills < settings.kills()) {
            problems.add("only " + Words.count(kills, "process was", "processes were") + " killed");
        }
        if (settings.isSoak() && killedHolders * HOLDERS_SHARE < kills) {
            problems.add("only " + share(killedHolders, kills) + " of the kills hit a holder");
        }
        return problems;
    }

    static String inWords(List<String> problems, DemoSettings settings, DeathBook book, long kills) {
        if (!problems.isEmpty()) {
            return "Failed: " + String.join("; ", problems) + ".";
        }
        long holders = book.count(Place.HOLDING);
        return "Nothing was lost and nobody hung: " + Words.count(holders, "worker", "workers")
                + " died while holding the mutex, " + Words.count(book.halfWritten(), "transfer", "transfers")
                + " left half written were rolled back, each time the next holder went on, and the sum of the accounts is still "
                + Words.number(Accounts.TOTAL) + "."
                + (settings.isSoak()
                        ? " " + share(book.count(DeathKind.SIGKILL, Place.HOLDING), kills) + " of "
                                + Words.count(kills, "kill", "kills") + " hit a holder."
                        : "");
    }

    private static String share(long part, long whole) {
        return whole == 0 ? "none" : Math.round(100.0 * part / whole) + " %";
    }
}
