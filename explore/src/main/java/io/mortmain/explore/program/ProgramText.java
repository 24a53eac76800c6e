package io.mortmain.explore.program;

import io.mortmain.explore.machine.Allowances;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A {@link Program} as text. */
final class ProgramText {
    private static final int MOST = 9;

    private ProgramText() {}

    static String of(Program program) {
        Allowances may = program.allowances();
        StringBuilder text = new StringBuilder(program.deeds());
        add(text, "kills", may.kills());
        if (may.victims() < program.threads().size()) {
            add(text, "victims", may.victims());
        }
        text.append(may.unseen() ? ",unseen" : "");
        add(text, "time-outs", may.timeOuts());
        add(text, "interrupts", may.interrupts());
        text.append(program.namesake() ? ",namesake" : "")
                .append(program.reboot() ? ",reboot" : "")
                .append(program.watched() ? ",watched" : "");
        return text.toString();
    }

    private static void add(StringBuilder text, String name, int number) {
        if (number > 0) {
            text.append(',').append(name).append('=').append(number);
        }
    }

    static Program parse(String text) {
        String[] parts = text.split(",", -1);
        List<List<Operation>> threads = new ArrayList<>();
        List<Integer> processes = new ArrayList<>();
        int process = 0;
        for (String ofProcess : parts[0].split("/", -1)) {
            for (String thread : ofProcess.split("&", -1)) {
                threads.add(Arrays.stream(thread.split("\\+", -1))
                        .map(Operation::parse)
                        .toList());
                processes.add(process);
            }
            process++;
        }
        int kills = 0;
        int victims = threads.size();
        int timeOuts = 0;
        int interrupts = 0;
        boolean unseen = false;
        boolean namesake = false;
        boolean reboot = false;
        boolean watched = false;
        for (String part : List.of(parts).subList(1, parts.length)) {
            switch (part.replaceFirst("=.*", "")) {
                case "kills" -> kills = number(part);
                case "victims" -> victims = number(part);
                case "time-outs" -> timeOuts = number(part);
                case "interrupts" -> interrupts = number(part);
                case "unseen" -> unseen = true;
                case "namesake" -> namesake = true;
                case "reboot" -> reboot = true;
                case "watched" -> watched = true;
                default ->
                    throw new IllegalArgumentException(
                            "what may happen is kills=N, victims=N, time-outs=N, interrupts=N, unseen,"
                                    + " namesake, reboot or watched, and not \"" + part + "\"");
            }
        }
        return new Program(
                threads,
                processes,
                namesake,
                reboot,
                watched,
                new Allowances(kills, victims, unseen, timeOuts, interrupts));
    }

    private static int number(String part) {
        String number = part.substring(part.indexOf('=') + 1);
        if (!number.matches("[0-9]")) {
            throw new IllegalArgumentException("\"" + part + "\" needs a number from 0 to " + MOST + " after =");
        }
        return Integer.parseInt(number);
    }
}
