package io.mortmain.bench.peer;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** A line in, a line out, until the harness is gone: it kills its peers, so that input ends with the harness only. */
public final class Conversation {
    /** Answers one command. */
    public interface Answers {
        /** The answer, one line. */
        String to(String[] command) throws Exception;
    }

    private Conversation() {}

    /** Afterwards nothing of the harness is left, whose region, file or folder this is. */
    public static void run(Path region, Answers answers) throws IOException {
        BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        System.out.println("ready " + Libc.threadId());
        for (String line = input.readLine(); line != null; line = input.readLine()) {
            System.out.println(answerOrError(answers, line.split(" ", -1)));
        }
        Belongings.removeOf(region);
    }

    private static String answerOrError(Answers answers, String[] command) {
        try {
            return answers.to(command);
        } catch (Exception failed) {
            return "error " + failed.toString().replaceAll("\\s*\\R\\s*", " ");
        }
    }
}
