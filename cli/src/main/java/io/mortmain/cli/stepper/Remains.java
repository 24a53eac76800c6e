package io.mortmain.cli.stepper;

import io.mortmain.MutexSnapshot;
import io.mortmain.Region;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What a death left, looked at before anybody takes the mutex.
 *
 * @param first of the two words
 * @param second of the two words
 * @param word of the mutex, after the kernel; empty if the mutex is gone
 * @param mutex as the library reads it without taking part
 */
record Remains(long first, long second, OptionalInt word, String mutex) {
    static Remains of(Victim victim) {
        SectionWords words = victim.words();
        Optional<MutexSnapshot> mutex = Region.inspect(victim.file().toString()).objects().stream()
                .flatMap(object -> object.mutex().stream())
                .findFirst();
        return new Remains(
                words.get(SectionWords.FIRST),
                words.get(SectionWords.SECOND),
                mutex.map(left -> OptionalInt.of(left.word())).orElseGet(OptionalInt::empty),
                mutex.map(Remains::text).orElse("is gone"));
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

    /** Whether that is what the next acquirer must find: the death where the mutex was held, and nothing of it where it was free. */
    boolean calls(Finding finding) {
        return word.isPresent() && finding.kind() == due(word.getAsInt());
    }

    private static Finding.Kind due(int word) {
        return word == 0 ? Finding.Kind.FREE : Finding.Kind.TOLD;
    }

    private String dueText() {
        return word.isPresent()
                ? ", so the next is to find: " + due(word.getAsInt()).text()
                : "";
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "the words are %d and %d, the mutex %s%s", first, second, mutex, dueText());
    }
}
