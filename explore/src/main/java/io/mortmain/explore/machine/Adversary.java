package io.mortmain.explore.machine;

import io.mortmain.explore.machine.World.Allowance;
import io.mortmain.explore.machine.World.Status;
import java.util.ArrayList;
import java.util.List;

/** Who decides what happens next: which thread makes a step, who dies, who is woken, whose time is over. */
final class Adversary {
    /** What a thread asks next. */
    @FunctionalInterface
    interface Next {
        Access of(World world, int thread);
    }

    /** Idle slices after which a thread that waits is said not to get on. */
    static final int MOST_IDLE_SLICES = 12;

    private final List<Actor> actors;
    private final Allowances allowances;
    private final boolean reduces;
    private final Privacy privacy;
    private final FileSystem files;
    private final Next next;
    private final boolean reboots;

    Adversary(
            List<Actor> actors, Allowances allowances, boolean reduces, Privacy privacy, FileSystem files, Next next) {
        this.actors = actors;
        this.allowances = allowances;
        this.reduces = reduces;
        this.privacy = privacy;
        this.files = files;
        this.next = next;
        this.reboots = actors.stream().anyMatch(actor -> actor.beginsAfter() == Actor.AFTER_REBOOT);
    }

    /** What the adversary can do; none when all is over. */
    List<Integer> choices(World world) {
        List<Integer> choices = new ArrayList<>();
        for (int thread = 0; thread < actors.size(); thread++) {
            if (reduces && isPrivate(world, thread)) {
                addKills(choices, world, thread);
                addSteps(choices, world, thread);
                addReboot(choices, world);
                return choices;
            }
        }
        for (int thread = 0; thread < actors.size(); thread++) {
            if (isRunnable(world, thread)) {
                addSteps(choices, world, thread);
            }
        }
        if (choices.isEmpty() && anyoneMayGetOn(world) && !anyoneIsDoomed(world)) {
            choices.add(Choice.of(Choice.Kind.SLICE, 0));
        }
        for (int thread = 0; thread < actors.size(); thread++) {
            addEvents(choices, world, thread);
        }
        for (int thread = 0; thread < actors.size(); thread++) {
            addKills(choices, world, thread);
        }
        addReboot(choices, world);
        return choices;
    }

    private void addReboot(List<Integer> choices, World world) {
        if (mayReboot(world)) {
            choices.add(Choice.of(Choice.Kind.REBOOT, 0));
        }
    }

    static boolean isRunnable(World world, int thread) {
        Status status = world.status(thread);
        return status == Status.RUNNING || status == Status.DYING;
    }

    private boolean isPrivate(World world, int thread) {
        if (!isRunnable(world, thread)) {
            return false;
        }
        Access asked = next.of(world, thread);
        return switch (asked.kind()) {
            case LOAD, LOAD_LONG, STORE, STORE_LONG -> privacy.isPrivate(world, thread, asked.address());
            case ENTER, REFUSED, CHOOSE, LANDMARK -> true;
            case END -> world.status(thread) == Status.RUNNING; // that of a dying one is seen by others
            default -> files.isPrivate(asked.kind());
        };
    }

    private void addSteps(List<Integer> choices, World world, int thread) {
        Access asked = next.of(world, thread);
        int options = switch (asked.kind()) {
            case WAKE -> wakings(world, asked).size();
            case CHOOSE -> (int) asked.second();
            default -> 1;
        };
        for (int option = 0; option < options; option++) {
            choices.add(Choice.of(Choice.Kind.STEP, thread, option));
        }
    }

    private void addEvents(List<Integer> choices, World world, int thread) {
        Status status = world.status(thread);
        if (status == Status.NOT_BEGUN && mayBegin(world, actors.get(thread).beginsAfter())) {
            choices.add(Choice.of(Choice.Kind.BEGIN, thread));
        }
        if (status != Status.ASLEEP) {
            return;
        }
        if (hasLimit(world, thread) && world.used(Allowance.TIME_OUTS) < allowances.timeOuts()) {
            choices.add(Choice.of(Choice.Kind.TIME_OUT, thread));
        }
        if (world.used(Allowance.INTERRUPTS) < allowances.interrupts()) {
            choices.add(Choice.of(Choice.Kind.INTERRUPT, thread));
        }
    }

