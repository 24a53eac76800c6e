package io.mortmain.explore.program;

import io.mortmain.explore.machine.Player;
import java.util.List;

/**
 * What a thread leaves to the adversary, asked as late as its code differs, so that the states before are one: one exploration then has all
 * that the programs with each of the answers have.
 */
@SuppressWarnings({"EnumOrdinal", "ImmutableEnumChecker"
}) // a question lives no longer than the program; its list cannot change
enum Question {
    /** What to do next. */
    OF_LIBRARY(
            Operation.LOCK_ANYHOW,
            Operation.TRY_ANYHOW,
            Operation.TIMED_ANYHOW,
            Operation.INTERRUPTIBLE_ANYHOW,
            Operation.RESET_ANYHOW,
            Operation.TWO_ANYHOW),
    /** The same by C code. */
    OF_C(Operation.C_LOCK_ANYHOW, Operation.C_TRY_ANYHOW),
    /** As which operation to release, when told of nothing; the others do as LOCK then. */
    RELEASE(Operation.LOCK, Operation.GIVE_UP),
    RELEASE_AFTER_DEATH(Operation.LOCK, Operation.GIVE_UP, Operation.LEAVE_INCONSISTENT, Operation.HAND_ON),
    RELEASE_OF_C_AFTER_DEATH(Operation.C_LOCK, Operation.C_LEAVE_INCONSISTENT),
    /** What to do with a guarded object whose mutex was acquired. */
    WITH_DATA(Operation.UPDATE, Operation.BREAK_OFF, Operation.LOCK, Operation.GIVE_UP),
    WITH_DATA_AFTER_DEATH(
            Operation.UPDATE,
            Operation.BREAK_OFF,
            Operation.LOCK,
            Operation.GIVE_UP,
            Operation.LEAVE_INCONSISTENT,
            Operation.HAND_ON),
    /** The same by C code. */
    OF_C_WITH_DATA(Operation.C_UPDATE, Operation.C_CARELESS),
    OF_C_WITH_DATA_AFTER_DEATH(Operation.C_UPDATE, Operation.C_CARELESS, Operation.C_LEAVE_INCONSISTENT),
    /** In which order to release two. */
    ORDER(Operation.TWO, Operation.NESTED);

    private static final Question[] ALL = values();

    private final List<Operation> answers;

    Question(Operation... answers) {
        this.answers = List.of(answers);
    }

    int ask(Player player) {
        return player.choose(ordinal(), answers.size());
    }

    Operation answer(int chosen) {
        return answers.get(chosen);
    }

    static String nameOf(int question, int chosen) {
        return ALL[question].answer(chosen).text();
    }
}
