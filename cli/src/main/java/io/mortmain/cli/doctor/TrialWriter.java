package io.mortmain.cli.doctor;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.mortmain.Guarded;
import io.mortmain.Region;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The process that changes guarded words when it is told to, all of them in each transaction, until it is killed. Started by the doctor only; ends, at the
 * latest, when its standard input does.
 */
final class TrialWriter {
    static final String WRITE = "write";
    static final String WRITING = "mortmain-doctor: writing";
    static final String WORDS = "words";
    /** So many that more time goes into writing them than around. */
    static final int COUNT = 1 << 14;

    static final MemoryLayout LAYOUT = MemoryLayout.structLayout(
            MemoryLayout.sequenceLayout(COUNT, JAVA_LONG).withName(WORDS));

    private TrialWriter() {}

    /** Arguments: region, object. */
    public static void main(String[] arguments) throws IOException {
        Guarded<MemorySegment> words = Region.open(arguments[0]).guarded(arguments[1], LAYOUT);
        words.update(TrialWriter::increment); // what it needs is loaded
        BufferedReader orders = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        if (WRITE.equals(orders.readLine())) {
            write(words);
            orders.read();
        }
        Runtime.getRuntime().halt(0);
    }

    private static void write(Guarded<MemorySegment> words) {
        Thread.ofPlatform().daemon().start(() -> {
            for (; ; ) {
                words.update(TrialWriter::increment);
            }
        });
        System.out.println(WRITING);
        System.out.flush();
    }

    private static MemorySegment increment(MemorySegment words) {
        for (int i = 0; i < COUNT; i++) {
            words.setAtIndex(JAVA_LONG, i, words.getAtIndex(JAVA_LONG, i) + 1);
        }
        return words;
    }

    /** The number that all words are, or null where they are not one. */
    static @Nullable Long common(MemorySegment words) {
        long first = words.getAtIndex(JAVA_LONG, 0);
        for (int i = 1; i < COUNT; i++) {
            if (words.getAtIndex(JAVA_LONG, i) != first) {
                return null;
            }
        }
        return first;
    }
}
