package io.mortmain.internal.owner;

import static org.assertj.core.api.Assertions.assertThat;

import io.mortmain.internal.owner.RobustListLook.Verdict;
import io.mortmain.testing.Seed;
import java.util.Random;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What condemns a living thread, over chosen answers and over a model of a thread that locks and unlocks all the time; rows A18 and A21.
 * Beside it {@code LiveHolderTest} and {@code ReusedThreadIdTest} look at real threads.
 */
class AbsenceProofTest {
    private static final int BUSY = -1;

    /** Answers as they are told to. */
    private static final class Told extends HolderView {
        private final IntFunction<Verdict> verdicts;
        private int looks;
        private int wordAsked;
        /** When it is not in the word, counted in questions. */
        private int outOfWord = -1;

        private long[] switches = {BUSY};
        private int switchesAsked;
        private boolean[] offProcessor = {true};
        private int offProcessorAsked;
        private boolean sleepsBeforeIt;

        Told(IntFunction<Verdict> verdicts) {
            this.verdicts = verdicts;
        }

        @Override
        Verdict lookAtList() {
            return verdicts.apply(looks++);
        }

        @Override
        boolean isInWord() {
            return wordAsked++ != outOfWord;
        }

        @Override
        long switchesWhileAsleep() {
            return switches[switchesAsked++ % switches.length];
        }

        @Override
        boolean wasOffProcessor() {
            return offProcessor[offProcessorAsked++ % offProcessor.length];
        }

        @Override
        boolean sleepsBeforePendingMutex() {
            return sleepsBeforeIt;
        }

        @Override
        void pause(long nanos) {
            assertThat(nanos).isPositive();
        }
    }

    private static IntFunction<Verdict> absentUntil(int look, Verdict then) {
        return number -> number < look ? Verdict.ABSENT : then;
    }

    @Test
    void shouldCondemnABusyThreadThatIsNeverSeenWithTheMutex() {
        assertThat(new AbsenceProof(new Told(_ -> Verdict.ABSENT)).isGiven()).isTrue();
    }

    @Test
    void shouldCondemnABusyThreadWhoseListMovesNowAndThen() {
        assertThat(new AbsenceProof(new Told(look -> look % 2 == 0 ? Verdict.MOVING : Verdict.ABSENT)).isGiven())
                .isTrue();
    }

    @Test
    void shouldAcquitABusyThreadThatIsSeenWithTheMutexOnce() {
        for (Verdict settles : new Verdict[] {Verdict.HOLDS, Verdict.UNKNOWN}) {
            for (int look = 0; look < 24; look++) { // as many as a proof needs
                AbsenceProof proof = new AbsenceProof(new Told(absentUntil(look, settles)));
                assertThat(proof.isGiven()).as("%s at look %d", settles, look).isFalse();
                assertThat(proof.isSettled()).isTrue();
            }
        }
    }

    @Test
    void shouldLookAgainAtABusyThreadWhoseNumberLeftTheWordOnce() {
        for (int question = 0; question < 2 * 24; question++) { // after each look, and after the distance to the next
            Told view = new Told(_ -> Verdict.ABSENT);
            view.outOfWord = question;
            AbsenceProof proof = new AbsenceProof(view);
            assertThat(proof.isGiven()).as("out at question %d", question).isFalse();
            assertThat(proof.isSettled()).isFalse();
        }
    }

    @Test
    void shouldLookAgainAtABusyThreadWhoseListAlwaysMoves() {
        AbsenceProof proof = new AbsenceProof(new Told(_ -> Verdict.MOVING));
        assertThat(proof.isGiven()).isFalse();
        assertThat(proof.isSettled()).isFalse();
    }

    /** One look is enough then; the later ones would acquit. */
    @Test
    void shouldCondemnASleepingThreadByOneLook() {
        assertThat(new AbsenceProof(sleeping(0)).isGiven()).isTrue();
        assertThat(new AbsenceProof(sleeping(7)).isGiven()).isTrue();
    }

    private static Told sleeping(long... switches) {
        return sleeping(Verdict.ABSENT, switches);
    }

    private static Told sleeping(Verdict first, long... switches) {
        Told view = new Told(look -> look == 0 ? first : Verdict.HOLDS);
        view.sleepsBeforeIt = first == Verdict.PENDING;
        view.switches = switches;
        return view;
    }

    @ParameterizedTest
    @EnumSource(names = {"ABSENT", "PENDING"})
    void shouldNotTakeForAsleepAThreadThatRanMeanwhile(Verdict first) {
        assertThat(new AbsenceProof(sleeping(first, 7, 8)).isGiven()).isFalse();
        assertThat(new AbsenceProof(sleeping(first, 7, BUSY)).isGiven()).isFalse();
    }

