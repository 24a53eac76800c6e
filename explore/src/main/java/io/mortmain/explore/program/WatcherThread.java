package io.mortmain.explore.program;

import io.mortmain.explore.machine.MemoryMap;
import io.mortmain.explore.machine.Player;
import io.mortmain.explore.machine.Script;
import io.mortmain.explore.machine.SeamOf;
import io.mortmain.internal.owner.Takeover;
import io.mortmain.internal.owner.Witness;
import io.mortmain.internal.words.Kernel;
import io.mortmain.internal.words.Words;
import java.util.function.Supplier;

/**
 * The daemon of a process that watches holders for a waiter of the same process, as {@code OwnerWatch} does, with the library's
 * {@link Takeover}. The two meet in a word of their own, which has the number of the watched thread and which mutex it is about.
 *
 * <p>A look at a list is one step here. The library's is many, and is believed only when its thread did not run meanwhile, or for many
 * looks at random moments ({@code AbsenceProof}): what that leaves possible is a number in its comment, and not explored.
 */
record WatcherThread(Supplier<? extends Mutant> mutant) implements Script {
    /** Above a thread's number, in the word: which mutex. */
    private static final int MUTEX_SHIFT = 24;

    private static final long SLICE_NANOS = 50_000_000;

    @Override
    public void run(Player player) {
        SeamOf seam = new SeamOf(player);
        long head = MemoryMap.head(player.thread());
        Mutant planted = mutant.get();
        Words words = planted.words(seam.words(), head);
        Kernel kernel = planted.kernel(seam.kernel(), head);
        Witness witness = planted.witness(seam.witness());
        Takeover takeover = new Takeover(words, kernel, planted.turn(seam.turn()));
        long desk = MemoryMap.ownWord(player.process());
        for (; ; ) {
            player.landmark(1);
            int asked = words.getIntVolatile(desk);
            int threadId = asked & ((1 << MUTEX_SHIFT) - 1);
            long mutex = MemoryMap.mutex(asked >>> MUTEX_SHIFT);
            if (threadId == 0) {
                kernel.await(desk, 0, Long.MAX_VALUE, 0);
            } else if (isProven(witness, seam, mutex, threadId)) {
                boolean unusedAnswer = takeover.mark(mutex, threadId, () -> isProven(witness, seam, mutex, threadId));
                kernel.await(desk, asked, takeover.isHolder(mutex, threadId) ? SLICE_NANOS : Long.MAX_VALUE, 0);
            } else {
                kernel.await(desk, asked, SLICE_NANOS, 0);
            }
        }
    }

    private static boolean isProven(Witness witness, SeamOf seam, long mutex, int threadId) {
        return witness.isGone(threadId) || !seam.isHeldBy(mutex, threadId);
    }

    /** What a waiter asks of the daemon of its process. */
    static Witness witness(Witness without, Player player) {
        return new Asking(without, new SeamOf(player), MemoryMap.ownWord(player.process()));
    }

    private static final class Asking extends Witness {
        private final Witness without;
        private final Words words;
        private final Kernel kernel;
        private final long desk;

        Asking(Witness without, SeamOf seam, long desk) {
            this.without = without;
            this.words = seam.words();
            this.kernel = seam.kernel();
            this.desk = desk;
        }

        @Override
        public Watch watch(long mutex, int threadId) {
            words.putIntRelease(desk, MemoryMap.mutexAt(mutex) << MUTEX_SHIFT | threadId);
            kernel.wake(desk, 1);
            return new Watch() {
                @Override
                public void end() {
                    words.putIntRelease(desk, 0);
                    kernel.wake(desk, 1);
                }
            };
        }

        @Override
        public boolean isGone(int threadId) {
            return without.isGone(threadId);
        }

        @Override
        public boolean holds(long mutex) {
            return without.holds(mutex);
        }
    }
}
