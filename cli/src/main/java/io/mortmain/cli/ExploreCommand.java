package io.mortmain.cli;

import io.mortmain.cli.explore.MutantHunt;
import io.mortmain.cli.explore.MutantHunts;
import io.mortmain.cli.explore.RuleList;
import io.mortmain.cli.explore.SearchPlan;
import io.mortmain.cli.explore.SearchText;
import io.mortmain.cli.explore.Searched;
import io.mortmain.cli.explore.Searches;
import io.mortmain.cli.explore.Totals;
import io.mortmain.cli.output.UnwritableException;
import io.mortmain.explore.Bound;
import io.mortmain.explore.machine.Exploration;
import io.mortmain.explore.machine.Reduction;
import io.mortmain.explore.mutant.Mutants;
import io.mortmain.explore.mutant.Mutants.Breakage;
import io.mortmain.explore.program.Mutant;
import io.mortmain.explore.program.Program;
import io.mortmain.explore.search.Replay;
import io.mortmain.explore.search.Search;
import io.mortmain.explore.search.Trace;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code mortmain explore}. */
@Command(
        name = "explore",
        sortOptions = false,
        description = {
            "Runs the code that ships, of locks, of data in transactions and of the making of regions, through every order of its"
                    + " steps, with a death at each of them, and looks whether its rules hold in every state.",
            "",
            "The machine is simulated: a few words of memory, futexes, files, and threads that die. What the threads do is the library's own"
                    + " code. Each access to what others see is a step. Between two steps, any other thread may make one, be killed,"
                    + " or be woken; what the kernel does for a dead thread is steps as well. Every state is visited that can be"
                    + " reached so, nearest first: if a rule is broken, a shortest way to it is printed.",
            ""
        },
        footer = {
            "",
            "A program says what threads do at once, and then, after commas, what may happen. Operations of a thread are joined by +,"
                    + " threads of a process by &, processes by /. For example lock+try/lock,kills=2,unseen.",
            "Operations: lock; try, without waiting; timed; interruptible; give-up, which makes the mutex not recoverable; reset; two and"
                    + " nested, two mutexes at once; leave-inconsistent and hand-on, which, after a death, release without a repair, or tell the"
                    + " next too; hand-over, by a deputy that holds the mutex until a thread of its process comes to close; c-lock,"
                    + " c-try and c-leave-inconsistent, as glibc does it; insert, insert-own and find, which put objects into a"
                    + " region's directory, of one name or of each thread's own, and look at it; update, which changes two words in"
                    + " one transaction; break-off, which begins that and does not end it, as after an error; reset-data, a reset that"
                    + " undoes what was left half done; c-update, an update in C; c-careless, which after a death declares the data"
                    + " consistent and looks at no journal; or, without any of these, create, open, open-or-create and remove, the region's file and its name."
                    + " Several at once, of which the adversary chooses:"
                    + " lock-anyhow, try-anyhow, timed-anyhow, interruptible-anyhow, reset-anyhow and c-lock-anyhow, c-try-anyhow, released in"
                    + " each way; two-anyhow, two or nested; any and c-any, each of those; update-anyhow and c-update-anyhow, data changed, or not,"
                    + " and released in each way.",
            "What may happen: kills=N, up to so many threads are killed, of the first victims=N, and with each the others of its process;"
                    + " unseen, their lists may be lost to the kernel; walk=N, it follows N links of a list, and not 2,048; time-outs=N, so many sleeps may end too early; interrupts=N; namesake, the last thread begins when the first is dead, with its number; reboot,"
                    + " the last thread begins after one; watched, a daemon watches holders for the second thread;"
                    + " tight, there is space for one region only.",
            "",
            "A trace has a step for each thing that happens: 0, the next step of thread 0 (0.1, the same where it wakes another of those"
                    + " who sleep, or goes on in another way); k0, it is killed; s0, killed unseen; t0, its sleep ends; z0,"
                    + " everybody's that has a limit does; i0, it is"
                    + " interrupted; b0, a later thread begins; r0, the machine is rebooted. Steps that"
                    + " nobody else can see take no turns, and are not in it.",
            "states: different ones, of memory, of where each thread stands, and of what the rules remember. steps: from a state to"
                    + " another. kills: steps that are deaths. ends: different memories in which all was over. States are told apart by"
                    + " 64 bits: among ten million, one is taken for another, and left out, with a chance of 1 in 300,000.",
            "Not explored: stores that a processor shows late to others (memory here is sequentially consistent); the many looks at another"
                    + " thread's list that prove that it does not hold a mutex (here one step); the queues before a deputy, which locks"
                    + " for virtual threads and hand-over as any thread does; the library's monitor between a deputy and those who close"
                    + " its hold, who meet in one word here; C code between lock and unlock of the same thread; recursive mutexes; of data,"
                    + " what a reboot makes of them, waits for a change, arrays, counters and heaps; of regions, how they are mapped and closed, and what a reboot or another PID namespace makes of their files; pages"
                    + " that vanish. No rule looks at which thread a death is said to be of, and users (rule 13) are checked only in runs without kills.",
            "Ways of a thread's code that come to one place are taken for one, where what the thread remembers is the same. Both are followed a"
                    + " while by the same answers, and a difference ends the search with 1; one that shows later, or after other answers, is"
                    + " not seen. --walks and --replay merge nothing; each trace is replayed so before it is shown.",
            "",
            "Exit codes:",
            "  0  no rule is broken; with --mutants: every defect was found",
            "  1  a rule is broken, or ways were merged wrongly; with --mutants a defect was not found; or the",
            "     command could not run",
            "  2  wrong usage",
            "  3  no rule is broken, but not every state was visited: --states was reached"
        })
