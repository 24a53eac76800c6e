package io.mortmain.bench.harness;

import io.mortmain.bench.peer.Libc;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;

/** Where and when something was measured. */
final class Machine {
    private Machine() {}

    static Map<String, Object> describe() {
        Map<String, Object> machine = new LinkedHashMap<>();
        machine.put("date", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
        machine.put("processor", firstLine(Path.of("/proc/cpuinfo"), "model name"));
        machine.put("processors", Runtime.getRuntime().availableProcessors());
        machine.put("architecture", System.getProperty("os.arch"));
        machine.put("kernel", System.getProperty("os.version"));
        machine.put("jdk", System.getProperty("java.vm.name") + " " + Runtime.version());
        machine.put("glibc", Libc.version());
        machine.put("load", firstLine(Path.of("/proc/loadavg"), ""));
        return machine;
    }

    static String oneLine(Map<String, Object> machine) {
        return machine.get("processor") + ", " + machine.get("processors") + " processors, Linux "
                + machine.get("kernel") + ", " + machine.get("jdk") + ", glibc " + machine.get("glibc") + ", load "
                + machine.get("load");
    }

    /** What follows the colon of the first line that begins so. */
    private static String firstLine(Path file, String start) {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.filter(line -> line.startsWith(start))
                    .findFirst()
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .orElse("unknown");
        } catch (IOException absent) {
            return "unknown";
        }
    }
}
