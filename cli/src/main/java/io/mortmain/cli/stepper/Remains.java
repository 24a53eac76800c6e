package io.mortmain.cli.stepper;

import io.mortmain.MutexSnapshot;
import io.mortmain.Region;
import java.util.Locale;

/**
 * What a death left, looked at before anybody takes the mutex.
 *
 * @param first of the two words
 * @param second of the two words
 * @param mutex as the library reads it without taking part
 */
record Remains(long first, long second, String mutex) {
    static Remains of(Victim victim) {
        SectionWords words = victim.words();
        String mutex = Region.inspect(victim.file().toString()).objects().stream()
                .flatMap(object -> object.mutex().stream())
                .map(Remains::text)
                .findFirst()
                .orElse("is gone");
        return new Remains(words.get(SectionWords.FIRST), words.get(SectionWords.SECOND), mutex);
    }

    private static String text(MutexSnapshot mutex) {
        return String.format(
                Locale.ROOT,
                "has word 0x%08x, owner %d, users %d, count %d, links 0x%x and 0x%x",
                mutex.word(),
                mutex.owner(),
                mutex.users(),
                mutex.count(),
                mutex.previous(),
                mutex.next());
    }

    boolean isTorn() {
        return first != second;
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "the words are %d and %d, the mutex %s", first, second, mutex);
    }
}
