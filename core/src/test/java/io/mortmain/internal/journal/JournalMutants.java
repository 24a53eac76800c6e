package io.mortmain.internal.journal;

import io.mortmain.internal.journal.Deaths.Sign;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** The catalogue of breakages of the journal, of the kind that a careless change brings. Each must be found. */
final class JournalMutants {
    /** All of them, by what they break. */
    static final List<Mutant> ALL = Stream.of(logging(), order(), commit(), rollBack())
            .flatMap(List::stream)
            .toList();

    /**
     * A breakage.
     *
     * @param name words with hyphens
     * @param text what is broken, as a sentence without its full stop
     * @param sign by which it is found first
     * @param holder makes a holder that does so
     */
    record Mutant(String name, String text, Sign sign, Supplier<? extends Holder> holder) {}

    private JournalMutants() {}

    private static List<Mutant> logging() {
        return List.of(
                new Mutant(
                        "first-word-only",
                        "only the first word is logged",
                        Sign.WRONG_DATA,
                        LoggingMutants.FirstOnly::new),
                new Mutant(
                        "one-entry-too-few",
                        "used is one too low",
                        Sign.WRONG_DATA,
                        () -> new LoggingMutants.Miscounted(-1)),
                new Mutant(
                        "one-entry-too-many",
                        "used is one too high",
                        Sign.REFUSED,
                        () -> new LoggingMutants.Miscounted(1)),
                new Mutant(
                        "entry-written-over",
                        "each word is logged in the first entry",
                        Sign.REFUSED,
                        LoggingMutants.SameEntry::new),
                new Mutant(
                        "entry-of-next-word",
                        "the entry has the offset of the word behind the one that is changed",
                        Sign.WRONG_DATA,
                        () -> new LoggingMutants.OtherWord(Long.BYTES)),
                new Mutant(
                        "entry-from-file",
                        "the entry has the offset from the bytes, and not from the block",
                        Sign.REFUSED,
                        () -> new LoggingMutants.OtherWord(Block.BEGIN)),
                new Mutant(
                        "old-value-after-store",
                        "the old value is taken after the word was changed",
                        Sign.WRONG_DATA,
                        LoggingMutants.OldValueLate::new),
                new Mutant(
                        "word-behind-data",
                        "one word more than was logged is changed, behind the data",
                        Sign.STORED_OUTSIDE,
                        LoggingMutants.BehindData::new));
    }

    private static List<Mutant> order() {
        return List.of(
                new Mutant(
                        "log-after-store",
                        "words are logged when they have been changed",
                        Sign.WRONG_DATA,
                        OrderMutants.LogLast::new),
                new Mutant(
                        "used-before-entries",
                        "used is stored before the entries that it counts",
                        Sign.REFUSED,
                        OrderMutants.UsedFirst::new),
                new Mutant(
                        "used-without-release",
                        "used is stored plainly, so that the entries may come later",
                        Sign.REFUSED,
                        () -> new OrderMutants.Plain(false, true)),
                new Mutant(
                        "no-fence-after-used",
                        "there is no fence between used and the words, so that they may come before it",
                        Sign.WRONG_DATA,
                        () -> new OrderMutants.Unfenced(true)),
                new Mutant(
                        "no-fence-after-commit",
                        "there is no fence behind the commit, so that entries of the next transaction may come before it",
                        Sign.WRONG_DATA,
                        () -> new OrderMutants.Unfenced(false)),
                new Mutant(
                        "fence-before-used",
                        "the fence stands before used",
                        Sign.WRONG_DATA,
                        OrderMutants.FencedBefore::new));
    }

    private static List<Mutant> commit() {
        return List.of(
                new Mutant(
                        "commit-before-last-word",
                        "the commit is stored before the last word",
                        Sign.WRONG_DATA,
                        CommitMutants.BeforeLastWord::new),
                new Mutant(
                        "commit-without-release",
                        "the commit is stored plainly, so that words may come later",
                        Sign.WRONG_DATA,
                        () -> new OrderMutants.Plain(false, false)),
                new Mutant(
                        "commit-word-by-word",
                        "the commit counts used down to 0",
                        Sign.WRONG_DATA,
                        CommitMutants.WordByWord::new),
                new Mutant(
                        "commit-in-two-steps",
                        "the commit halves used before it clears it",
                        Sign.WRONG_DATA,
                        CommitMutants.TwoSteps::new),
                new Mutant(
                        "commit-forgotten",
                        "used is left as it is at the end",
                        Sign.WRONG_DATA,
                        CommitMutants.Forgotten::new));
    }

    private static List<Mutant> rollBack() {
        return List.of(
                new Mutant(
                        "undone-oldest-first",
                        "the roll-back goes from the oldest entry to the newest",
                        Sign.WRONG_DATA,
                        () -> new RollBackMutants.Reordered(false)),
                new Mutant(
                        "undone-after-clearing",
                        "the roll-back clears used before it restores the words",
                        Sign.WRONG_DATA,
                        () -> new RollBackMutants.Reordered(true)),
                new Mutant(
                        "undone-without-release",
                        "the roll-back clears used plainly, so that words may come later",
                        Sign.WRONG_DATA,
                        () -> new OrderMutants.Plain(true, false)),
                new Mutant(
                        "undone-but-newest",
                        "the roll-back leaves the newest entry out",
                        Sign.WRONG_DATA,
                        RollBackMutants.Newest::new),
                new Mutant(
                        "undone-and-not-cleared",
                        "the roll-back does not clear used",
                        Sign.JOURNAL_NOT_EMPTY,
                        RollBackMutants.NotCleared::new),
                new Mutant(
                        "undone-once",
                        "after the death of who undid, the roll-back is taken for done",
                        Sign.WRONG_DATA,
                        RollBackMutants.Once::new),
                new Mutant(
                        "undone-if-told",
                        "the roll-back is left out when a predecessor declared the mutex consistent",
                        Sign.JOURNAL_NOT_EMPTY,
                        RollBackMutants.IfTold::new));
    }
}
