package io.mortmain.explore.program;

import io.mortmain.explore.machine.Allowances;
import io.mortmain.internal.layout.RobustListLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A {@link Program} as text. */
final class ProgramText {
    private static final int MOST = 9;
    private static final List<String> NUMBERS = List.of("kills", "victims", "time-outs", "interrupts", "walk");
    private static final List<String> FLAGS = List.of("unseen", "namesake", "reboot", "watched", "tight");

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
        text.append(program.walk() == RobustListLayout.LIMIT ? "" : ",walk=" + program.walk());
        text.append(program.namesake() ? ",namesake" : "")
                .append(program.reboot() ? ",reboot" : "")
                .append(program.watched() ? ",watched" : "")
                .append(program.tight() ? ",tight" : "");
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
        Map<String, String> may = allowed(List.of(parts).subList(1, parts.length));
        Allowances allowances = new Allowances(
                number(may, "kills", 0),
                number(may, "victims", threads.size()),
                may.containsKey("unseen"),
                number(may, "time-outs", 0),
                number(may, "interrupts", 0));
        return new Program(
                threads,
                processes,
                may.containsKey("namesake"),
                may.containsKey("reboot"),
                may.containsKey("watched"),
                number(may, "walk", RobustListLayout.LIMIT),
                may.containsKey("tight"),
                allowances);
    }

    /** By name, what stands behind the equals sign, or nothing. */
    private static Map<String, String> allowed(List<String> parts) {
        Map<String, String> may = new HashMap<>();
        for (String part : parts) {
            int equals = part.indexOf('=');
            String name = equals < 0 ? part : part.substring(0, equals);
            if (!(equals < 0 ? FLAGS : NUMBERS).contains(name)) {
                throw new IllegalArgumentException("what may happen is "
                        + NUMBERS.stream().map(number -> number + "=N").collect(Collectors.joining(", ")) + ", "
                        + String.join(", ", FLAGS) + ", and not \"" + part + "\"");
            }
            if (may.put(name, part.substring(equals + 1)) != null) {
                throw new IllegalArgumentException("\"" + name + "\" is said twice");
            }
        }
        return may;
    }

    private static int number(Map<String, String> may, String name, int otherwise) {
        String number = may.get(name);
        if (number != null && !number.matches("[0-9]")) {
            throw new IllegalArgumentException(
                    "\"" + name + "=" + number + "\" needs a number from 0 to " + MOST + " after =");
        }
        return number == null ? otherwise : Integer.parseInt(number);
    }
}
