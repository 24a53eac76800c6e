package io.mortmain.stress.memory;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.mortmain.internal.layout.GlibcMutexLayout;
import io.mortmain.internal.lock.RobustProtocol;
import java.lang.invoke.VarHandle;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * A release that has somebody to wake announces itself before its word is free, and the closer looks for announcements, at the words,
 * and for announcements again: who finds nothing may replace the pages, for nobody will wake there any more.
 */
public final class WokenInTime {
    private WokenInTime() {}

    /** Somebody waits for the mutex that the first thread holds. Results: woken after the pages were replaced; replaced. */
    abstract static class LetGo extends Scene {
        private volatile boolean isReplaced;
        private boolean isWokenLate;

        private final RobustProtocol protocol = protocol(WORDS, new DirectKernel() {
            @Override
            public void wake(long address, int count) {
                pause();
                isWokenLate = isReplaced;
            }
        });

        LetGo() {
            boolean isHeld = protocol.lockUncontended(first, mutex, KIND, gate);
            int unusedWord = WORDS.getAndSetInt(mutex + GlibcMutexLayout.LOCK, GlibcMutexLayout.WAITERS | FIRST_NUMBER);
            if (!isHeld) {
                throw new IllegalStateException("a new mutex is not free");
            }
        }

        final boolean isWokenLate() {
            if (!protocol.unlockUncontended(first, mutex, gate)) {
                throw new IllegalStateException("the holder cannot release");
            }
            return isWokenLate;
        }

        final boolean isInside() {
            return first.mutexInside(gate) != 0;
        }

        final boolean isHeld() {
            VarHandle.fullFence(); // as HeldSlots
            return WORDS.getIntPlain(mutex + GlibcMutexLayout.LOCK) != 0;
        }

        final boolean replace() {
            isReplaced = true;
            return true;
        }
    }

    /** The shipped release, and the closer's looks as Mapping.useWithin has them. */
    @JCStressTest
    @State
    @Outcome(
            id = {"0, 0", "0, 1"},
            expect = ACCEPTABLE,
            desc = "woken before, or the closer gave up")
    @Outcome(expect = FORBIDDEN, desc = "woken at an address that is another's")
    public static class Shipped extends LetGo {
        /** Releases and wakes. */
        @Actor
        public void releases(II_Result r) {
            r.r1 = bit(isWokenLate());
        }

        /** Closes. */
        @Actor
        public void closes(II_Result r) {
            gate.beginClosing();
            r.r2 = bit(!isInside() && !isHeld() && !isInside() && replace());
        }
    }

    /** The closer does not look for announcements after it has looked at the word. */
    @JCStressTest
    @State
    @Outcome(
            id = {"0, 0", "0, 1"},
            expect = ACCEPTABLE,
            desc = "woken before, or the closer gave up")
    @Outcome(expect = ACCEPTABLE_INTERESTING, desc = "woken at an address that is another's")
    public static class PlantedTwoLooks extends LetGo {
        /** Releases and wakes. */
        @Actor
        public void releases(II_Result r) {
            r.r1 = bit(isWokenLate());
        }

        /** Closes. */
        @Actor
        public void closes(II_Result r) {
            gate.beginClosing();
            r.r2 = bit(!isInside() && !isHeld() && replace());
        }
    }
}
