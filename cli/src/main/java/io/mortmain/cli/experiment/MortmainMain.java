package io.mortmain.cli.experiment;

import io.mortmain.errors.ForkHooksException;
import io.mortmain.errors.RegionException;
import java.nio.charset.StandardCharsets;

/** A JVM in which an experiment with Mortmain takes place; experiments.c is its fellow for plain C. */
final class MortmainMain {
    private static final int FAILED = 1;

    private MortmainMain() {}

    /** Takes the experiment's name, how the paths of its regions begin, the compiled C program, and the compiled library. */
    public static void main(String[] arguments) {
        Runtime.getRuntime().halt(run(arguments));
    }

    private static int run(String[] arguments) {
        try {
            MortmainActs.run(arguments[0], arguments[1], arguments[2], arguments[3]);
            return 0;
        } catch (Throwable failed) { // whatever it is, it is the answer
            boolean impossible = isImpossibleHere(failed);
            say(Laboratory.REASON, String.valueOf(impossible ? failed.getMessage() : failed));
            return impossible ? Laboratory.NOT_TRIED : FAILED;
        }
    }

    private static boolean isImpossibleHere(Throwable failed) {
        return failed instanceof ForkHooksException
                || (failed instanceof RegionException full && full.reason() == RegionException.Reason.NO_SPACE);
    }

    /** Prints one observation. */
    static void say(String observation, String value) {
        byte[] line = (observation + "=" + value.replace('\n', ' ') + "\n").getBytes(StandardCharsets.ISO_8859_1);
        System.out.write(line, 0, line.length);
        System.out.flush();
    }
}
