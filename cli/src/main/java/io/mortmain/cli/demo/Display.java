package io.mortmain.cli.demo;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Where the demo is seen while it runs. */
public interface Display {
    /** Before the first scene. */
    void begin(String compiler);

    /** About ten times a second. */
    void show(Scene scene);

    /** A picture that is redrawn in place on a terminal, else a line a second. */
    static Display on(PrintWriter out, int workers) {
        return isTerminal(System.getenv()) && Picture.fits(TerminalSize.find(System.getenv()), workers)
                ? new Picture(out)
                : new PlainLines(out);
    }

    /** Shows nothing. */
    static Display none() {
        return new Display() {
            @Override
            public void begin(String compiler) {}

            @Override
            public void show(Scene scene) {}
        };
    }

    private static boolean isTerminal(Map<String, String> environment) {
        if (environment.containsKey("NO_COLOR") || "dumb".equals(environment.get("TERM"))) {
            return false;
        }
        try {
            String target = Files.readSymbolicLink(Path.of("/proc/self/fd/1")).toString();
            return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty") || target.equals("/dev/console");
        } catch (java.io.IOException unknown) {
            return false;
        }
    }
}
