package io.mortmain;

import java.io.IOException;

/**
 * A JVM of {@code StackOverflowTest}: the first mutex of the process is asked for where the stack ends, and again at each call further
 * up, until that works, or the JVM has given up a class whose initialiser met the end of the stack.
 */
final class FirstUseAtStackEnd {
    private static final int STACK_BYTES = 512 << 10;

    private static String outcome = "";
    private static int overflows;

    private FirstUseAtStackEnd() {}

    public static void main(String[] arguments) throws InterruptedException, IOException {
        Region region = Region.open(arguments[0]);
        Thread thread = new Thread(null, () -> descend(region), "ends", STACK_BYTES);
        thread.start();
        thread.join();
        System.out.println("first use: " + outcome + ", overflows " + overflows);
        int end = System.in.read();
        Runtime.getRuntime().halt(end < 0 ? 0 : 1);
    }

    private static void descend(Region region) {
        try {
            descend(region);
        } catch (StackOverflowError end) {
            overflows++;
        }
        if (outcome.isEmpty()) {
            tryFirstUse(region);
        }
    }

    private static void tryFirstUse(Region region) {
        try (Hold hold = region.mutex("m").lock()) {
            outcome = hold.predecessorDied() ? "died" : "clean";
        } catch (StackOverflowError end) {
            overflows++;
        } catch (LinkageError given) {
            outcome = given.getClass().getSimpleName();
        }
    }
}
