package io.mortmain.explore.machine;

import io.mortmain.explore.machine.Access.Kind;
import io.mortmain.explore.machine.World.Status;
import java.util.List;

/**
 * The files of the simulated machine: what has which name, who uses what, what is in it. Their cells in a {@link World}:
 *
 * <pre>
 *   of each name: its file | of each thread: what it has open, what mapped | of each file: facts, mode, group, contents
 * </pre>
 *
 * <p>Each call is one step, since the kernel does each as one for whoever looks by name: it makes, finds and removes a name under the lock
 * of the folder. A file is gone with its last name and the last who has it open or mapped, and a process has nothing when it is dead.
 *
 * <p>What is done to a file without a name nobody else can see: without a name it cannot be opened, and its descriptor, which is
 * close-on-exec, goes to no other process. What is in a file with the region's name does not change ({@link Rule#BORN_WHOLE}; what its
 * users store through their mappings is explored by itself). So to write, to look at a file that is open, and to map it are
 * private steps, see {@link Machine}. Making a file takes turns, though nobody sees that either: a file has the number of a place that is
 * free. So does giving one up, which makes a place free; and reserving, where space is short. There the real kernel can be a little worse
 * than this one: of two who reserve the last space at the same time, it may refuse both, and give back what it took for either. Both come
 * again then, as the one does here.
 */
final class FileSystem {
    private static final int DONE = 0;

    private static final int ENOENT = 2;
    private static final int EEXIST = 17;
    private static final int ENOSPC = 28;

    /** As the kernel makes a nameless file for a process; not what programs want. */
    private static final int FIRST_MODE = 0600;

    private static final int FIRST_GROUP = 0;

    /** The name that counts; the others are for files that are not ready, where there are such. */
    private static final int REGION_NAME = 0;

    private static final int EXISTS = 1;
    private static final int HAD_THE_NAME = 2;

    private static final int OF_THREAD = 2;
    private static final int REMOVES = 1 << 31;

    private static final int OF_FILE = 4;
    private static final int MODE_CELL = 1;
    private static final int GROUP_CELL = 2;
    private static final int CONTENTS_CELL = 3;

    private final List<Actor> actors;
    private final int begin;
    private final int room;
    private final int threads;
    /** For each thread: that with the name, and one that each of all still uses. */
    private final int places;

    private final int names;

    /**
     * Files whose cells begin there.
     *
     * @param room for how many regions there is space; 0 where no thread makes any
     */
    FileSystem(List<Actor> actors, int begin, int room) {
        this.actors = actors;
        this.begin = begin;
        this.room = room;
        this.threads = actors.size();
        this.places = threads * (threads + 1);
        this.names = 1 + places;
    }

    int cells() {
        return room == 0 ? 0 : names + OF_THREAD * threads + OF_FILE * places;
    }

    /** The number of a name: of the region's, or of one that ends with the number of the file that it is for. */
    static int nameAt(String path) {
        return path.equals(WantedRegion.NAME)
                ? REGION_NAME
                : 1 + Integer.parseInt(path.substring(path.lastIndexOf('-') + 1));
    }

    /** How a trace names it. */
    static String nameOf(long name) {
        return name == REGION_NAME ? "the region's name" : "another name";
    }

    /** What a trace says behind the call, where it will be refused. */
    String refusal(World before, Access call) {
        return switch (call.kind()) {
            case OPEN, UNLINK -> isTaken(before, call.first()) ? "" : ", which nothing has";
            case LINK -> isTaken(before, call.first()) ? ", which is taken" : "";
            case RESERVE -> hasSpaceFor(before, (int) call.address()) ? "" : ", and there is not enough";
            default -> "";
        };
    }

    /** Whether nobody else can notice the call, see above. */
    boolean isPrivate(Kind call) {
        return switch (call) {
            case WRITE, READ, SET_GROUP, SET_MODE, STATUS, MAP, HAS_REGION, REMOVES -> true;
            case RESERVE -> room >= places;
            default -> false;
        };
    }

    /** Does it, and returns what the thread learns of it: a number, or an error number below 0. */
    long perform(World world, int thread, Access call) {
        int file = (int) call.address();
        return switch (call.kind()) {
            case NAMELESS -> make(world, thread);
            case OPEN -> open(world, thread, (int) call.first());
            case RESERVE -> reserve(world, thread, file, call.first());
            case WRITE -> write(world, thread, file, Contents.of(call.first()));
            case READ -> world.word(cell(file) + CONTENTS_CELL);
            case SET_GROUP -> change(world, thread, file, GROUP_CELL, (int) call.first());
            case SET_MODE -> change(world, thread, file, MODE_CELL, (int) call.first());
            case STATUS -> contents(world, file).size();
            case LINK -> link(world, thread, file, (int) call.first());
            case UNLINK -> unlink(world, thread, (int) call.first());
            case CLOSE -> giveUp(world, open(thread), file);
            case MAP -> set(world, mapped(thread), 1 << file);
            case UNMAP -> giveUp(world, mapped(thread), file);
            case HAS_REGION -> checkRegion(world, thread, file);
            case REMOVES -> set(world, mapped(thread), REMOVES);
            default -> throw new AssertionError(call);
        };
    }

    private int make(World world, int thread) {
        for (int file = thread; file < places; file += threads) {
            if (!exists(world, file)) {
                world.setWord(cell(file), EXISTS);
                world.setWord(cell(file) + MODE_CELL, FIRST_MODE);
                world.setWord(cell(file) + GROUP_CELL, FIRST_GROUP);
                world.setWord(cell(file) + CONTENTS_CELL, Contents.EMPTY);
                set(world, open(thread), 1 << file);
                return file;
            }
        }
        throw new AssertionError(actors.get(thread).name() + " has made more files than can be in use");
    }

