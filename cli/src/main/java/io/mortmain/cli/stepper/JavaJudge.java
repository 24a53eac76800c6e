package io.mortmain.cli.stepper;

import io.mortmain.Hold;
import io.mortmain.RobustMutex;
import io.mortmain.errors.MortmainException;
import java.time.Duration;

/** The next acquirer in Java: this process, through the library. */
final class JavaJudge {
    static final Duration PATIENCE = Duration.ofSeconds(3);

    private JavaJudge() {}

    static Finding judge(RobustMutex mutex, SectionWords words) throws InterruptedException {
        try (Hold hold = mutex.tryLock(PATIENCE)) {
            if (hold == null) {
                return new Finding(Finding.Kind.HANGS, "");
            }
            boolean equal = words.get(SectionWords.FIRST) == words.get(SectionWords.SECOND);
            if (hold.predecessorDied()) {
                words.set(SectionWords.SECOND, words.get(SectionWords.FIRST));
                hold.markConsistent();
            }
            return Finding.of(hold.predecessorDied(), equal);
        } catch (MortmainException refused) {
            return new Finding(Finding.Kind.REFUSED, String.valueOf(refused.getMessage()));
        }
    }
}
