package io.mortmain.cli.torture;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * The Java hand: does on order, through the library, what {@code hand.c} does through glibc. An order is a line on standard input, "THREAD
 * VERB ARGUMENTS"; each thread is started at its first order. The process ends when standard input does.
 */
final class HandMain {
    private static final int ORPHANED = 4;
    private static final Object OUT = new Object();

    private HandMain() {}

    public static void main(String[] arguments) throws IOException {
        say("m", "ready");
        Map<String, HandThread> threads = new HashMap<>();
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            String[] parts = line.split(" ", 2);
            if (parts.length == 2) {
                threads.computeIfAbsent(parts[0], HandThread::start).order(parts[1]);
            }
        }
        Runtime.getRuntime().halt(ORPHANED);
    }

    static void say(String thread, String answer) {
        synchronized (OUT) {
            System.out.println(thread + " " + answer.replace('\n', ' '));
            System.out.flush();
        }
    }
}
