package io.mortmain.explore.machine;

import io.mortmain.explore.machine.WakeCase.Event;
import io.mortmain.explore.machine.WakeCase.Fate;
import io.mortmain.explore.machine.WakeCase.How;
import io.mortmain.explore.machine.WakeCase.Outcome;
import io.mortmain.explore.machine.World.Status;
import io.mortmain.internal.layout.RobustListLayout;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** A story of sleepers on the {@link Machine}: everything that may become of them there. */
final class SimulatedWakes {
    private static final long WORD = MemoryMap.ownWord(0);
    private static final long NANOS = 1_000_000;

    private final List<Event> events;
    private final Machine machine;

    /** Where a story may have got to: the machine, and what was seen so far. */
    private record Branch(World world, List<Fate> fates, List<Integer> woken) {}

    private SimulatedWakes(WakeCase story) {
        events = story.events();
        List<Actor> actors = new ArrayList<>();
        for (Event event : events) { // each is some thread's; that of a kill does nothing
            actors.add(new Actor("thread " + actors.size(), 100 + actors.size(), actors.size(), script(event)));
        }
        machine = new Machine(
                actors,
                0,
                0,
                0,
                false,
                RobustListLayout.LIMIT,
                new Allowances(events.size(), events.size(), false, events.size(), 0),
                Reduction.ALL,
                false);
    }

    static Set<Outcome> run(WakeCase story) {
        SimulatedWakes stage = new SimulatedWakes(story);
        Set<Branch> branches = Set.of(new Branch(stage.machine.initial(0), List.of(), List.of()));
        for (int i = 0; i < story.events().size(); i++) {
            Set<Branch> next = new HashSet<>();
            for (Branch branch : branches) {
                next.addAll(stage.after(branch, i));
            }
            branches = next;
        }
        Set<Outcome> outcomes = new HashSet<>();
        branches.forEach(branch -> outcomes.add(new Outcome(branch.fates(), branch.woken())));
        return outcomes;
    }

    private static Script script(Event event) {
        return player -> {
            SeamOf seam = new SeamOf(player);
            switch (event) {
                case Event.Sleep sleep -> {
                    long nanos = sleep.how() == How.DOZE ? NANOS : Long.MAX_VALUE;
                    seam.kernel().await(WORD, sleep.value(), nanos, 0);
                }
                case Event.Wake wake -> seam.kernel().wake(WORD, wake.most());
                case Event.Store store -> seam.words().putIntRelease(WORD, store.value());
                case Event.Kill _ -> {}
            }
        };
    }

    /** The thread of a sleeper: that of the event in which it went to sleep. */
    private int thread(int sleeper) {
        int left = sleeper;
        for (int i = 0; i < events.size(); i++) {
            if (events.get(i) instanceof Event.Sleep && left-- == 0) {
                return i;
            }
        }
        throw new IndexOutOfBoundsException(sleeper);
    }

    private List<Branch> after(Branch before, int index) {
        Event event = events.get(index);
        int thread = event instanceof Event.Kill kill ? thread(kill.sleeper()) : index;
        Choice.Kind kind = event instanceof Event.Kill ? Choice.Kind.KILL : Choice.Kind.STEP;
        List<Branch> branches = new ArrayList<>();
        if (event instanceof Event.Kill kill && before.fates().get(kill.sleeper()) != kill.until()) {
            return branches; // another was woken: another story
        }
        World world = settled(before.world(), thread);
        for (int choice : machine.choices(world)) {
            if (Choice.kind(choice) == kind && Choice.thread(choice) == thread) {
                branches.add(seen(before, event, machine.after(world, choice), thread));
            }
        }
        return branches;
    }

    /** Where everybody has got as far as he can by himself, but for one. */
    private World settled(World world, int except) {
        for (int thread = 0; thread < events.size(); thread++) {
            while (thread != except && isByItself(world, thread)) {
                world = machine.after(world, Choice.of(Choice.Kind.STEP, thread));
            }
        }
        return world;
    }

    private boolean isByItself(World world, int thread) {
        Status status = world.status(thread);
        return status == Status.DYING
                || status == Status.RUNNING && machine.next(world, thread).kind() == Access.Kind.END;
    }

    private Branch seen(Branch before, Event event, World world, int thread) {
        List<Fate> fates = new ArrayList<>(before.fates());
        List<Integer> woken = new ArrayList<>(before.woken());
        int now = markWoken(fates, world);
        switch (event) {
            case Event.Sleep sleep
            when sleep.how() == How.DOZE -> {
                fates.add(Fate.TIMED_OUT);
                world = machine.after(world, Choice.of(Choice.Kind.TIME_OUT, thread));
            }
            case Event.Sleep _ -> fates.add(world.status(thread) == Status.ASLEEP ? Fate.ASLEEP : Fate.AGAIN);
            case Event.Wake _ -> woken.add(now);
            case Event.Kill kill -> fates.set(kill.sleeper(), Fate.KILLED);
            case Event.Store _ -> {}
        }
        return new Branch(world, fates, woken);
    }

    /** How many of those who slept do not any more, whatever the reason. */
    private int markWoken(List<Fate> fates, World world) {
        int count = 0;
        for (int i = 0; i < fates.size(); i++) {
            if (fates.get(i) == Fate.ASLEEP && world.status(thread(i)) != Status.ASLEEP) {
                fates.set(i, Fate.WOKEN);
                count++;
            }
        }
        return count;
    }
}
