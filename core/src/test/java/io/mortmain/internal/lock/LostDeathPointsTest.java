package io.mortmain.internal.lock;

import io.mortmain.internal.lock.LostDeathScene.Defect;
import io.mortmain.internal.lock.LostDeathScene.Guest;
import io.mortmain.internal.lock.Stage.Meeting;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * B3 and B4 for deaths that the kernel did not report: those who take over are interleaved at every two of their steps, and killed at
 * every step, over the simulated memory.
 */
class LostDeathPointsTest {
    private static final int ACTORS = 5;

    /** Those that are wrong without a planted defect that needs this one to show. */
    private static final Map<String, Integer> WRONG_OUT_OF_TURN = new ConcurrentHashMap<>();

    /** Runs that are found to be wrong, of how many, the first of them kept. */
    private static final class Runs {
        private final Guest guest;
        private final Defect defect;
        private final boolean late;
        /** How many wrong ones are of interest: there are no runs after one more. */
        private final int tolerated;

        private int runs;
        private int wrong;
        private AssertionError first;

        Runs(Guest guest, boolean late, Defect defect) {
            this(guest, late, defect, Integer.MAX_VALUE);
        }

        Runs(Guest guest, boolean late, Defect defect, int tolerated) {
            this.guest = guest;
            this.late = late;
            this.defect = defect;
            this.tolerated = tolerated;
        }

        LostDeathScene play(Meeting plan, int victim, int killAt) {
            LostDeathScene scene = new LostDeathScene(guest, late, defect, plan, victim, killAt);
            runs++;
            try {
                scene.play();
            } catch (AssertionError broken) {
                wrong++;
                if (first == null) {
                    first = new AssertionError(
                            guest + (late ? " late, " : ", ") + plan + ", actor " + victim + " killed at " + killAt
                                    + ": " + broken.getMessage(),
                            broken);
                }
            }
            return scene;
        }

        /** Every two meet, the one before each of its steps, and the other makes each number of steps then. */
        Runs interleave() {
            for (int one = 0; one < ACTORS; one++) {
                for (int other = 0; other < ACTORS; other++) {
                    for (int here = 0, last = 0; one != other && here <= last; here++) {
                        for (int there = 1, most = 1; there <= most && wrong <= tolerated; there++) {
                            LostDeathScene scene = play(new Meeting(one, here, other, there), -1, 0);
                            last = Math.max(last, scene.steps(one) - 1);
                            most = scene.steps(other);
                        }
                    }
                }
            }
            return this;
        }

        Runs everything() {
            return interleave().killEverywhere();
        }

        /** Everybody is killed at each step, at once, and after another has gone as far as it can. */
        Runs killEverywhere() {
            for (int victim = LostDeathScene.LOCKER; victim <= LostDeathScene.OTHER_WATCHER; victim++) {
                for (int other = 0; other < ACTORS; other++) {
                    for (int killAt = 0, last = 0; other != victim && killAt <= last; killAt++) {
                        for (int there : new int[] {0, Integer.MAX_VALUE}) {
                            if (wrong > tolerated) {
                                return this;
                            }
                            LostDeathScene scene = play(new Meeting(victim, killAt, other, there), victim, killAt);
                            last = scene.wasKilled() ? killAt + 1 : last;
                        }
                    }
                }
            }
            return this;
        }
    }

    @ParameterizedTest
    @EnumSource(Guest.class)
    void shouldTellOneAndRobNobodyHoweverTheyMeet(Guest guest) {
        for (boolean late : new boolean[] {false, true}) {
            Runs runs = new Runs(guest, late, Defect.NONE).interleave();
            System.out.println(guest + (late ? " late: " : ": ") + runs.runs + " interleavings, wrong " + runs.wrong);
            if (runs.first != null) {
                throw runs.first;
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Guest.class)
    void shouldTellTheNextWhereverATakerIsKilled(Guest guest) {
        for (boolean late : new boolean[] {false, true}) {
            Runs runs = new Runs(guest, late, Defect.NONE).killEverywhere();
            System.out.println(guest + (late ? " late: " : ": ") + runs.runs + " kills, wrong " + runs.wrong);
            if (runs.first != null) {
                throw runs.first;
            }
        }
    }

    @ParameterizedTest
    @EnumSource(value = Defect.class, mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void shouldFindEachPlantedDefect(Defect defect) {
        Defect allowed = defect.takesTurns || defect == Defect.MARK_OUT_OF_TURN ? Defect.NONE : Defect.MARK_OUT_OF_TURN;
        for (Guest guest : Guest.values()) {
            for (boolean late : new boolean[] {false, true}) {
                int before = allowed == Defect.NONE ? 0 : wrongOutOfTurn(guest, late);
                Runs runs = new Runs(guest, late, defect, before).everything();
                if (runs.wrong > before) {
                    System.out.println(
                            "planted: " + defect + ", found in " + runs.runs + " runs, " + runs.first.getMessage());
                    return;
                }
            }
        }
        throw new AssertionError("not found: " + defect);
    }

    private static int wrongOutOfTurn(Guest guest, boolean late) {
        return WRONG_OUT_OF_TURN.computeIfAbsent(
                guest + " " + late, _ -> new Runs(guest, late, Defect.MARK_OUT_OF_TURN).everything().wrong);
    }
}
