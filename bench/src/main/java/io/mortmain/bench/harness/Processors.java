package io.mortmain.bench.harness;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The processors that this process may use. */
final class Processors {
    private static final String FIELD = "Cpus_allowed_list:";

    private Processors() {}

    /** Their numbers, ascending. */
    static List<Integer> allowed() {
        try (var lines = Files.lines(Path.of("/proc/self/status"))) {
            String list =
                    lines.filter(line -> line.startsWith(FIELD)).findFirst().orElseThrow();
            return parse(list.substring(FIELD.length()).strip());
        } catch (IOException failed) {
            throw new BenchException("/proc/self/status cannot be read", failed);
        }
    }

    /** As in {@code 0-2,5}. */
    static List<Integer> parse(String list) {
        List<Integer> processors = new ArrayList<>();
        for (String range : list.split(",", -1)) {
            String[] ends = range.split("-", -1);
            for (int i = Integer.parseInt(ends[0]); i <= Integer.parseInt(ends[ends.length - 1]); i++) {
                processors.add(i);
            }
        }
        return processors;
    }
}
