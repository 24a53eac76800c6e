package io.mortmain.cli.experiment;

import io.mortmain.process.Spawn;
import java.util.ArrayList;
import java.util.List;

/** What a program has of the region of the process that started it: as it says itself, by its exit code (inherited.h). */
final class Inherited {
    private static final int MAPPED = 1;
    private static final int OPEN = 2;
    private static final int OTHERS_OPEN = 4;
    private static final int ALL = MAPPED | OPEN | OTHERS_OPEN;

    private Inherited() {}

    static String of(Spawn spawn) throws InterruptedException {
        return of(spawn.start().await().shellCode());
    }

    static String of(int code) {
        if ((code & ~ALL) != 0) {
            return "nobody knows what, code " + code;
        }
        List<String> all = new ArrayList<>();
        if ((code & MAPPED) != 0) {
            all.add("the region mapped");
        }
        if ((code & OPEN) != 0) {
            all.add("the region open");
        }
        if ((code & OTHERS_OPEN) != 0) {
            all.add("other files open");
        }
        return all.isEmpty() ? "the streams only" : String.join(", ", all);
    }

    /** Of the region alone: what else is open is none of the library's. */
    static String ofRegion(int code) {
        int ofRegion = code & ~OTHERS_OPEN;
        return ofRegion == 0 ? "nothing of the region" : of(ofRegion);
    }
}
