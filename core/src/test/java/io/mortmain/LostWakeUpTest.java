package io.mortmain;

import static io.mortmain.testing.MutexPeer.MUTEX;
import static org.assertj.core.api.Assertions.assertThat;

import io.mortmain.internal.layout.GlibcMutexLayout;
import io.mortmain.internal.words.MappedWords;
import io.mortmain.testing.MutexPeer;
import io.mortmain.testing.MutexPeer.Language;
import io.mortmain.testing.Seed;
import io.mortmain.testing.TestRegion;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/**
 * Row B2, and the same without a death: a waiter has used up the only wake-up, a third party has the mutex again and knows of no sleeper,
 * and the waiter goes. In real processes: a C program releases, takes the mutex at once, and signals the process that it woke, which
 * has had no time to come back from the kernel.
 *
 * <p>A round hits when the word says, with the waiter out of the way, that nobody sleeps. In a round that misses, the sleepers must get
 * the mutex too.
 */
class LostWakeUpTest {
    private static final MutexKind KIND = MutexKind.ERROR_CHECKING;
    private static final int HITS = 20;
    private static final int ROUNDS = 200;
    private static final int SIGKILL = 9;
    private static final int SIGSTOP = 19;

    /** Shorter than the longest sleep of a Java waiter, so that it stays first in the kernel's queue until its time is over. */
    private static final int TIMED_MILLIS = 40;

    private static final String TIMED = "timed " + TIMED_MILLIS;

    private final Random random = new Random(Seed.of("lost wake-ups"));

    @AfterAll
    static void endSpares() {
        MutexPeer.endSpares();
    }

    private interface Round {
        boolean hits(TestRegion name, long word) throws InterruptedException;
    }

    private void play(String what, Round round) throws InterruptedException {
        int hits = 0;
        int rounds = 0;
        for (; hits < HITS && rounds < ROUNDS; rounds++) {
            try (TestRegion name = new TestRegion();
                    Region region = Region.create(name.name(), 0)) {
                RobustMutex mutex = region.mutex(MUTEX, KIND, null);
                hits += round.hits(name, mutex.pthreadMutex().address() + GlibcMutexLayout.LOCK) ? 1 : 0;
            }
        }
        System.out.println("LostWakeUpTest: " + what + ": " + hits + " of " + rounds + " rounds hit");
        assertThat(hits).as("rounds that hit").isPositive();
    }

    private static boolean saysThatNobodySleeps(long word) {
        return (MappedWords.INSTANCE.getIntVolatile(word) & GlibcMutexLayout.WAITERS) == 0;
    }

    /** The Java sleeper finds the free mutex by itself, and wakes the C sleeper, which would sleep for ever. */
    @Test
    void shouldNotSleepOnAFreeMutexWhenAWokenWaiterIsKilledAfterAThirdPartyTookIt() throws InterruptedException {
        play("killed", this::killTheWoken);
    }

    private boolean killTheWoken(TestRegion name, long word) throws InterruptedException {
        try (MutexPeer third = MutexPeer.start(Language.C).open(name, KIND);
                MutexPeer woken = MutexPeer.start(Language.C).open(name, KIND);
                MutexPeer sleeper = MutexPeer.start(Language.C).open(name, KIND);
                MutexPeer javaSleeper = MutexPeer.start(Language.JAVA).open(name, KIND)) {
            assertThat(third.ask("lock")).isEqualTo("0");
            woken.beginToWait();
            sleeper.beginTo("passes");
            javaSleeper.beginTo("passes");
            Thread.sleep(random.nextInt(TIMED_MILLIS)); // anywhere in the sleep of the Java waiter
            if (!third.ask("barge " + SIGKILL + " " + woken.process().pid()).equals("0")) {
                return false; // somebody else was faster, and may have died with it
            }
            woken.process().exitCode();
            boolean hit = saysThatNobodySleeps(word);
            assertThat(third.ask("unlock")).isEqualTo("0");
            assertThat(javaSleeper.answer("passes")).isEqualTo("0");
            assertThat(sleeper.answer("passes")).isEqualTo("0");
            javaSleeper.closeRegion();
            return hit;
        }
    }

    /** What the waiter that leaves writes into the word is all that the C sleeper can be woken by. */
    @Test
    void shouldPassTheWakeUpOnWhenTheTimeOfAWokenWaiterIsOverAfterAThirdPartyTookIt() throws InterruptedException {
        play("timed out", this::stopTheWokenUntilItsTimeIsOver);
    }

    private boolean stopTheWokenUntilItsTimeIsOver(TestRegion name, long word) throws InterruptedException {
        try (MutexPeer third = MutexPeer.start(Language.C).open(name, KIND);
                MutexPeer sleeper = MutexPeer.start(Language.C).open(name, KIND);
                MutexPeer woken = MutexPeer.start(Language.JAVA).open(name, KIND)) {
            assertThat(third.ask("lock")).isEqualTo("0");
            woken.beginTo(TIMED);
            sleeper.beginTo("passes");
            Thread.sleep(random.nextInt(TIMED_MILLIS / 4));
            boolean waits = woken.process().isSilent();
            boolean barged =
                    third.ask("barge " + SIGSTOP + " " + woken.process().pid()).equals("0");
            woken.process().stop();
            boolean hit = waits && barged && woken.process().isSilent() && saysThatNobodySleeps(word);
            Thread.sleep(TIMED_MILLIS);
            woken.process().signal("CONT");
            String left = woken.answer(TIMED);
            if (left.equals("0")) {
                assertThat(barged).isFalse();
                assertThat(woken.ask("unlock")).isEqualTo("0");
            }
            if (barged) {
                assertThat(third.ask("unlock")).isEqualTo("0");
            }
            assertThat(sleeper.answer("passes")).isEqualTo("0");
            woken.closeRegion();
            return hit;
        }
    }
}
