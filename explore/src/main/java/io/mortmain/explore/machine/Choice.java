package io.mortmain.explore.machine;

import java.util.Locale;

/**
 * What the adversary does next, as one number, so that a trace of millions is an array. In text: {@code 0} is the next step of thread 0,
 * {@code 0.1} the same where its wake-up may come to several, or find one out of time or interrupted, or where it goes on in one of several ways, {@code k0} its death, {@code s0} its
 * death unseen by the kernel, {@code t0} the end of its sleep, {@code z0} of everybody's, {@code i0} an interrupt, {@code b0} the beginning
 * of a thread with a dead one's number, {@code r0} a reboot.
 */
@SuppressWarnings("EnumOrdinal") // the text has letters
public final class Choice {
    enum Kind {
        STEP(""),
        KILL("k"),
        KILL_UNSEEN("s"),
        TIME_OUT("t"),
        /** The end of everybody's sleep that has one, when nobody can do anything. */
        SLICE("z"),
        INTERRUPT("i"),
        BEGIN("b"),
        REBOOT("r");

        private final String letter;

        Kind(String letter) {
            this.letter = letter;
        }
    }

    private static final Kind[] KINDS = Kind.values();

    private Choice() {}

    static int of(Kind kind, int thread) {
        return of(kind, thread, 0);
    }

    static int of(Kind kind, int thread, int option) {
        return kind.ordinal() | (thread << 4) | (option << 8);
    }

    static Kind kind(int choice) {
        return KINDS[choice & 0xf];
    }

    static int thread(int choice) {
        return (choice >>> 4) & 0xf;
    }

    static int option(int choice) {
        return choice >>> 8;
    }

    /** Whether it is a death. */
    public static boolean isKill(int choice) {
        return kind(choice) == Kind.KILL || kind(choice) == Kind.KILL_UNSEEN;
    }

    /** As text, see above. */
    public static String text(int choice) {
        String text = kind(choice).letter + thread(choice);
        return option(choice) == 0 ? text : text + "." + option(choice);
    }

    /** From text; throws {@link IllegalArgumentException} for what is none. */
    public static int parse(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        for (Kind kind : KINDS) {
            if (lower.matches(kind.letter + "[0-9](\\.[0-9])?")) {
                int at = kind.letter.length();
                return of(kind, lower.charAt(at) - '0', lower.length() > at + 1 ? lower.charAt(at + 2) - '0' : 0);
            }
        }
        throw new IllegalArgumentException("a step is written 0, 0.1, k0, s0, t0, z0, i0, b0 or r0, and not " + text);
    }
}
