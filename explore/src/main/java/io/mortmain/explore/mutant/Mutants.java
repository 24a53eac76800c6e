package io.mortmain.explore.mutant;

import io.mortmain.explore.machine.Rule;
import io.mortmain.explore.mutant.PendingMutants.Reason;
import io.mortmain.explore.program.Mutant;
import io.mortmain.explore.program.Program;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The catalogue of mutants, each with a small program in which it breaks a rule. */
public final class Mutants {
    /** All of them, by what they break. */
    public static final List<Breakage> ALL = Stream.of(
                    pending(), list(), word(), wakeUp(), owner(), told(), takeover(), birth(), data())
            .flatMap(List::stream)
            .toList();

    /**
     * A mutant by its name.
     *
     * @param name words with hyphens
     * @param rule that it breaks there
     * @param text what is broken, as a sentence without its full stop
     * @param mutant makes one for a run of a thread
     * @param program in which it is found soon
     */
    public record Breakage(String name, Rule rule, String text, Supplier<? extends Mutant> mutant, Program program) {}

    private Mutants() {}

    /** The one with the name; throws {@link IllegalArgumentException} with the names where there is none. */
    public static Breakage find(String name) {
        return ALL.stream()
                .filter(breakage -> breakage.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no mutant is called " + name + "; there are "
                        + ALL.stream().map(Breakage::name).collect(Collectors.joining(", "))));
    }

    private static Breakage breakage(
            String name, Rule rule, String text, Supplier<? extends Mutant> mutant, String program) {
        return new Breakage(name, rule, text, mutant, Program.parse(program));
    }

    private static List<Breakage> data() {
        return List.of(
                breakage(
                        "rolled-back-if-told",
                        Rule.SEEN_WHOLE,
                        "who is not told of a death does not look at the journal",
                        DataMutants.RolledBackIfTold::new,
                        "update/c-careless/update,kills=1,victims=1"),
                breakage(
                        "emptied-without-undoing",
                        Rule.SEEN_WHOLE,
                        "who rolls back empties the journal and does not restore the words",
                        DataMutants.EmptiedWithoutUndoing::new,
                        "update/update,kills=1"),
                breakage(
                        "entries-never-valid",
                        Rule.FINAL,
                        "the entries of a transaction are never made valid",
                        DataMutants.NeverValid::new,
                        "update/update"),
                breakage(
                        "committed-before-last-word",
                        Rule.SEEN_WHOLE,
                        "a transaction is committed before its last word is stored",
                        DataMutants.CommittedBeforeLastWord::new,
                        "update/update"));
    }

    private static List<Breakage> pending() {
        return List.of(
                breakage(
                        "pending-never-set",
                        Rule.REACHABLE,
                        "the pending word is never set",
                        PendingMutants.NeverSet::new,
                        "lock/lock"),
                breakage(
                        "pending-set-after-word",
                        Rule.REACHABLE,
                        "the pending word is set after the futex word was taken",
                        PendingMutants.SetAfterWord::new,
                        "lock/lock"),
                breakage(
                        "pending-cleared-before-link",
                        Rule.REACHABLE,
                        "the pending word is cleared before the list leads to the mutex",
                        PendingMutants.ClearedBeforeLink::new,
                        "lock/lock"),
                breakage(
                        "pending-cleared-before-release",
                        Rule.REACHABLE,
                        "the pending word is cleared before the futex word is free",
                        PendingMutants.ClearedBeforeRelease::new,
                        "lock/lock"),
                breakage(
                        "pending-left-by-time-out",
                        Rule.LIST_WHOLE,
                        "whose time is over leaves with the pending word set",
                        () -> new PendingMutants.Left(Reason.TIME_OUT),
                        "lock/try"),
                breakage(
                        "pending-left-by-refusal",
                        Rule.LIST_WHOLE,
                        "who is refused leaves with the pending word set",
                        () -> new PendingMutants.Left(Reason.REFUSAL),
                        "give-up/lock"),
                breakage(
                        "pending-left-by-interrupt",
                        Rule.LIST_WHOLE,
                        "who is interrupted leaves with the pending word set",
                        () -> new PendingMutants.Left(Reason.INTERRUPT),
                        "lock/interruptible,interrupts=1"));
    }

    private static List<Breakage> list() {
        return List.of(
                breakage(
                        "linked-before-taken",
                        Rule.OWN_WORDS_ONLY,
                        "the mutex is linked in the list before its futex word is taken",
                        ListMutants.LinkedBeforeTaken::new,
                        "lock/lock"),
                breakage(
                        "list-head-not-updated",
                        Rule.REACHABLE,
                        "the list head does not lead to the new node",
                        ListMutants.HeadNotUpdated::new,
                        "lock/lock"),
                breakage(
                        "next-not-written",
                        Rule.LIST_WHOLE,
                        "the new node does not lead to what was first",
                        ListMutants.NextNotWritten::new,
                        "nested/lock"),
                breakage(
                        "list-head-before-next",
                        Rule.REACHABLE,
                        "the list head leads to the new node before that leads on",
                        ListMutants.HeadBeforeNext::new,
                        "lock/lock,kills=1"),
                breakage(
                        "back-link-forgotten",
                        Rule.LIST_WHOLE,
                        "what was first does not lead back to the new node",
                        ListMutants.BackLinkForgotten::new,
                        "two/lock"),
                breakage(
                        "back-link-left-at-unlink",
                        Rule.LIST_WHOLE,
                        "what followed a node still leads back to it when it is unlinked",
                        ListMutants.BackLinkLeftAtUnlink::new,
                        "two/lock"),
                breakage(
                        "unlink-forgotten",
                        Rule.LIST_WHOLE,
                        "the list head still leads to a mutex that was released",
                        ListMutants.UnlinkForgotten::new,
                        "lock/lock"),
                breakage(
                        "unlinked-by-stale-next",
                        Rule.LIST_WHOLE,
                        "a node is unlinked by the link that it had when it was linked",
                        ListMutants.UnlinkedByStaleNext::new,
                        "two/lock"),
                breakage(
                        "unlinked-after-release",
                        Rule.OWN_WORDS_ONLY,
                        "the mutex leaves the list only when its futex word is free",
                        ListMutants.UnlinkedAfterRelease::new,
                        "nested/lock,kills=1"));
    }

    private static List<Breakage> word() {
        return List.of(
                breakage(
                        "taken-without-compare",
                        Rule.NO_ROBBERY,
                        "the futex word is read and then stored instead of compared and set",
                        WordMutants.TakenWithoutCompare::new,
                        "lock/lock"),
                breakage(
                        "released-without-compare",
                        Rule.WOKEN,
                        "the uncontended release stores 0 and does not see who waits",
                        WordMutants.ReleasedWithoutCompare::new,
                        "lock/lock"),
                breakage(
                        "waiters-not-sticky",
                        Rule.WOKEN,
                        "a thread that slept takes the word without saying that others may sleep still",
                        WordMutants.WaitersNotSticky::new,
                        "lock/c-lock/lock"),
                breakage(
                        "waiters-dropped-by-heir",
                        Rule.WOKEN,
                        "who takes the word of a dead holder forgets who else waits",
                        WordMutants.WaitersDroppedByHeir::new,
                        "lock/c-lock/lock,kills=1,victims=1"),
                breakage(
                        "owner-died-dropped",
                        Rule.TOLD,
                        "who takes the word of a dead holder is told nothing",
                        WordMutants.OwnerDiedDropped::new,
                        "lock/lock,kills=1"),
                breakage(
                        "owner-died-kept",
                        Rule.NO_ROBBERY,
                        "who takes the word of a dead holder leaves the mark in it",
                        WordMutants.OwnerDiedKept::new,
                        "lock/c-lock/lock,kills=1,victims=1"),
                breakage(
                        "sleeps-without-waiters",
                        Rule.WOKEN,
                        "a thread sleeps and does not say so in the word",
                        WordMutants.SleepsWithoutWaiters::new,
                        "lock/lock"),
                breakage(
                        "waiters-set-without-compare",
                        Rule.OWN_WORDS_ONLY,
                        "who goes to sleep stores the word as it was seen",
                        WordMutants.WaitersSetWithoutCompare::new,
                        "lock/lock"),
                breakage(
                        "dead-number-taken",
                        Rule.TOLD,
                        "the word of one that is gone is taken without a mark",
                        WordMutants.DeadNumberTaken::new,
                        "lock/lock,kills=1,unseen"));
    }

    private static List<Breakage> wakeUp() {
        return List.of(
                breakage("wakes-never", Rule.WOKEN, "nobody is woken", WakeMutants.Never::new, "lock/lock"),
                breakage(
                        "wakes-on-positive-only",
                        Rule.WOKEN,
                        "somebody is woken only where the old word was positive, which it is not when somebody waits",
                        WakeMutants.OnPositiveOnly::new,
                        "lock/lock"),
                breakage(
                        "refused-wakes-nobody",
                        Rule.WOKEN,
                        "who took the word of a mutex that is not recoverable gives it back and wakes nobody, as glibc",
                        WakeMutants.ForgottenByRefusal::new,
                        "lock+give-up/try/c-lock"),
                breakage(
                        "wakes-announced-only",
                        Rule.WOKEN,
                        "who gives a mutex up wakes nobody where its word does not say that somebody waits",
                        WakeMutants.OfAnnouncedOnly::new,
                        "lock+give-up/lock/c-lock"),
                breakage(
                        "wakes-one-instead-of-all",
                        Rule.WOKEN,
                        "of those who wait for a mutex that was given up, one is woken",
                        WakeMutants.OneInsteadOfAll::new,
                        "give-up/c-lock/lock"),
                breakage(
                        "wake-up-kept-by-time-out",
                        Rule.WOKEN,
                        "who was woken and has no time left does not wake another",
                        () -> new WakeMutants.KeptByLeaver(Reason.TIME_OUT),
                        "c-lock+c-try/timed/c-lock,time-outs=1"),
                breakage(
                        "wake-up-kept-by-interrupt",
                        Rule.WOKEN,
                        "who was woken and is interrupted does not wake another",
                        () -> new WakeMutants.KeptByLeaver(Reason.INTERRUPT),
                        "c-lock+c-try/interruptible/c-lock,interrupts=1"),
                breakage(
                        "leaver-forgets-waiters",
                        Rule.WOKEN,
                        "who leaves does not tell the holder that others may wait",
                        WakeMutants.NotOwedByNextHolder::new,
                        "c-lock+c-try/timed/c-lock,time-outs=1"));
    }

    private static List<Breakage> owner() {
        return List.of(
                breakage(
                        "given-up-after-release",
                        Rule.NOT_RECOVERABLE,
                        "the owner field says not recoverable only after the release",
                        OwnerMutants.GivenUpAfterRelease::new,
                        "give-up/lock"),
                breakage(
                        "inconsistent-not-written",
                        Rule.FIELDS_RIGHT,
                        "the owner field does not say that an heir has yet to repair",
                        OwnerMutants.InconsistentNotWritten::new,
                        "lock/lock,kills=1"),
                breakage(
                        "consistent-not-written",
                        Rule.NOT_RECOVERABLE,
                        "the heir declares the data consistent, and nothing is written",
                        OwnerMutants.ConsistentNotWritten::new,
                        "lock/lock,kills=1"),
                breakage(
                        "refusal-skipped-before-taking",
                        Rule.WOKEN,
                        "not recoverable is not looked for before the word is taken",
                        () -> new OwnerMutants.RefusalSkipped(false),
                        "give-up/c-lock/lock"),
                breakage(
                        "refusal-skipped-after-taking",
                        Rule.NOT_RECOVERABLE,
                        "not recoverable is not looked for when the word is taken",
                        () -> new OwnerMutants.RefusalSkipped(true),
                        "give-up/lock"),
                breakage(
                        "reset-clears-early",
                        Rule.NOT_RECOVERABLE,
                        "a reset clears not recoverable before it can be told of",
                        OwnerMutants.ResetClearsEarly::new,
                        "give-up/reset"),
                breakage(
                        "owner-not-cleared",
                        Rule.FIELDS_RIGHT,
                        "the owner field of a free mutex names the last holder",
                        OwnerMutants.OwnerNotCleared::new,
                        "lock/lock"),
                breakage(
                        "count-not-set",
                        Rule.FIELDS_RIGHT,
                        "the count is not set",
                        OwnerMutants.CountNotSet::new,
                        "lock/lock"),
                breakage(
                        "users-not-counted-down",
                        Rule.FIELDS_RIGHT,
                        "the release does not count the users down",
                        OwnerMutants.UsersNotCountedDown::new,
                        "lock/lock"));
    }

    private static List<Breakage> told() {
        return List.of(
                breakage(
                        "consistent-before-told",
                        Rule.NOT_TOLD_FALSELY,
                        "the data are declared consistent before anybody is told",
                        OwnerMutants.ConsistentBeforeTold::new,
                        "lock/lock,kills=1"),
                breakage(
                        "handed-on-as-free",
                        Rule.LEFT_CLEAN,
                        "a repair that failed leaves a word that tells nobody",
                        OwnerMutants.HandedOnAsFree::new,
                        "lock/hand-on,kills=1"),
                breakage(
                        "given-back-as-free",
                        Rule.LEFT_CLEAN,
                        "a reset that has nothing to reset swallows a death",
                        OwnerMutants.GivenBackAsFree::new,
                        "lock/reset,kills=1"),
                breakage(
                        "told-twice",
                        Rule.LEFT_CLEAN,
                        "a death that was dealt with is told again",
                        OwnerMutants.ToldTwice::new,
                        "lock/lock+lock,kills=1"));
    }

    private static List<Breakage> takeover() {
        return List.of(
                breakage(
                        "marked-without-compare",
                        Rule.NO_ROBBERY,
                        "the word of one that is gone is marked by a store",
                        TakeoverMutants.MarkedWithoutCompare::new,
                        "give-up/try/reset,kills=1,victims=1,unseen"),
                breakage(
                        "marked-without-wake",
                        Rule.WOKEN,
                        "who marks wakes nobody",
                        TakeoverMutants.MarkedWithoutWake::new,
                        "lock/lock,kills=1,unseen,watched"),
                breakage(
                        "marked-out-of-turn",
                        Rule.NO_ROBBERY,
                        "who proves and marks does not wait for the turn",
                        TakeoverMutants.MarkedOutOfTurn::new,
                        "lock/try/lock,kills=1,unseen,namesake"),
                breakage(
                        "proof-not-repeated",
                        Rule.NO_ROBBERY,
                        "what was proven before the turn is not proven again in it",
                        TakeoverMutants.ProofNotRepeated::new,
                        "lock/try/lock,kills=1,unseen,namesake"),
                breakage(
                        "number-without-identity",
                        Rule.NO_ROBBERY,
                        "a number that was gone once counts as gone whoever has it now",
                        TakeoverMutants.NumberRemembered::new,
                        "lock/lock/lock,kills=1,unseen,namesake"),
                breakage(
                        "not-checked-after-takeover",
                        Rule.NO_ROBBERY,
                        "who has marked takes the word without looking whether another was faster",
                        TakeoverMutants.NotCheckedAfterTakeover::new,
                        "lock/try/try,kills=1,victims=1,unseen"),
                breakage(
                        "living-condemned",
                        Rule.NO_ROBBERY,
                        "one witness that knows nothing of a thread is enough to call it dead",
                        TakeoverMutants.LivingCondemned::new,
                        "lock/lock,time-outs=1"),
                breakage(
                        "existence-mistaken",
                        Rule.NO_ROBBERY,
                        "a try takes a living holder for gone",
                        TakeoverMutants.ExistenceMistaken::new,
                        "lock/try"),
                breakage(
                        "left-over-of-the-living",
                        Rule.NO_ROBBERY,
                        "a reset that has waited long for a number that glibc's trylock left over takes it, though its thread lives",
                        TakeoverMutants.PatienceTakenForProof::new,
                        "give-up/c-try/reset"),
                breakage(
                        "kernel-believed",
                        Rule.GETS_ON,
                        "who waits believes that the kernel tells of every death",
                        TakeoverMutants.KernelBelieved::new,
                        "two/two,kills=1,walk=1"),
                breakage(
                        "own-number-believed",
                        Rule.OWN_CODE,
                        "a thread that finds its own number believes that it holds the mutex",
                        TakeoverMutants.OwnNumberBelieved::new,
                        "lock/lock,kills=1,unseen,namesake"));
    }

    private static List<Breakage> birth() {
        return List.of(
                breakage(
                        "linked-before-header",
                        Rule.BORN_WHOLE,
                        "the file has its name before its header is written",
                        BirthMutants.LinkedBeforeHeader::new,
                        "create/create"),
                breakage(
                        "mutex-not-written",
                        Rule.BORN_WHOLE,
                        "the directory's mutex is not written before the file has its name",
                        BirthMutants.MutexNotWritten::new,
                        "create/create"),
                breakage(
                        "space-not-reserved",
                        Rule.BORN_WHOLE,
                        "space is not reserved before the file has its name",
                        BirthMutants.SpaceNotReserved::new,
                        "create/create"),
                breakage(
                        "mode-set-after-link",
                        Rule.BORN_WHOLE,
                        "the mode is set when the file has its name",
                        BirthMutants.ModeSetAfterLink::new,
                        "create/create"),
                breakage(
                        "taken-name-ignored",
                        Rule.ONE_REGION,
                        "who finds the name taken goes on with the file that it made",
                        BirthMutants.TakenNameIgnored::new,
                        "open-or-create/open-or-create"),
                breakage(
                        "taken-name-replaced",
                        Rule.ONE_REGION,
                        "a name that is taken between a look and the link is taken over, as rename(2) does it",
                        BirthMutants.TakenNameReplaced::new,
                        "create/create"),
                breakage(
                        "built-under-a-name",
                        Rule.NOTHING_LEFT,
                        "the file has another name while it is built",
                        BirthMutants.BuiltUnderAName::new,
                        "create/create,kills=1"),
                breakage(
                        "refused-left-open",
                        Rule.NOTHING_LEFT,
                        "who finds the name taken does not close the file that it made",
                        BirthMutants.RefusedLeftOpen::new,
                        "create/create"),
                breakage(
                        "full-not-waited-for",
                        Rule.OWN_CODE,
                        "who finds no space tries again at once while others create",
                        BirthMutants.FullNotWaited::new,
                        "open-or-create/open-or-create,tight"));
    }
}
