package io.mortmain.bench.peer;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/** A line in, a line out, until the harness closes the pipe or is gone. */
final class Conversation {
    /** Answers one command. */
    interface Answers {
        String to(String[] command) throws Exception;
    }

    private Conversation() {}

    static void run(Answers answers) throws IOException {
        BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        System.out.println("ready " + Libc.threadId());
        for (String line = input.readLine(); line != null; line = input.readLine()) {
            System.out.println(answerOrError(answers, line.split(" ", -1)));
        }
    }

    private static String answerOrError(Answers answers, String[] command) {
        try {
            return answers.to(command);
        } catch (Exception failed) {
            return "error " + failed.toString().replaceAll("\\s*\\R\\s*", " ");
        }
    }
}
