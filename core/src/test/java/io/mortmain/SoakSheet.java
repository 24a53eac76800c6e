package io.mortmain;

import java.util.Arrays;

/**
 * What the workers of {@link GuardedSoakTest} change: each word follows from the version, so that a record of two versions is found out.
 * A transaction changes all the words. soakworker.c has the same.
 */
record SoakSheet(long version, @Length(SoakSheet.WORDS) long[] words) {
    static final int WORDS = 2_000;
    private static final long STEP = 0x9e3779b97f4a7c15L;

    static SoakSheet of(long version) {
        long[] words = new long[WORDS];
        Arrays.setAll(words, index -> word(version, index));
        return new SoakSheet(version, words);
    }

    private static long word(long version, int index) {
        return (version + 1) * STEP + index;
    }

    boolean isWhole() {
        for (int index = 0; index < words.length; index++) {
            if (words[index] != word(version, index)) {
                return false;
            }
        }
        return true;
    }

    SoakSheet next() {
        return of(version + 1);
    }
}
