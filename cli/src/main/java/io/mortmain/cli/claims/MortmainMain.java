package io.mortmain.cli.claims;

import java.nio.charset.StandardCharsets;

/** A JVM in which an experiment with Mortmain takes place; claims.c is its fellow for plain C. */
final class MortmainMain {
    private MortmainMain() {}

    /** Takes the experiment's name, how the paths of its regions begin, and the compiled C program. */
    public static void main(String[] arguments) throws Throwable {
        MortmainActs.run(arguments[0], arguments[1], arguments[2]);
        Runtime.getRuntime().halt(0);
    }

    /** Prints one observation. */
    static void say(String observation, String value) {
        byte[] line = (observation + "=" + value.replace('\n', ' ') + "\n").getBytes(StandardCharsets.ISO_8859_1);
        System.out.write(line, 0, line.length);
        System.out.flush();
    }
}
