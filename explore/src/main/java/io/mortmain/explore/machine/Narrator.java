package io.mortmain.explore.machine;

import io.mortmain.explore.machine.World.Status;
import io.mortmain.internal.layout.GlibcMutexLayout;
import java.util.List;
import java.util.function.LongToIntFunction;
import java.util.stream.Collectors;

/** Tells a trace to people. */
final class Narrator {
    private final List<Actor> actors;

    Narrator(List<Actor> actors) {
        this.actors = actors;
    }

    String line(World before, int choice, Access next, LongToIntFunction words) {
        int thread = Choice.thread(choice);
        String who = actors.get(thread).name();
        return switch (Choice.kind(choice)) {
            case KILL -> who + " is killed";
            case KILL_UNSEEN -> who + " is killed, and the kernel cannot read its list";
            case SLICE -> "nobody can do anything; a slice later, all who sleep with a limit wake";
            case TIME_OUT -> who + " has slept long enough";
            case INTERRUPT -> who + " is interrupted";
            case REBOOT -> "the machine is rebooted; the region's file is recovered";
            case BEGIN -> who + " begins" + afterWhom(actors.get(thread).beginsAfter());
            case STEP ->
                (before.status(thread) == Status.DYING ? "kernel, for " + who : who) + ": " + step(next, words);
        };
    }

    private String afterWhom(int gone) {
        return gone < 0 ? "" : ", with the number of the dead " + name(gone);
    }

    /** What comes of a wake-up. */
    String woken(Waking waking) {
        if (waking.woken().isEmpty()) {
            return ", where nobody sleeps";
        }
        String names = waking.woken().stream().map(this::name).collect(Collectors.joining(", "));
        return switch (waking.answer()) {
            case Player.WOKEN_LATE -> ": " + names + ", whose time is over when it runs";
            case Player.WOKEN_INTERRUPTED -> ": " + names + ", which is interrupted before it runs";
            default -> ": " + names;
        };
    }

    private String name(int thread) {
        return actors.get(thread).name();
    }

    private String step(Access access, LongToIntFunction words) {
        long address = access.address();
        String at = address == 0 ? "" : MemoryMap.name(address);
        return switch (access.kind()) {
            case LOAD -> "reads " + at + ", " + value(address, words.applyAsInt(address));
            case LOAD_LONG -> "reads " + at;
            case STORE -> at + " := " + value(address, (int) access.first());
            case STORE_LONG ->
                at + " := "
                        + (isOwner(address)
                                ? value(address, (int) access.first()) + ", users "
                                        + (int) (access.first() >>> Integer.SIZE)
                                : MemoryMap.target(access.first()));
            case COMPARE_AND_SET ->
                at + ": " + value(address, (int) access.first()) + " -> " + value(address, (int) access.second())
                        + (words.applyAsInt(address) == (int) access.first()
                                ? ""
                                : ", fails: it is " + value(address, words.applyAsInt(address)));
            case SWAP ->
                at + ": exchanges " + value(address, words.applyAsInt(address)) + " for "
                        + value(address, (int) access.first());
            case AWAIT, AWAIT_FOR_RESET ->
                words.applyAsInt(address) == (int) access.first()
                        ? "sleeps on " + at
                        : "would sleep on " + at + ", but it is " + value(address, words.applyAsInt(address));
            case WAKE -> "wakes " + (access.first() == 1 ? "one" : "all") + " on " + at;
            case EXISTS -> "asks whether thread " + access.first() + " is left";
            case LISTED -> "looks for " + at + " on its own list";
            case HELD_BY -> "looks whether thread " + access.first() + " has " + at + " on its list";
            case TAKE_TURN -> "asks for the turn to mark";
            case END_TURN -> "gives the turn back";
            case NAMELESS -> "makes a file without a name";
            case OPEN -> "opens the file with " + FileSystem.nameOf(access.first());
            case RESERVE -> "reserves space for its file";
            case WRITE -> "writes to its file";
            case READ -> "reads its file";
            case SET_GROUP -> "sets the group of its file";
            case SET_MODE -> "sets the mode of its file";
            case STATUS -> "asks for the size of its file";
            case LINK -> "gives its file " + FileSystem.nameOf(access.first());
            case UNLINK -> "removes " + FileSystem.nameOf(access.first());
            case CLOSE -> "closes its file";
            case MAP -> "maps its file";
            case UNMAP -> "unmaps its file";
            case PAUSE -> "pauses";
            case HAS_REGION -> "has the region";
            case REMOVES -> "is about to remove the region";
            case ENTER -> "has mutex " + MemoryMap.mutexAt(address) + (access.first() != 0 ? ", told of a death" : "");
            case LEAVE ->
                "is about to release mutex " + MemoryMap.mutexAt(address) + (access.first() != 0 ? " for ever" : "");
            case REFUSED -> "does not get it: " + Refusal.of(access.first());
            case CHOOSE -> "goes on with";
            case LANDMARK -> "has done one operation";
            case END -> "is through";
            default -> access.toString();
        };
    }

    private static boolean isOwner(long address) {
        return MemoryMap.isInMutex(address) && MemoryMap.fieldAt(address) == GlibcMutexLayout.OWNER;
    }

    private static String value(long address, int value) {
        if (MemoryMap.isLock(address)) {
            return lock(value);
        }
        if (isOwner(address)) {
            return switch (value) {
                case GlibcMutexLayout.OWNER_INCONSISTENT -> "inconsistent";
                case GlibcMutexLayout.OWNER_NOT_RECOVERABLE -> "not recoverable";
                default -> Integer.toString(value);
            };
        }
        return Integer.toString(value);
    }

    private static String lock(int value) {
        int number = value & GlibcMutexLayout.TID_MASK;
        StringBuilder text = new StringBuilder(number == 0 ? "" : Integer.toString(number));
        if ((value & GlibcMutexLayout.OWNER_DIED) != 0) {
            text.append(text.isEmpty() ? "" : "|").append("OWNER_DIED");
        }
        if ((value & GlibcMutexLayout.WAITERS) != 0) {
            text.append(text.isEmpty() ? "" : "|").append("WAITERS");
        }
        return text.isEmpty() ? "0" : text.toString();
    }
}