    private static boolean mayBegin(World world, int after) {
        return after == Actor.AFTER_REBOOT
                ? world.used(Allowance.REBOOTS) > 0
                : world.status(after) == Status.GONE && world.used(Allowance.REBOOTS) == 0;
    }

    private boolean mayReboot(World world) {
        return reboots && world.used(Allowance.REBOOTS) == 0;
    }

    boolean hasLimit(World world, int thread) {
        return world.status(thread) == Status.ASLEEP && next.of(world, thread).second() != Long.MAX_VALUE;
    }

    /** Whether a slice may help somebody. Who waits behind a number that is left over and lives looks again for ever: a few times are enough. */
    private boolean anyoneMayGetOn(World world) {
        boolean isEarly = world.used(Allowance.IDLE_SLICES) < MOST_IDLE_SLICES - 1;
        for (int thread = 0; thread < actors.size(); thread++) {
            if (hasLimit(world, thread) && (isEarly || !waitsBehindLeftOver(world, thread))) {
                return true;
            }
        }
        return false;
    }

    /** Whether it sleeps for a mutex in whose word a thread has left its number, and does not hold it. */
    boolean waitsBehindLeftOver(World world, int thread) {
        long address = next.of(world, thread).address();
        return MemoryMap.isLock(address) && world.isLeftOver(MemoryMap.mutexAt(address));
    }

    private void addKills(List<Integer> choices, World world, int thread) {
        Status status = world.status(thread);
        boolean mayDie = actors.get(thread).isMortal() && (status == Status.RUNNING || status == Status.ASLEEP);
        boolean isChosen = thread < allowances.victims() && world.used(Allowance.KILLS) < allowances.kills();
        if (mayDie && (isChosen || isDoomed(world, thread))) {
            choices.add(Choice.of(Choice.Kind.KILL, thread));
            if (allowances.unseen()) {
                choices.add(Choice.of(Choice.Kind.KILL_UNSEEN, thread));
            }
        }
    }

    /** Whether its process is dying: where one thread of it was killed, all will be, whatever was allowed. */
    private boolean isDoomed(World world, int thread) {
        int process = actors.get(thread).process();
        for (int other = 0; other < actors.size(); other++) {
            Status status = world.status(other);
            if (actors.get(other).process() == process && (status == Status.DYING || status == Status.GONE)) {
                return true;
            }
        }
        return false;
    }

    /** Whether somebody will die soon, without which others need not get on. */
    private boolean anyoneIsDoomed(World world) {
        for (int thread = 0; thread < actors.size(); thread++) {
            Status status = world.status(thread);
            boolean lives = status == Status.RUNNING || status == Status.ASLEEP;
            if (lives && actors.get(thread).isMortal() && isDoomed(world, thread)) {
                return true;
            }
        }
        return false;
    }

    private List<Integer> sleepers(World world, long word) {
        List<Integer> sleepers = new ArrayList<>();
        for (int thread = 0; thread < actors.size(); thread++) {
            if (world.status(thread) == Status.ASLEEP && next.of(world, thread).address() == word) {
                sleepers.add(thread);
            }
        }
        return sleepers;
    }

    /** To whom a wake-up may go, and how they find themselves: time passes, and interrupts come, between being woken and running. */
    List<Waking> wakings(World world, Access wake) {
        List<Integer> sleepers = sleepers(world, wake.address());
        if (wake.first() > 1 || sleepers.isEmpty()) {
            assert wake.first() >= sleepers.size() : "nothing wakes several and not all: " + wake;
            return List.of(new Waking(sleepers, Player.WOKEN));
        }
        List<Waking> wakings = new ArrayList<>(Waking.ofEach(sleepers, Player.WOKEN));
        if (!MemoryMap.isLock(wake.address())) {
            return wakings;
        }
        if (world.used(Allowance.TIME_OUTS) < allowances.timeOuts()) {
            List<Integer> limited = sleepers.stream()
                    .filter(sleeper -> hasLimit(world, sleeper))
                    .toList();
            wakings.addAll(Waking.ofEach(limited, Player.WOKEN_LATE));
        }
        if (world.used(Allowance.INTERRUPTS) < allowances.interrupts()) {
            wakings.addAll(Waking.ofEach(sleepers, Player.WOKEN_INTERRUPTED));
        }
        return wakings;
    }
}
