package io.mortmain.explore.search;

import io.mortmain.explore.Bound;
import io.mortmain.explore.program.Mutant;
import io.mortmain.explore.program.Program;
import java.util.List;

final class TryIt {
    public static void main(String[] args) {
        List<Program> programs = args[0].equals("small") ? Bound.SMALL.programs() : List.of(Program.parse(args[0]));
        long t = System.nanoTime();
        long states = 0;
        long kills = 0;
        for (Program program : programs) {
            Result r = args.length > 1
                    ? Wanderer.wander(program.exploration(Mutant.NONE), 1, Long.parseLong(args[1]))
                    : Explorer.explore(program.exploration(Mutant.NONE), 20_000_000);
            states += r.states();
            kills += r.kills();
            System.out.println(program + " states " + r.states() + " steps " + r.steps() + " kills " + r.kills()
                    + " ends " + r.ends() + " complete " + r.isComplete() + " ms " + r.nanos() / 1_000_000);
            r.trace().ifPresent(tr -> {
                tr.lines().forEach(System.out::println);
                System.out.println(tr.violation().getMessage());
                System.out.println(tr.text());
                System.exit(1);
            });
        }
        System.out.println(programs.size() + " programs " + states + " states " + kills + " kills "
                + (System.nanoTime() - t) / 1_000_000 + " ms");
    }
}