final class ExploreCommand implements Callable<Integer> {
    static final int NOT_COMPLETE = 3;

    private static final String COMMAND = "./mortmain explore";
    private static final long MOST_STATES = 500_000_000;
    private static final long MOST_WALKS = 1_000_000_000;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--bound",
            paramLabel = "B",
            description =
                    "small: each two operations on a mutex, or on a region's name, against each other, and chosen programs of two"
                            + " processes with two each and of three with one. large: every two processes with two, every three"
                            + " with one, on a mutex, a name, a directory or data; takes an hour on two processors that have nothing else to"
                            + " do, or less. beyond: three processes with two each, four with one, and more, for --walks. Default:"
                            + " small.")
    private @Nullable String bound;

    @Option(
            names = "--program",
            paramLabel = "TEXT",
            description = "Instead of a bound: this program, see below; may be given several times.")
    private List<String> texts = new ArrayList<>();

    @Option(
            names = "--states",
            paramLabel = "N",
            description =
                    "Visit so many of each program, 1 to 500000000; a million needs about 60 MB. Default: 20000000;"
                            + " for the large bound, 100000000.")
    private @Nullable String states;

    @Option(
            names = "--walks",
            paramLabel = "N",
            description = "Instead of all ways, go N at random through each program, 1 to 1000000000.")
    private @Nullable String walks;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "Decides the ways of --walks. Default: random; it is printed.")
    private @Nullable String seed;

    @Option(
            names = "--replay",
            paramLabel = "TRACE",
            description = "Show the steps of a trace of the one --program, as the line after a broken rule gives it.")
    private @Nullable String trace;

    @Option(
            names = "--mutant",
            paramLabel = "NAME",
            description =
                    "Plant this defect in the library's code; without --program and --bound, in one program in which it is found"
                            + " soon.")
    private @Nullable String mutant;

    @Option(
            names = "--mutants",
            description =
                    "Plant each known defect, one after the other, and search for a broken rule. Every one must be found; --mutant"
                            + " NAME then tells how.")
    private boolean mutants;

    @Option(names = "--rules", description = "List the rules, and explore nothing.")
    private boolean rules;

    @Option(names = "--json", description = "Print one JSON value at the end and nothing else; times in nanoseconds.")
    private boolean json;

    @Mixin
    HelpOption help = new HelpOption();

    @Override
    public Integer call() throws Exception {
        refuseWhatDoesNotFit();
        try {
            return rules ? list() : mutants ? hunt() : trace != null ? replay(trace) : search();
        } catch (OutOfMemoryError full) {
            throw new IllegalStateException(
                    "Java's heap of " + (Runtime.getRuntime().maxMemory() >> 20)
                            + " MB is too small for so many states:"
                            + " give more, for example by JAVA_TOOL_OPTIONS=-Xmx4g, or visit fewer, by --states.",
                    full);
        }
    }

    private Exploration exploration(Program program, Reduction reduction) {
        return program.exploration(
                planted().<Supplier<? extends Mutant>>map(Breakage::mutant).orElse(Mutant.NONE), reduction);
    }

    private Optional<Breakage> planted() {
        try {
            return Optional.ofNullable(mutant).map(Mutants::find);
        } catch (IllegalArgumentException e) {
            throw wrong("--mutant: " + e.getMessage() + ".");
        }
    }

    /** How this command was called, for the one that replays. */
    private String command() {
        return mutant == null ? COMMAND : COMMAND + " --mutant " + mutant;
    }

    private int hunt() {
        print(MutantHunt.head());
        MutantHunts hunts = MutantHunts.huntAll(hunt -> print(hunt.line()));
        if (json) {
            spec.commandLine().getOut().println(Json.of(hunts.toJson(COMMAND)));
        } else {
            print("", hunts.conclusion());
        }
        return hunts.isEachFound() ? Main.OK : Main.FAILED;
    }

    private int list() {
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(Json.of(RuleList.toJson()));
        } else {
            RuleList.lines().forEach(out::println);
        }
        return Main.OK;
    }

    private int replay(String text) {
        Program program = programs().getFirst();
        Replay replay = Replay.of(exploration(program, Reduction.UNMERGED), way(text));
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(Json.of(SearchText.toJson(program, replay)));
        } else {
            SearchText.replayed(replay).forEach(out::println);
        }
        return replay.violation().isPresent() ? Main.FAILED : Main.OK;
    }

    private List<Integer> way(String text) {
        try {
            return Replay.parse(text);
        } catch (IllegalArgumentException e) {
            throw wrong("--replay: " + e.getMessage() + ".");
        }
    }

    private int search() throws InterruptedException {
        SearchPlan plan = plan();
        int atATime = Math.min(plan.programs().size(), Searches.atATime(plan.mostStates()));
        announce(plan, atATime);
        List<Searched> searched = new ArrayList<>();
        long start = System.nanoTime();
        Function<Program, Search> search = program -> new Search(reduction -> exploration(program, reduction));
        Searches.run(plan.programs(), program -> plan.search(search.apply(program)), atATime, next -> {
            searched.add(next);
            print(SearchText.line(next) + (plan.isRandom() || next.isComplete() ? "" : "   not complete"));
            return !next.isBroken();
        });
        return report(plan, new Totals(searched, System.nanoTime() - start));
    }

    private SearchPlan plan() {
        return new SearchPlan(
                programs(),
                within("--states", states == null ? String.valueOf(mostStates()) : states, MOST_STATES),
                walks == null ? OptionalLong.empty() : OptionalLong.of(within("--walks", walks, MOST_WALKS)),
                seed == null ? Math.abs(System.nanoTime() % 1_000_000) : number("--seed", seed));
    }

    private long mostStates() {
        boolean hasBound = texts.isEmpty() && (bound != null || planted().isEmpty());
        return hasBound ? bound().mostStates() : Bound.SMALL.mostStates();
    }

    private void announce(SearchPlan plan, int atATime) {
        planted().ifPresent(breakage -> print("Planted: " + breakage.text() + "."));
        print(counted(plan.programs().size(), "program")
                + (atATime > 1 ? ", " + atATime + " at a time" : "")
                + (texts.isEmpty() && mutant == null && !plan.isRandom() ? "; takes " + bound().takes() : "")
                + ".");
        plan.ways().ifPresent(ways -> print(counted(ways, "way") + " through each. Seed " + plan.seed() + "."));
        print(SearchText.head());
    }

    private int report(SearchPlan plan, Totals totals) {
        Searched last = totals.searched().getLast();
        @Nullable Trace broken = last.result().trace().orElse(null);
        if (json) {
            Map<String, Object> object = plan.toJson();
            object.putAll(totals.toJson());
            last.result().doubt().ifPresent(doubt -> object.put("doubt", doubt));
            object.put("broken", broken == null ? null : SearchText.toJson(last.program(), broken, command()));
            spec.commandLine().getOut().println(Json.of(object));
        } else if (last.isBroken()) {
            last.result()
                    .doubt()
                    .ifPresent(why -> SearchText.doubted(
                                    last.program(), why, last.result().trace())
                            .forEach(this::print));
            last.result()
                    .trace()
                    .ifPresent(found ->
                            SearchText.broken(last.program(), found, command()).forEach(this::print));
        } else {
            print("");
            totals.lines().forEach(this::print);
            print(conclusion(plan, totals));
        }
        return last.isBroken() ? Main.FAILED : plan.isRandom() || totals.incomplete() == 0 ? Main.OK : NOT_COMPLETE;
    }

    private static String conclusion(SearchPlan plan, Totals totals) {
        if (plan.isRandom()) {
            return "No rule is broken on these ways.";
        }
        return totals.incomplete() == 0
                ? "No rule is broken."
                : "No rule is broken in these states. Of " + counted(totals.incomplete(), "program")
                        + " not every state was visited: see --states.";
    }

    /** For people only. */
    private void print(String... lines) {
        if (!json) {
            PrintWriter out = spec.commandLine().getOut();
            Stream.of(lines).forEach(out::println);
            UnwritableException.require(out);
        }
    }

    private List<Program> programs() {
        Optional<Breakage> planted = planted();
        return texts.isEmpty()
                ? planted.filter(_ -> bound == null)
                        .map(breakage -> List.of(breakage.program()))
                        .orElseGet(() -> bound().programs())
                : texts.stream().map(this::program).toList();
    }

    private Program program(String text) {
        try {
            return Program.parse(text);
        } catch (IllegalArgumentException e) {
            throw wrong("--program " + Printable.value(text) + ": " + e.getMessage() + ".");
        }
    }

    private Bound bound() {
        return switch (bound == null ? "small" : bound) {
            case "small" -> Bound.SMALL;
            case "large" -> Bound.LARGE;
            case "beyond" -> Bound.BEYOND;
            default ->
                throw wrong("--bound is " + Printable.value(String.valueOf(bound))
                        + " and must be small, large or beyond.");
        };
    }

    private void refuseWhatDoesNotFit() {
        refuse(bound != null && !texts.isEmpty(), "Give --bound or --program, not both.");
        refuse(states != null && walks != null, "Give --states or --walks, not both.");
        refuse(seed != null && walks == null, "--seed is for --walks.");
        refuse("beyond".equals(bound) && walks == null, "The bound beyond is too large to visit: give --walks.");
        refuse(
                trace != null && (texts.size() != 1 || states != null || walks != null),
                "--replay needs one --program, and nothing else but --mutant and --json.");
        refuse(
                mutants
                        && (bound != null
                                || !texts.isEmpty()
                                || states != null
                                || walks != null
                                || trace != null
                                || mutant != null),
                "--mutants has programs of its own: give it alone, or with --json.");
        refuse(
                rules
                        && (mutants
                                || mutant != null
                                || bound != null
                                || !texts.isEmpty()
                                || states != null
                                || walks != null
                                || trace != null),
                "--rules explores nothing: give it alone, or with --json.");
    }

    private void refuse(boolean isWrong, String sentence) {
        if (isWrong) {
            throw wrong(sentence);
        }
    }

    private long within(String option, String value, long most) {
        long number = value.matches("\\d{1,12}") ? Long.parseLong(value) : 0;
        if (number < 1 || number > most) {
            throw wrong(option + " is " + Printable.value(value) + " and must be 1 to " + most + ".");
        }
        return number;
    }

    private long number(String option, String value) {
        try {
            return Long.parseLong(value);
        } catch (NumberFormatException e) {
            throw wrong(option + " is " + Printable.value(value) + " and must be a number of at most 64 bits.");
        }
    }

    private static String counted(long count, String what) {
        return String.format(Locale.ROOT, "%,d %s%s", count, what, count == 1 ? "" : "s");
    }

    private ParameterException wrong(String sentence) {
        return new ParameterException(spec.commandLine(), sentence);
    }
}
