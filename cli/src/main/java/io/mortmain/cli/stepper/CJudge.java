package io.mortmain.cli.stepper;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** The next acquirer in C: a process that takes the mutex of each region that it is given, by pthread_mutex_timedlock. */
final class CJudge {
    private final BufferedReader answers;
    private final Writer orders;

    CJudge(Process process) {
        this.answers = process.inputReader(StandardCharsets.UTF_8);
        this.orders = process.outputWriter(StandardCharsets.UTF_8);
    }

    Finding judge(Path region) throws IOException {
        orders.write(region + "\n");
        orders.flush();
        String answer = answers.readLine();
        if (answer == null) {
            throw new IOException("the acquirer in C ended");
        }
        String[] parts = answer.split(" ", 3);
        return switch (parts[0]) {
            case "free" -> Finding.of(false, isEqual(parts));
            case "told" -> Finding.of(true, isEqual(parts));
            case "hangs" -> new Finding(Finding.Kind.HANGS, "");
            default -> new Finding(Finding.Kind.REFUSED, answer);
        };
    }

    private static boolean isEqual(String[] parts) {
        return parts[1].equals(parts[2]);
    }
}
