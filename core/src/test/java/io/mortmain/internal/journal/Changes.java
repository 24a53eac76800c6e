package io.mortmain.internal.journal;

import io.mortmain.internal.journal.Change.Addition;
import io.mortmain.internal.journal.Change.Style;
import java.util.ArrayList;
import java.util.List;

/** The family of holds in which holders are killed: each is a list of transactions. */
final class Changes {
    private static final int SMALL = 4;

    private Changes() {}

    static List<List<Change>> all() {
        List<List<Change>> all = new ArrayList<>();
        for (Style style : Style.values()) {
            all.addAll(oneOfFewWords(style));
            all.addAll(twoInOneHold(style));
            all.add(List.of(wholeRecord(style)));
        }
        all.addAll(repeatedWords(Style.BIT_BY_BIT));
        all.addAll(repeatedWords(Style.SPARSE));
        all.add(List.of(wholeRecord(Style.REPLACED), few(Style.BIT_BY_BIT, 9, 1), few(Style.SPARSE, 6, 2)));
        return all;
    }

    /** One to four words, each changed or stored as it was, in every combination. */
    private static List<List<Change>> oneOfFewWords(Style style) {
        List<List<Change>> all = new ArrayList<>();
        int combinations = (int) Math.pow(3, SMALL);
        for (int combination = 1; combination < combinations; combination++) {
            List<Addition> additions = new ArrayList<>();
            for (int word = 0, rest = combination; word < SMALL; word++, rest /= 3) {
                if (rest % 3 != 0) {
                    additions.add(new Addition(word, rest % 3 == 1 ? 0 : 10 + word));
                }
            }
            all.add(List.of(new Change(style, additions)));
        }
        return all;
    }

    /** Two transactions of some of three words each. */
    private static List<List<Change>> twoInOneHold(Style style) {
        List<List<Change>> all = new ArrayList<>();
        for (int first = 1; first < 8; first++) {
            for (int second = 1; second < 8; second++) {
                all.add(List.of(few(style, first, 0), few(style, second, 1)));
            }
        }
        return all;
    }

    private static Change few(Style style, int words, int number) {
        List<Addition> additions = new ArrayList<>();
        for (int word = 0; word < SMALL; word++) {
            if ((words >>> word & 1) != 0) {
                additions.add(new Addition(word, (number + 1) * 1_000 + word));
            }
        }
        return new Change(style, additions);
    }

    /** Sequences of two to four stores to two words, and there and back again. */
    private static List<List<Change>> repeatedWords(Style style) {
        List<List<Change>> all = new ArrayList<>();
        for (int length = 2; length <= SMALL; length++) {
            for (int sequence = 0; sequence < 1 << length; sequence++) {
                List<Addition> additions = new ArrayList<>();
                for (int i = 0; i < length; i++) {
                    additions.add(new Addition(sequence >>> i & 1, 100 + i));
                }
                all.add(List.of(new Change(style, additions)));
            }
        }
        all.add(List.of(new Change(style, List.of(new Addition(0, 5), new Addition(1, 7), new Addition(0, -5)))));
        return all;
    }

    private static Change wholeRecord(Style style) {
        List<Addition> additions = new ArrayList<>();
        for (int word = 0; word < Block.WORDS; word++) {
            additions.add(new Addition(word, 20_000 + word));
        }
        return new Change(style, additions);
    }
}
