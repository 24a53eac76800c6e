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

    private static Named named(String name, Supplier<? extends Mutant> mutant) {
        return new Named(name, mutant);
    }

    private record Named(String name, Supplier<? extends Mutant> mutant) {
        Described text(String text) {
            return new Described(this, text);
        }
    }

    private record Described(Named named, String text) {
        Breakage breaks(Rule rule, String program) {
            return new Breakage(named.name, rule, text, named.mutant, Program.parse(program));
        }
    }

    private static List<Breakage> pending() {
        return List.of(
                named("pending-never-set", PendingMutants.NeverSet::new)
                        .text("the pending word is never set")
                        .breaks(Rule.REACHABLE, "lock/lock"),
                named("pending-set-after-word", PendingMutants.SetAfterWord::new)
                        .text("the pending word is set after the futex word was taken")
                        .breaks(Rule.REACHABLE, "lock/lock"),
                named("pending-cleared-before-link", PendingMutants.ClearedBeforeLink::new)
                        .text("the pending word is cleared before the list leads to the mutex")
                        .breaks(Rule.REACHABLE, "lock/lock"),
                named("pending-cleared-before-release", PendingMutants.ClearedBeforeRelease::new)
                        .text("the pending word is cleared before the futex word is free")
                        .breaks(Rule.REACHABLE, "lock/lock"),
                named("pending-cleared-before-wake", PendingMutants.ClearedBeforeWake::new)
                        .text(
                                "the pending word is cleared before whoever sleeps is woken, so the kernel does not wake in a dead one's place")
                        .breaks(Rule.WOKEN, "lock/c-lock,kills=1,victims=1"),
                named("pending-left-by-time-out", () -> new PendingMutants.Left(Reason.TIME_OUT))
                        .text("whose time is over leaves with the pending word set")
                        .breaks(Rule.LIST_WHOLE, "lock/try"),
                named("pending-left-by-refusal", () -> new PendingMutants.Left(Reason.REFUSAL))
                        .text("who is refused leaves with the pending word set")
                        .breaks(Rule.LIST_WHOLE, "give-up/lock"),
                named("pending-left-by-interrupt", () -> new PendingMutants.Left(Reason.INTERRUPT))
                        .text("who is interrupted leaves with the pending word set")
                        .breaks(Rule.LIST_WHOLE, "lock/interruptible,interrupts=1"));
    }

    private static List<Breakage> list() {
        return List.of(
                named("linked-before-taken", ListMutants.LinkedBeforeTaken::new)
                        .text("the mutex is linked in the list before its futex word is taken")
                        .breaks(Rule.OWN_WORDS_ONLY, "lock/lock"),
                named("list-head-not-updated", ListMutants.HeadNotUpdated::new)
                        .text("the list head does not lead to the new node")
                        .breaks(Rule.REACHABLE, "lock/lock"),
                named("next-not-written", ListMutants.NextNotWritten::new)
                        .text("the new node does not lead to what was first")
                        .breaks(Rule.LIST_WHOLE, "nested/lock"),
                named("list-head-before-next", ListMutants.HeadBeforeNext::new)
                        .text("the list head leads to the new node before that leads on")
                        .breaks(Rule.LIST_WHOLE, "lock/lock,kills=1"),
                named("back-link-forgotten", ListMutants.BackLinkForgotten::new)
                        .text("what was first does not lead back to the new node")
                        .breaks(Rule.LIST_WHOLE, "two/lock"),
                named("back-link-left-at-unlink", ListMutants.BackLinkLeftAtUnlink::new)
                        .text("what followed a node still leads back to it when it is unlinked")
                        .breaks(Rule.LIST_WHOLE, "two/lock"),
                named("unlink-forgotten", ListMutants.UnlinkForgotten::new)
                        .text("the list head still leads to a mutex that was released")
                        .breaks(Rule.LIST_WHOLE, "lock/lock"),
                named("unlinked-by-stale-next", ListMutants.UnlinkedByStaleNext::new)
                        .text("a node is unlinked by the link that it had when it was linked")
                        .breaks(Rule.LIST_WHOLE, "two/lock"),
                named("unlinked-after-release", ListMutants.UnlinkedAfterRelease::new)
                        .text("the mutex leaves the list only when its futex word is free")
                        .breaks(Rule.LIST_WHOLE, "nested/lock,kills=1"));
    }

    private static List<Breakage> word() {
        return List.of(
                named("taken-without-compare", WordMutants.TakenWithoutCompare::new)
                        .text("the futex word is read and then stored instead of compared and set")
                        .breaks(Rule.NO_ROBBERY, "lock/lock"),
                named("released-without-compare", WordMutants.ReleasedWithoutCompare::new)
                        .text("the uncontended release stores 0 and does not see who waits")
                        .breaks(Rule.WOKEN, "lock/lock"),
                named("waiters-not-sticky", WordMutants.WaitersNotSticky::new)
                        .text("a thread that slept takes the word without saying that others may sleep still")
                        .breaks(Rule.WOKEN, "lock/c-lock/lock"),
                named("waiters-dropped-by-heir", WordMutants.WaitersDroppedByHeir::new)
                        .text("who takes the word of a dead holder forgets who else waits")
                        .breaks(Rule.WOKEN, "lock/c-lock/lock,kills=1,victims=1"),
                named("owner-died-dropped", WordMutants.OwnerDiedDropped::new)
                        .text("who takes the word of a dead holder is told nothing")
                        .breaks(Rule.TOLD, "lock/lock,kills=1"),
                named("owner-died-kept", WordMutants.OwnerDiedKept::new)
                        .text("who takes the word of a dead holder leaves the mark in it")
                        .breaks(Rule.NO_ROBBERY, "lock/c-lock/lock,kills=1,victims=1"),
                named("sleeps-without-waiters", WordMutants.SleepsWithoutWaiters::new)
                        .text("a thread sleeps and does not say so in the word")
                        .breaks(Rule.WOKEN, "lock/lock"),
                named("waiters-set-without-compare", WordMutants.WaitersSetWithoutCompare::new)
                        .text("who goes to sleep stores the word as it was seen")
                        .breaks(Rule.OWN_WORDS_ONLY, "lock/lock"),
                named("dead-number-taken", WordMutants.DeadNumberTaken::new)
                        .text("the word of one that is gone is taken without a mark")
                        .breaks(Rule.TOLD, "lock/lock,kills=1,unseen"));
    }

    private static List<Breakage> wakeUp() {
        return List.of(
                named("wakes-never", WakeMutants.Never::new)
                        .text("nobody is woken")
                        .breaks(Rule.WOKEN, "lock/lock"),
                named("wakes-on-positive-only", WakeMutants.OnPositiveOnly::new)
                        .text(
                                "somebody is woken only where the old word was positive, which it is not when somebody waits")
                        .breaks(Rule.WOKEN, "lock/lock"),
                named("refused-wakes-nobody", WakeMutants.ForgottenByRefusal::new)
                        .text(
                                "who took the word of a mutex that is not recoverable gives it back and wakes nobody, as glibc")
                        .breaks(Rule.WOKEN, "lock+give-up/try/c-lock"),
                named("wakes-announced-only", WakeMutants.OfAnnouncedOnly::new)
                        .text("who gives a mutex up wakes nobody where its word does not say that somebody waits")
                        .breaks(Rule.WOKEN, "lock+give-up/lock/c-lock"),
                named("wakes-one-instead-of-all", WakeMutants.OneInsteadOfAll::new)
                        .text("of those who wait for a mutex that was given up, one is woken")
                        .breaks(Rule.WOKEN, "give-up/c-lock/lock"),
                named("wake-up-kept-by-time-out", () -> new WakeMutants.KeptByLeaver(Reason.TIME_OUT))
                        .text("who was woken and has no time left does not wake another")
                        .breaks(Rule.WOKEN, "c-lock+c-try/timed/c-lock,time-outs=1"),
                named("wake-up-kept-by-interrupt", () -> new WakeMutants.KeptByLeaver(Reason.INTERRUPT))
                        .text("who was woken and is interrupted does not wake another")
                        .breaks(Rule.WOKEN, "c-lock+c-try/interruptible/c-lock,interrupts=1"),
                named("leaver-forgets-waiters", WakeMutants.NotOwedByNextHolder::new)
                        .text("who leaves does not tell the holder that others may wait")
                        .breaks(Rule.WOKEN, "c-lock+c-try/timed/c-lock,time-outs=1"));
    }

    private static List<Breakage> owner() {
        return List.of(
                named("given-up-after-release", OwnerMutants.GivenUpAfterRelease::new)
                        .text("the owner field says not recoverable only after the release")
                        .breaks(Rule.NOT_RECOVERABLE, "give-up/lock"),
                named("inconsistent-not-written", OwnerMutants.InconsistentNotWritten::new)
                        .text("the owner field does not say that an heir has yet to repair")
                        .breaks(Rule.FIELDS_RIGHT, "lock/lock,kills=1"),
                named("consistent-not-written", OwnerMutants.ConsistentNotWritten::new)
                        .text("the heir declares the data consistent, and nothing is written")
                        .breaks(Rule.NOT_RECOVERABLE, "lock/lock,kills=1"),
                named("refusal-skipped-before-taking", () -> new OwnerMutants.RefusalSkipped(false))
                        .text("not recoverable is not looked for before the word is taken")
                        .breaks(Rule.WOKEN, "give-up/c-lock/lock"),
                named("refusal-skipped-after-taking", () -> new OwnerMutants.RefusalSkipped(true))
                        .text("not recoverable is not looked for when the word is taken")
                        .breaks(Rule.NOT_RECOVERABLE, "give-up/lock"),
                named("reset-clears-early", OwnerMutants.ResetClearsEarly::new)
                        .text("a reset clears not recoverable before it can be told of")
                        .breaks(Rule.NOT_RECOVERABLE, "give-up/reset"),
                named("owner-not-cleared", OwnerMutants.OwnerNotCleared::new)
                        .text("the owner field of a free mutex names the last holder")
                        .breaks(Rule.FIELDS_RIGHT, "lock/lock"),
                named("count-not-set", OwnerMutants.CountNotSet::new)
                        .text("the count is not set")
                        .breaks(Rule.FIELDS_RIGHT, "lock/lock"),
                named("users-not-counted-down", OwnerMutants.UsersNotCountedDown::new)
                        .text("the release does not count the users down")
                        .breaks(Rule.FIELDS_RIGHT, "lock/lock"));
    }

    private static List<Breakage> told() {
        return List.of(
                named("consistent-before-told", OwnerMutants.ConsistentBeforeTold::new)
                        .text("the data are declared consistent before anybody is told")
                        .breaks(Rule.NOT_TOLD_FALSELY, "lock/lock,kills=1"),
                named("handed-on-as-free", OwnerMutants.HandedOnAsFree::new)
                        .text("a repair that failed leaves a word that tells nobody")
                        .breaks(Rule.LEFT_CLEAN, "lock/hand-on,kills=1"),
                named("given-back-as-free", OwnerMutants.GivenBackAsFree::new)
                        .text("a reset that has nothing to reset swallows a death")
                        .breaks(Rule.LEFT_CLEAN, "lock/reset,kills=1"),
                named("told-twice", OwnerMutants.ToldTwice::new)
                        .text("a death that was dealt with is told again")
                        .breaks(Rule.LEFT_CLEAN, "lock/lock+lock,kills=1"));
    }

    private static List<Breakage> takeover() {
        return List.of(
                named("marked-without-wake", TakeoverMutants.MarkedWithoutWake::new)
                        .text("who marks wakes nobody")
                        .breaks(Rule.WOKEN, "lock/lock,kills=1,unseen,watched"),
                named("marked-out-of-turn", TakeoverMutants.MarkedOutOfTurn::new)
                        .text("who proves and marks does not wait for the turn")
                        .breaks(Rule.NO_ROBBERY, "lock/try/lock,kills=1,unseen,namesake"),
                named("proof-not-repeated", TakeoverMutants.ProofNotRepeated::new)
                        .text("what was proven before the turn is not proven again in it")
                        .breaks(Rule.NO_ROBBERY, "lock/try/lock,kills=1,unseen,namesake"),
                named("number-without-identity", TakeoverMutants.NumberRemembered::new)
                        .text("a number that was gone once counts as gone whoever has it now")
                        .breaks(Rule.NO_ROBBERY, "lock/lock/lock,kills=1,unseen,namesake"),
                named("not-checked-after-takeover", TakeoverMutants.NotCheckedAfterTakeover::new)
                        .text("who has marked takes the word without looking whether another was faster")
                        .breaks(Rule.NO_ROBBERY, "lock/try/try,kills=1,victims=1,unseen"),
                named("living-condemned", TakeoverMutants.LivingCondemned::new)
                        .text("one witness that knows nothing of a thread is enough to call it dead")
                        .breaks(Rule.NO_ROBBERY, "lock/lock,time-outs=1"),
                named("existence-mistaken", TakeoverMutants.ExistenceMistaken::new)
                        .text("a try takes a living holder for gone")
                        .breaks(Rule.NO_ROBBERY, "lock/try"),
                named("left-over-of-the-living", TakeoverMutants.PatienceTakenForProof::new)
                        .text(
                                "a reset that has waited long takes the holder's number for one left over, though its thread lives")
                        .breaks(Rule.NO_ROBBERY, "give-up+reset/reset,time-outs=1"),
                named("kernel-believed", TakeoverMutants.KernelBelieved::new)
                        .text("who waits believes that the kernel tells of every death")
                        .breaks(Rule.GETS_ON, "two/two,kills=1,walk=1"),
                named("own-number-believed", TakeoverMutants.OwnNumberBelieved::new)
                        .text("a thread that finds its own number believes that it holds the mutex")
                        .breaks(Rule.OWN_CODE, "lock/lock,kills=1,unseen,namesake"));
    }

    private static List<Breakage> birth() {
        return List.of(
                named("linked-before-header", BirthMutants.LinkedBeforeHeader::new)
                        .text("the file has its name before its header is written")
                        .breaks(Rule.BORN_WHOLE, "create/create"),
                named("mutex-not-written", BirthMutants.MutexNotWritten::new)
                        .text("the directory's mutex is not written before the file has its name")
                        .breaks(Rule.BORN_WHOLE, "create/create"),
                named("space-not-reserved", BirthMutants.SpaceNotReserved::new)
                        .text("space is not reserved before the file has its name")
                        .breaks(Rule.BORN_WHOLE, "create/create"),
                named("mode-set-after-link", BirthMutants.ModeSetAfterLink::new)
                        .text("the mode is set when the file has its name")
                        .breaks(Rule.BORN_WHOLE, "create/create"),
                named("taken-name-ignored", BirthMutants.TakenNameIgnored::new)
                        .text("who finds the name taken goes on with the file that it made")
                        .breaks(Rule.ONE_REGION, "open-or-create/open-or-create"),
                named("taken-name-replaced", BirthMutants.TakenNameReplaced::new)
                        .text("a name that is taken between a look and the link is taken over, as rename(2) does it")
                        .breaks(Rule.ONE_REGION, "create/create"),
                named("built-under-a-name", BirthMutants.BuiltUnderAName::new)
                        .text("the file has another name while it is built")
                        .breaks(Rule.NOTHING_LEFT, "create/create,kills=1"),
                named("refused-left-open", BirthMutants.RefusedLeftOpen::new)
                        .text("who finds the name taken does not close the file that it made")
                        .breaks(Rule.NOTHING_LEFT, "create/create"),
                named("full-not-waited-for", BirthMutants.FullNotWaited::new)
                        .text("who finds no space tries again at once while others create")
                        .breaks(Rule.OWN_CODE, "open-or-create/open-or-create,tight"));
    }

    private static List<Breakage> data() {
        return List.of(
                named("rolled-back-if-told", DataMutants.RolledBackIfTold::new)
                        .text("who is not told of a death does not look at the journal")
                        .breaks(Rule.SEEN_WHOLE, "update/c-careless/update,kills=1,victims=1"),
                named("emptied-without-undoing", DataMutants.EmptiedWithoutUndoing::new)
                        .text("who rolls back empties the journal and does not restore the words")
                        .breaks(Rule.SEEN_WHOLE, "update/update,kills=1"),
                named("entries-never-valid", DataMutants.NeverValid::new)
                        .text("the entries of a transaction are never made valid")
                        .breaks(Rule.FINAL, "update/update"),
                named("committed-before-last-word", DataMutants.CommittedBeforeLastWord::new)
                        .text("a transaction is committed before its last word is stored")
                        .breaks(Rule.SEEN_WHOLE, "update/update"));
    }
}
