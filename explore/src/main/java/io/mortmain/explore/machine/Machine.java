package io.mortmain.explore.machine;

import io.mortmain.explore.machine.Access.Kind;
import io.mortmain.explore.machine.World.Allowance;
import io.mortmain.explore.machine.World.Status;
import io.mortmain.internal.layout.GlibcMutexLayout;
import io.mortmain.internal.layout.MutexSlotLayout;
import io.mortmain.internal.layout.RobustListLayout;
import io.mortmain.internal.lock.RebootMark;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A simulated machine with a few threads: which steps are possible in a state, and what each leads to. What a thread does comes from its
 * {@link Script}, which is code of the library; what the machine does is memory, futexes, and death.
 *
 * <p>A killed thread stops before its next access, and what the kernel then does for it ({@link RobustWalk}) is a thread's code too, so that
 * others run between its accesses. A process dies by the death of its threads one by one, in any order and with any delay, as with a
 * real SIGKILL on several processors. A wake-up may come to any of those who sleep.
 *
 * <p>What makes the number of states small, and why nothing is missed:
 * <ol>
 *   <li><b>Landmarks</b> ({@link Player#landmark}): between two operations, once a mutex is held, and at the head of a waiter's loop, a
 *       thread remembers no more than is compared there ({@link Player.Memory}), whatever way it came; {@link Foresight} checks it.
 *   <li><b>Owner fields of others.</b> Of a mutex that it does not hold, a thread's code asks the owner field whether it says "not
 *       recoverable", and nothing else; so it is told no more.
 *   <li><b>Threads are values</b> ({@link Player}): two orders of steps that left the same memory, and told each thread the same, are one
 *       state. Of a thread that is through, only that it is remains. Nor is what no code decides by kept: a mutex's counters, after a
 *       death its number of users, and the list head of one that is gone.
 *   <li><b>Private steps take no turns.</b> A thread's next access is private when nobody else reads or writes that word: its own list
 *       head, and what only the holder of a mutex touches. Such a step commutes with every step of every other thread, so it is enough
 *       to run it at once; its thread's death before it is tried first. (That of another thread is not lost: killing commutes with it,
 *       too, since a death acts by the walk, whose steps come later. One that the kernel does not see acts at once on who asks whether
 *       the thread exists; what such an order leaves out differs in words only that the next holder writes before it reads them, or by
 *       which nothing is decided. So the owner field, which the next holder reads, is not among the private ones.) {@link Privacy} has whose word is whose; whoever else stores to such
 *       a word, or reads it, breaks a rule ({@link Rule#OWN_WORDS_ONLY}). {@link FileSystem} has which calls about files are private.
 * </ol>
 */
public final class Machine {
    private final List<Actor> actors;
    private final Threads threads;
    private final boolean reduces;
    private final MemoryMap map;
    private final int mutexes;
    private final RobustLists lists;
    private final WakeUps wakeUps;
    private final Rules rules;
    private final Privacy privacy;
    private final FileSystem files;
    private final Adversary adversary;
    private final @Nullable DataRules dataRules;

    /**
     * A machine for these threads.
     *
     * @param entries of the directory of a region
     * @param room for how many regions there is space where threads create some; 0 where none does
     * @param listsAreSeen whether some thread looks at the lists of others
     * @param walkLimit how many links of a dead thread's list the kernel follows: {@link RobustListLayout#LIMIT}, or fewer, as where C
     *     code has put so many nodes above those of the library
     * @param reduction which states are left out that add nothing, see above
     * @param hasData whether there is the block of a guarded object in place of a directory, see {@link DataRules}
     */
    public Machine(
            List<Actor> actors,
            int mutexes,
            int entries,
            int room,
            boolean listsAreSeen,
            int walkLimit,
            Allowances allowances,
            Reduction reduction,
            boolean hasData) {
        this.actors = List.copyOf(actors);
        this.mutexes = mutexes;
        this.reduces = reduction != Reduction.NONE;
        this.map = new MemoryMap(mutexes, actors.size(), entries);
        this.threads = new Threads(this.actors, map, walkLimit, reduction == Reduction.ALL);
        this.lists = new RobustLists(this.actors, map, mutexes, walkLimit);
        this.wakeUps = new WakeUps(this.actors, map, mutexes, lists, threads::next);
        this.rules = new Rules(this.actors, map, mutexes, lists, wakeUps, threads::next);
        this.dataRules = hasData ? new DataRules(map) : null;
        this.privacy = new Privacy(this.actors, map, listsAreSeen);
        this.files = new FileSystem(this.actors, map.ints(), room);
        this.adversary = new Adversary(this.actors, allowances, reduces, privacy, files, threads::next);
    }

    World initial(int kind) {
        World world = new World(map.ints() + files.cells(), actors.size(), mutexes);
        for (int i = 0; i < mutexes; i++) {
            world.setWord(map.index(MemoryMap.mutex(i) + GlibcMutexLayout.KIND), kind);
        }
        for (int i = 0; i < actors.size(); i++) {
            long head = MemoryMap.head(i);
            putLong(world, head + RobustListLayout.FIRST, head);
            putLong(world, head + GlibcMutexLayout.NODE_TO_PREVIOUS, head);
            putLong(world, head + RobustListLayout.FUTEX_OFFSET, GlibcMutexLayout.FUTEX_OFFSET);
        }
        for (int i = 0; i < actors.size(); i++) {
            boolean isThere = actors.get(i).beginsAfter() == Actor.FROM_THE_START;
            world.setStatus(i, isThere ? Status.RUNNING : Status.NOT_BEGUN);
            threads.begin(world, i);
        }
        return world;
    }

    /** What the adversary can do; none when all is over. */
    List<Integer> choices(World world) {
        return adversary.choices(world);
    }

    Access next(World world, int thread) {
        return threads.next(world, thread);
    }

    /** The state after the choice. Throws {@link Violation} where a rule is broken. */
    World after(World before, int choice) {
        World world = before.copy();
        int thread = Choice.thread(choice);
        switch (Choice.kind(choice)) {
            case STEP -> step(world, thread, Choice.option(choice));
            case KILL -> kill(world, thread, true);
            case KILL_UNSEEN -> kill(world, thread, false);
            case TIME_OUT -> {
                world.use(Allowance.TIME_OUTS);
                goOn(world, thread, Player.TIMED_OUT);
            }
            case SLICE -> slice(world);
            case INTERRUPT -> {
                world.use(Allowance.INTERRUPTS);
                goOn(world, thread, Player.INTERRUPTED);
            }
            case BEGIN -> world.setStatus(thread, Status.RUNNING);
            case REBOOT -> reboot(world);
        }
        lists.checkFound(world);
        forgetUsers(world);
        assert isSound(world);
        return world;
    }

    private static boolean isSound(World world) {
        world.checkInvariants();
        return true;
    }

    /** After a death the number of users may be wrong, as with glibc; nobody decides by it, and no rule asks for it then. */
    private void forgetUsers(World world) {
        for (int mutex = 0; mutex < mutexes && world.used(Allowance.KILLS) > 0; mutex++) {
            put(world, MemoryMap.mutex(mutex) + GlibcMutexLayout.USERS, 0);
        }
    }

    private void step(World world, int thread, int option) {
        Access access = next(world, thread);
        switch (access.kind()) {
            case AWAIT, AWAIT_FOR_RESET -> {
                if (word(world, access.address()) == (int) access.first()) {
                    world.setStatus(thread, Status.ASLEEP);
                    wakeUps.atSleep(world, thread, access.address());
                } else {
                    threads.answer(world, thread, Player.NOT_AS_EXPECTED);
                }
            }
            case WAKE -> {
                wakeUps.atWake(world, thread, access.address());
                wake(world, adversary.wakings(world, access).get(option));
                threads.answer(world, thread, 0);
            }
            case PAUSE -> world.setStatus(thread, Status.ASLEEP);
            case CHOOSE -> threads.answer(world, thread, option);
            case END -> end(world, thread);
            case ENTER, LANDMARK -> {
                rules.observe(world, thread, access);
                if (access.kind() == Kind.LANDMARK) {
                    files.afterOperation(world, thread);
                } else if (dataRules != null) {
                    dataRules.atEnter(world, MemoryMap.mutexAt(access.address()));
                }
                threads.passLandmark(world, thread);
            }
            default -> threads.answer(world, thread, perform(world, thread, access));
        }
    }

    private void beforeAccess(World world, int thread, Access access) {
        long address = access.address();
        privacy.beforeAccess(world, thread, address);
        if (access.kind() == Kind.LOAD || access.kind() == Kind.LOAD_LONG) {
            privacy.beforeLoad(world, thread, address);
        }
        if (dataRules != null && access.kind() == Kind.LOAD_LONG) {
            dataRules.beforeLoad(world, thread, address);
        }
        if (dataRules != null && (access.kind() == Kind.STORE || access.kind() == Kind.STORE_LONG)) {
            dataRules.beforeStore(world, thread, address, access.first());
        }
    }

    /** Does it, and returns what the thread learns of it. */
    private long perform(World world, int thread, Access access) {
        if (access.kind().isOfFiles()) {
            return files.perform(world, thread, access);
        }
        long address = access.address();
        beforeAccess(world, thread, access);
        return switch (access.kind()) {
            case LOAD ->
                reduces && privacy.isAskedForRefusalOnly(world, thread, address)
                        ? asRefusal(word(world, address))
                        : word(world, address);
            case LOAD_LONG ->
                reduces && privacy.isAskedForRefusalOnly(world, thread, address)
                        ? asRefusal((int) getLong(world, address))
                        : getLong(world, address);
            case STORE -> {
                rules.beforeStore(world, thread, address, (int) access.first());
                put(world, address, (int) access.first());
                yield 0;
            }
            case STORE_LONG -> {
                rules.beforeStore(world, thread, address, (int) access.first());
                if (!MemoryMap.isCounter(address)) {
                    putLong(world, address, access.first());
                }
                yield 0;
            }
            case COMPARE_AND_SET -> {
                boolean equal = word(world, address) == (int) access.first();
                if (equal) {
                    exchange(world, thread, address, (int) access.second());
                }
                yield equal ? 1 : 0;
            }
            case SWAP -> {
                int old = word(world, address);
                exchange(world, thread, address, (int) access.first());
                yield old;
            }
            case EXISTS -> exists(world, (int) access.first()) ? 1 : 0;
            case LISTED -> lists.isListed(world, thread, MemoryMap.mutexAt(address)) ? 1 : 0;
            case HELD_BY -> isHeldBy(world, MemoryMap.mutexAt(address), (int) access.first()) ? 1 : 0;
            case TAKE_TURN -> takeTurn(world, thread, MemoryMap.mutexAt(address));
            case END_TURN -> {
                world.setTurn(MemoryMap.mutexAt(address), -1);
                yield 0;
            }
            default -> {
                rules.observe(world, thread, access);
                yield 0;
            }
        };
    }

    private static int asRefusal(int owner) {
        return owner == GlibcMutexLayout.OWNER_NOT_RECOVERABLE ? owner : 0;
    }

    private void exchange(World world, int thread, long address, int value) {
        int old = word(world, address);
        put(world, address, value);
        if (MemoryMap.isLock(address)) {
            rules.afterExchange(world, thread, MemoryMap.mutexAt(address), old, value);
        }
    }

    private long takeTurn(World world, int thread, int mutex) {
        boolean free = world.turn(mutex) < 0;
        if (free) {
            world.setTurn(mutex, thread);
        }
        return free ? 1 : 0;
    }

    private boolean exists(World world, int threadId) {
        for (int thread = 0; thread < actors.size(); thread++) {
            Status status = world.status(thread);
            if (actors.get(thread).threadId() == threadId && status != Status.GONE && status != Status.NOT_BEGUN) {
                return true;
            }
        }
        return false;
    }

    /**
     * One that is dying may hold it: nobody can say. One that is only about to put it on its list or to take it off may, unless it sleeps
     * on the word: so does who waits for it, and nobody between.
     */
    private boolean isHeldBy(World world, int mutex, int threadId) {
        for (int thread = 0; thread < actors.size(); thread++) {
            Status status = world.status(thread);
            boolean exists = status != Status.GONE && status != Status.NOT_BEGUN;
            if (exists && actors.get(thread).threadId() == threadId) {
                boolean waits = status == Status.ASLEEP
                        && next(world, thread).address() == MemoryMap.mutex(mutex) + GlibcMutexLayout.LOCK;
                return status == Status.DYING
                        || (waits ? lists.isListed(world, thread, mutex) : lists.isFound(world, thread, mutex));
            }
        }
        return false;
    }

    private void wake(World world, Waking waking) {
        if (waking.answer() == Player.WOKEN_LATE) {
            world.use(Allowance.TIME_OUTS);
        } else if (waking.answer() == Player.WOKEN_INTERRUPTED) {
            world.use(Allowance.INTERRUPTS);
        }
        waking.woken().forEach(sleeper -> {
            wakeUps.atWoken(world, sleeper, next(world, sleeper).address());
            goOn(world, sleeper, waking.answer());
        });
    }

    private void goOn(World world, int thread, int why) {
        world.setStatus(thread, Status.RUNNING);
        wakeUps.atAwake(world, thread);
        threads.answer(world, thread, why);
    }

    /** Nobody can do anything but wait: the time of everybody whose sleep has a limit is over. */
    private void slice(World world) {
        world.use(Allowance.IDLE_SLICES);
        for (int thread = 0; thread < actors.size(); thread++) {
            if (adversary.hasLimit(world, thread)) {
                wakeUps.checkIdleSleeper(world, thread, next(world, thread));
                Rules.require(
                        world.used(Allowance.IDLE_SLICES) < Adversary.MOST_IDLE_SLICES
                                || adversary.waitsBehindLeftOver(world, thread),
                        Rule.GETS_ON,
                        "after " + Adversary.MOST_IDLE_SLICES + " slices in which nobody could run, "
                                + actors.get(thread).name() + " waits still");
                goOn(world, thread, Player.TIMED_OUT);
            }
        }
        for (int mutex = 0; mutex < mutexes; mutex++) {
            world.afterSlice(mutex);
        }
    }

    private void kill(World world, int thread, boolean seen) {
        world.use(Allowance.KILLS);
        rules.atDeath(world, thread, seen);
        if (seen) {
            world.setStatus(thread, Status.DYING);
            threads.beginWalk(world, thread);
        } else {
            gone(world, thread);
            files.afterEnd(world, actors.get(thread).process());
        }
    }

    /** Everybody is gone, and no kernel walked; the file is recovered, by the library's code. */
    private void reboot(World world) {
        world.use(Allowance.REBOOTS);
        for (int thread = 0; thread < actors.size(); thread++) {
            if (world.status(thread) != Status.NOT_BEGUN) {
                gone(world, thread);
            }
        }
        for (int mutex = 0; mutex < mutexes; mutex++) {
            ByteBuffer bytes = ByteBuffer.allocate(MutexSlotLayout.SIZE).order(ByteOrder.LITTLE_ENDIAN);
            int first = map.index(MemoryMap.mutex(mutex));
            for (int i = 0; i < MemoryMap.MUTEX_INTS; i++) {
                bytes.putInt(i * Integer.BYTES, world.word(first + i));
            }
            RebootMark.mark(bytes, 0);
            for (int i = 0; i < MemoryMap.MUTEX_INTS; i++) {
                world.setWord(first + i, bytes.getInt(i * Integer.BYTES));
            }
            rules.atReboot(world, mutex);
        }
    }

    private void end(World world, int thread) {
        if (world.status(thread) == Status.DYING) {
            lists.checkWalked(world, thread);
            gone(world, thread);
        } else {
            rules.checkThrough(world, thread);
            world.setStatus(thread, Status.ENDED);
            world.setHistory(thread, 0); // however it came here
        }
        files.afterEnd(world, actors.get(thread).process());
    }

    /** A turn goes with the last thread of the process; that of a daemon, which is not killed here, stays. */
    private void gone(World world, int thread) {
        rules.atGone(world, thread);
        world.setStatus(thread, Status.GONE);
        world.setHistory(thread, 0);
        forgetList(world, thread);
        int process = actors.get(thread).process();
        for (int other = 0; other < actors.size(); other++) {
            Status status = world.status(other);
            boolean goesOn = status == Status.RUNNING || status == Status.ASLEEP || status == Status.DYING;
            if (goesOn && isOfDying(other, process)) {
                return;
            }
        }
        for (int mutex = 0; mutex < mutexes; mutex++) {
            if (world.turn(mutex) >= 0 && isOfDying(world.turn(mutex), process)) {
                world.setTurn(mutex, -1);
            }
        }
    }

    private boolean isOfDying(int thread, int process) {
        return actors.get(thread).process() == process && actors.get(thread).isMortal();
    }

    /** Nobody touches another's list head, and the kernel has walked; so what is in it makes no two states. */
    private void forgetList(World world, int thread) {
        long head = MemoryMap.head(thread);
        putLong(world, head + RobustListLayout.FIRST, 0);
        putLong(world, head + RobustListLayout.PENDING, 0);
        putLong(world, head + GlibcMutexLayout.NODE_TO_PREVIOUS, 0);
    }

    /** When nothing is possible any more. */
    void checkEnd(World world) {
        rules.checkEnd(world);
        files.checkEnd(world);
    }

    private int word(World world, long address) {
        return world.word(mapped(address));
    }

    private void put(World world, long address, int value) {
        world.setWord(mapped(address), value);
    }

    private long getLong(World world, long address) {
        return map.getLong(world, mapped(address));
    }

    private void putLong(World world, long address, long value) {
        map.putLong(world, mapped(address), value);
    }

    private int mapped(long address) {
        int index = map.index(address);
        Rules.require(
                index >= 0,
                Rule.OWN_WORDS_ONLY,
                () -> "access to " + MemoryMap.name(address) + ", which is not mapped");
        return index;
    }

    /** The choice as a line of a trace. */
    String describe(World before, int choice) {
        Access next = next(before, Choice.thread(choice));
        boolean isStep = Choice.kind(choice) == Choice.Kind.STEP;
        boolean wakes = isStep && next.kind() == Kind.WAKE;
        boolean chooses = isStep && next.kind() == Kind.CHOOSE;
        Narrator narrator = new Narrator(actors);
        return narrator.line(before, choice, next, address -> word(before, address))
                + (wakes ? narrator.woken(adversary.wakings(before, next).get(Choice.option(choice))) : "")
                + (chooses
                        ? " "
                                + actors.get(Choice.thread(choice))
                                        .script()
                                        .nameOf((int) next.first(), Choice.option(choice))
                        : "")
                + (isStep ? files.refusal(before, next) : "");
    }
}
