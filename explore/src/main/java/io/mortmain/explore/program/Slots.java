package io.mortmain.explore.program;

import io.mortmain.internal.layout.ThreadSlotLayout;
import io.mortmain.internal.words.MappedWords;
import java.lang.foreign.Arena;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The private memory of simulated threads, which the protocol reads past the seam: a thread's number stands there. One for each number. */
final class Slots {
    private static final Map<Integer, Long> BY_NUMBER = new ConcurrentHashMap<>();

    private Slots() {}

    static long of(int threadId) {
        return BY_NUMBER.computeIfAbsent(threadId, number -> {
            long slot = Arena.global().allocate(ThreadSlotLayout.SIZE, 64).address();
            MappedWords.INSTANCE.putIntRelease(slot + ThreadSlotLayout.THREAD_ID, number);
            return slot;
        });
    }
}
