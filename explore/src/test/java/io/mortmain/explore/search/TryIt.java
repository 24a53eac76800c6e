package io.mortmain.explore.search;

import io.mortmain.explore.machine.Exploration;
import io.mortmain.explore.machine.Machine;
import io.mortmain.explore.mutant.Mutant;
import io.mortmain.explore.program.Operation;
import io.mortmain.explore.program.Program;
import java.util.Arrays;
import java.util.List;

final class TryIt {
    public static void main(String[] args) {
        int kills = Integer.parseInt(args[1]);
        boolean unseen = args[2].contains("u");
        int timeOuts = Integer.parseInt(args[3]);
        List<List<Operation>> threads = Arrays.stream(args[0].split("/"))
                .map(t -> Arrays.stream(t.split("\\+"))
                        .map(o -> Operation.valueOf(
                                o.toUpperCase(java.util.Locale.ROOT).replace('-', '_')))
                        .toList())
                .toList();
        Program program = Program.of(new Machine.Allowances(kills, unseen, timeOuts, 1), threads);
        program = new Program(program.threads(), program.processes(), args[2].contains("n"), args[2].contains("w"), program.allowances());
        Machine m = program.machine(Mutant.NONE, !args[2].contains("f"));
        Result r = Explorer.explore(new Exploration(m, 130 + 16), Long.parseLong(args[4]));
        System.out.println(program.name() + " states " + r.states() + " steps " + r.steps() + " kills " + r.kills()
                + " ends " + r.ends() + " " + r.endsFingerprint() + " complete " + r.isComplete() + " places " + m.places() + " ms " + r.nanos() / 1_000_000);
        r.trace().ifPresent(t -> {
            t.lines().forEach(System.out::println);
            System.out.println(t.violation().getMessage());
            System.out.println(t.text());
        });
    }
}