    /** It is shown asleep from just before it sleeps, and may not sleep after all. */
    @ParameterizedTest
    @EnumSource(names = {"ABSENT", "PENDING"})
    void shouldNotTakeForAsleepAThreadThatIsOnlyShownSo(Verdict first) {
        for (boolean[] shown : new boolean[][] {{false, true}, {true, false}}) {
            Told view = sleeping(first, 7);
            view.offProcessor = shown;
            assertThat(new AbsenceProof(view).isGiven()).isFalse();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"ABSENT", "PENDING"})
    void shouldNotCondemnASleepingThreadWhoseNumberIsNotInTheWord(Verdict first) {
        Told view = sleeping(first, 7);
        view.outOfWord = 0;
        assertThat(new AbsenceProof(view).isGiven()).isFalse();
    }

    /** It got the number of a dead holder, and waits for the same mutex. */
    @Test
    void shouldCondemnAThreadThatSleepsBeforeTheMutex() {
        assertThat(new AbsenceProof(sleeping(Verdict.PENDING, 7)).isGiven()).isTrue();
    }

    /** It may have taken the mutex, and been stopped before its list had it. */
    @Test
    void shouldLookAgainAtAThreadThatSleepsElsewhereWhileItsPendingWordLeadsToTheMutex() {
        Told view = new Told(_ -> Verdict.PENDING);
        view.switches = new long[] {7};
        AbsenceProof proof = new AbsenceProof(view);
        assertThat(proof.isGiven()).isFalse();
        assertThat(proof.isSettled()).isFalse();
        view.sleepsBeforeIt = true;
        assertThat(proof.isGiven()).isTrue();
    }

    /** A normal mutex that its holder locks again, and lists that say nothing. */
    @ParameterizedTest
    @EnumSource(names = {"HOLDS", "UNKNOWN", "MOVING"})
    void shouldNotCondemnAThreadThatSleepsBeforeTheMutexByAnyOtherLook(Verdict verdict) {
        Told view = new Told(_ -> verdict);
        view.switches = new long[] {7};
        view.sleepsBeforeIt = true;
        assertThat(new AbsenceProof(view).isGiven()).isFalse();
    }

    @Test
    void shouldNotCondemnABusyThreadWhosePendingWordLeadsToTheMutex() {
        Told view = new Told(_ -> Verdict.PENDING);
        view.sleepsBeforeIt = true;
        AbsenceProof proof = new AbsenceProof(view);
        assertThat(proof.isGiven()).isFalse();
        assertThat(proof.isSettled()).isFalse();
    }

    /** One that tries for the mutex all the time. */
    @Test
    void shouldNotCountLooksWhileThePendingWordLeadsToTheMutex() {
        Told view = new Told(look -> look % 2 == 0 ? Verdict.PENDING : Verdict.ABSENT);
        assertThat(new AbsenceProof(view).isGiven()).isTrue();
        assertThat(view.looks).isEqualTo(2 * 24);
    }

    /**
     * A thread that holds the mutex again and again, in a rhythm of its own: free, taken but not yet on the list, held, and on the way
     * out. Each read sees the moment in which it is made.
     */
    private static final class Rhythm extends HolderView {
        private static final double READ_NANOS = 900;

        private final double period;
        private final double free;
        private final double pending;
        private double now;
        private int absences;

        Rhythm(Random random) {
            period = Math.pow(10, 2.3 + 3.7 * random.nextDouble()); // from 200 ns to 1 ms
            free = random.nextDouble();
            pending = (1 - free) * random.nextDouble() / 2;
            now = period * random.nextDouble();
        }

        private double phase() {
            now += READ_NANOS;
            return now / period % 1;
        }

        private boolean isListEmpty() {
            return phase() < free + pending;
        }

        private boolean isNothingPending() {
            double phase = phase();
            return phase < free || phase > free + pending;
        }

        /** As {@link RobustListLook}: the first entry, the pending one, and both again. */
        @Override
        Verdict lookAtList() {
            boolean empty = isListEmpty();
            boolean nothingPending = isNothingPending();
            boolean same = isListEmpty() == empty && isNothingPending() == nothingPending;
            if (!empty) {
                return Verdict.HOLDS;
            }
            if (!same) {
                return Verdict.MOVING;
            }
            absences += nothingPending ? 1 : 0;
            return nothingPending ? Verdict.ABSENT : Verdict.PENDING;
        }

        @Override
        boolean isInWord() {
            return phase() > free;
        }

        @Override
        long switchesWhileAsleep() {
            return BUSY;
        }

        @Override
        boolean wasOffProcessor() {
            return false;
        }

        @Override
        boolean sleepsBeforePendingMutex() {
            return false;
        }

        @Override
        void pause(long nanos) {
            now += nanos;
        }
    }

    @Test
    void shouldNeverCondemnAThreadThatLocksAndUnlocksAllTheTime() {
        long seed = Seed.of("rhythms");
        Random random = new Random(seed);
        int fooledLooks = 0;
        for (int i = 0; i < 1_000_000; i++) {
            Rhythm view = new Rhythm(random);
            assertThat(new AbsenceProof(view).isGiven())
                    .as("a thread without it for %f of %f ns is condemned, seed %d", view.free, view.period, seed)
                    .isFalse();
            fooledLooks += view.absences;
        }
        assertThat(fooledLooks).as("looks that saw it without the mutex").isGreaterThan(100_000);
    }
}