    private int open(World world, int thread, int name) {
        int file = world.word(begin + name) - 1;
        if (file < 0) {
            return -ENOENT;
        }
        set(world, open(thread), 1 << file);
        return file;
    }

    private int reserve(World world, int thread, int file, long size) {
        if (!hasSpaceFor(world, file)) {
            return -ENOSPC;
        }
        int reserved = contents(world, file).reserved(size).number();
        return change(world, thread, file, CONTENTS_CELL, reserved);
    }

    private boolean hasSpaceFor(World world, int file) {
        int others = 0;
        for (int other = 0; other < places; other++) {
            boolean isOther = other != file && exists(world, other);
            others += isOther && contents(world, other).size() > 0 ? 1 : 0;
        }
        return others < room;
    }

    private int write(World world, int thread, int file, Contents part) {
        int written = contents(world, file).written(part).number();
        return change(world, thread, file, CONTENTS_CELL, written);
    }

    private boolean isTaken(World world, long name) {
        return world.word(begin + (int) name) != 0;
    }

    private int link(World world, int thread, int file, int name) {
        if (isTaken(world, name)) {
            return -EEXIST;
        }
        if (name == REGION_NAME) {
            checkWhole(world, thread, file);
            set(world, cell(file), HAD_THE_NAME);
        }
        world.setWord(begin + name, file + 1);
        return DONE;
    }

    private int unlink(World world, int thread, int name) {
        int file = world.word(begin + name) - 1;
        if (file < 0) {
            return -ENOENT;
        }
        Rules.require(
                name != REGION_NAME || (world.word(mapped(thread)) & REMOVES) != 0,
                Rule.ONE_REGION,
                actors.get(thread).name() + " takes the name from a region, and was not to remove it");
        world.setWord(begin + name, 0);
        dropUnused(world);
        return DONE;
    }

    private int change(World world, int thread, int file, int cell, int value) {
        Rules.require(
                (world.word(cell(file)) & HAD_THE_NAME) == 0,
                Rule.BORN_WHOLE,
                actors.get(thread).name() + " changes a file that has had the region's name");
        world.setWord(cell(file) + cell, value);
        return DONE;
    }

    private int giveUp(World world, int cell, int file) {
        world.setWord(cell, world.word(cell) & ~(1 << file));
        dropUnused(world);
        return DONE;
    }

    private void dropUnused(World world) {
        int used = 0;
        for (int name = 0; name < names; name++) {
            int file = world.word(begin + name) - 1;
            used |= file < 0 ? 0 : 1 << file;
        }
        for (int thread = 0; thread < threads; thread++) {
            used |= world.word(open(thread)) | world.word(mapped(thread));
        }
        for (int file = 0; file < places; file++) {
            for (int i = 0; i < OF_FILE && (used & (1 << file)) == 0; i++) {
                world.setWord(cell(file) + i, 0);
            }
        }
    }

    /** A thread has ended; with the last of a process that was killed, all goes that it had. */
    void afterEnd(World world, int process) {
        if (room > 0 && isDead(world, process)) {
            for (int thread = 0; thread < threads; thread++) {
                if (actors.get(thread).process() == process) {
                    world.setWord(open(thread), 0);
                    world.setWord(mapped(thread), 0);
                }
            }
            dropUnused(world);
        }
    }

    private boolean isDead(World world, int process) {
        boolean killed = false;
        for (int thread = 0; thread < threads; thread++) {
            if (actors.get(thread).process() == process) {
                Status status = world.status(thread);
                if (status != Status.GONE && status != Status.ENDED) {
                    return false;
                }
                killed |= status == Status.GONE;
            }
        }
        return killed;
    }

    private void checkWhole(World world, int thread, int file) {
        String missing = WantedRegion.missing(
                contents(world, file), world.word(cell(file) + MODE_CELL), world.word(cell(file) + GROUP_CELL));
        Rules.require(
                missing.isEmpty(),
                Rule.BORN_WHOLE,
                actors.get(thread).name() + " gives a file the region's name: " + missing);
    }

    /** The thread was given this one. */
    private int checkRegion(World world, int thread, int file) {
        Rules.require(
                (world.word(cell(file)) & HAD_THE_NAME) != 0 && (world.word(mapped(thread)) & (1 << file)) != 0,
                Rule.ONE_REGION,
                actors.get(thread).name() + " has a region that never had the name");
        return DONE;
    }

    /** A thread stands between two operations. */
    void afterOperation(World world, int thread) {
        if (room > 0) {
            Rules.require(
                    world.word(open(thread)) == 0 && (world.word(mapped(thread)) & ~REMOVES) == 0,
                    Rule.NOTHING_LEFT,
                    actors.get(thread).name() + " has left a file open or mapped");
            world.setWord(mapped(thread), 0);
        }
    }

    /** When nothing is possible any more. */
    void checkEnd(World world) {
        for (int file = 0; file < places && room > 0; file++) {
            Rules.require(
                    !exists(world, file) || world.word(begin + REGION_NAME) == file + 1,
                    Rule.NOTHING_LEFT,
                    "all is over, and a file is left that is not the region");
        }
    }

    private boolean exists(World world, int file) {
        return (world.word(cell(file)) & EXISTS) != 0;
    }

    private Contents contents(World world, int file) {
        return Contents.of(world.word(cell(file) + CONTENTS_CELL));
    }

    private static int set(World world, int cell, int bits) {
        world.setWord(cell, world.word(cell) | bits);
        return DONE;
    }

    private int open(int thread) {
        return begin + names + OF_THREAD * thread;
    }

    private int mapped(int thread) {
        return open(thread) + 1;
    }

    private int cell(int file) {
        return begin + names + OF_THREAD * threads + OF_FILE * file;
    }
}
