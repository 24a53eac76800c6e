package io.mortmain.explore.machine;

import io.mortmain.explore.machine.World.Status;
import io.mortmain.internal.layout.RobustListLayout;
import io.mortmain.internal.words.FileCalls;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Has the simulated machine play a {@link FileStory}. */
final class SimulatedFiles {
    /** Not the region's, about which there are rules. */
    private static final String NAME = "/simulated/file-0";

    private static final String FOLDER = "/simulated";
    private static final int SIZE = 65_536;
    private static final int MUCH_ROOM = 100;
    private static final int LONGEST_TEXT = 60;
    private static final Pattern ERROR = Pattern.compile("\\((E[A-Z]+)\\)");

    private final FileStory story;
    /** Of each process, of its last run. */
    private final List<List<String>> results = List.of(new ArrayList<>(), new ArrayList<>());

    private SimulatedFiles(FileStory story) {
        this.story = story;
    }

    static List<String> run(FileStory story) {
        return new SimulatedFiles(story).run();
    }

    private List<String> run() {
        List<Actor> actors = List.of(
                new Actor("A", 101, 0, player -> play(player, 0)), new Actor("B", 102, 1, player -> play(player, 1)));
        Allowances allowances = new Allowances(1, 2, true, 0, 0);
        Machine machine = new Machine(
                actors,
                0,
                0,
                story.isTight() ? 1 : MUCH_ROOM,
                false,
                RobustListLayout.LIMIT,
                allowances,
                Reduction.NONE,
                false);
        World world = machine.initial(0);
        List<Integer> done = new ArrayList<>(List.of(0, 0));
        List<String> all = new ArrayList<>();
        for (FileStory.Deed deed : story.deeds()) {
            int process = deed.process();
            if (deed.command().equals("die")) {
                world = machine.after(world, Choice.of(Choice.Kind.KILL_UNSEEN, process));
                all.add(world.status(process) == Status.GONE ? "ok" : "lives");
            } else {
                world = machine.after(world, Choice.of(Choice.Kind.STEP, process));
                all.add(results.get(process).get(done.get(process)));
            }
            done.set(process, done.get(process) + 1);
        }
        return all;
    }

    /** All that the process does; ends where the machine has not come further. */
    private void play(Player player, int process) {
        FileCalls<Integer> calls = new SeamOf(player).files();
        List<String> mine = results.get(process);
        mine.clear();
        int file = -1;
        for (FileStory.Deed deed : story.deeds()) {
            if (deed.process() != process || deed.command().equals("die")) {
                continue;
            }
            try {
                if (deed.command().equals("make")) {
                    file = calls.nameless(FOLDER);
                    mine.add("ok");
                } else if (deed.command().equals("open")) {
                    file = calls.existing(NAME);
                    mine.add("ok");
                } else {
                    mine.add(use(player, calls, file, deed.command()));
                }
            } catch (RuntimeException refused) {
                mine.add(error(refused));
            }
        }
    }

    private static String use(Player player, FileCalls<Integer> calls, int file, String command) {
        switch (command) {
            case "reserve" -> calls.reserve(file, 0, SIZE);
            case "link" -> calls.linkTo(file, NAME);
            case "map" -> player.map(file);
            case "unmap" -> player.unmap(file);
            case "close" -> calls.close(file);
            case "unlink" -> calls.unlink(NAME);
            case "read" -> {
                return new String(calls.read(file, 0, LONGEST_TEXT), StandardCharsets.US_ASCII).replace("\0", "");
            }
            case "size" -> {
                long size = calls.status(file).size();
                return size == SIZE ? "whole" : size == 0 ? "empty" : "part";
            }
            default -> calls.write(file, 0, command.substring("write ".length()).getBytes(StandardCharsets.US_ASCII));
        }
        return "ok";
    }

    private static String error(RuntimeException refused) {
        Matcher named = ERROR.matcher(String.valueOf(refused.getMessage()));
        return named.find() ? named.group(1) : String.valueOf(refused);
    }
}
