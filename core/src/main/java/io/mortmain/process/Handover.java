package io.mortmain.process;

import static java.nio.file.StandardOpenOption.READ;

import io.mortmain.Region;
import io.mortmain.internal.linux.LinuxException;
import io.mortmain.internal.linux.OpenFlags;
import io.mortmain.internal.linux.OwnDescriptor;
import io.mortmain.internal.region.RegionDescriptors;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a child is given: as a stream, or by a name. Nothing is opened before {@link Spawn#start}, and each start opens anew. Immutable.
 */
public final class Handover {
    private static final Handover INHERITED = new Handover(() -> {
        throw new IllegalStateException("our own stream is not opened");
    });
    private static final Handover STANDARD_OUTPUT = new Handover(() -> {
        throw new IllegalStateException("standard output is opened once");
    });
    private static final Path NOTHING = Path.of("/dev/null");
    private static final int NEW_FILE_MODE = 0666;

    private final Opener opener;

    private Handover(Opener opener) {
        this.opener = opener;
    }

    private interface Opener {
        Opened open();
    }

    /**
     * Open in this process until the child has it.
     *
     * @param number of the child's end
     * @param childs that end, if it is ours to close
     * @param ours the other end, which stays
     */
    record Opened(
            int number,
            @Nullable OwnDescriptor childs,
            @Nullable OwnDescriptor ours) {
        static Opened ofOwn(OwnDescriptor childs, @Nullable OwnDescriptor ours) {
            return new Opened(childs.number(), childs, ours);
        }
    }

    Opened open() {
        return opener.open();
    }

    boolean isInherited() {
        return this == INHERITED;
    }

    boolean isStandardOutput() {
        return this == STANDARD_OUTPUT;
    }

    /** Of the three streams: this process's own, at that moment. */
    public static Handover inherited() {
        return INHERITED;
    }

    /** Of standard error: where standard output goes. */
    public static Handover toStandardOutput() {
        return STANDARD_OUTPUT;
    }

    /** Nothing to read, and whatever is written is dropped: /dev/null. */
    public static Handover nothing() {
        return file(NOTHING, READ, StandardOpenOption.WRITE);
    }

    /** A pipe that the child reads from; {@link Child#channel} and {@link Child#stdin} write to it. */
    public static Handover pipeToChild() {
        return new Handover(() -> {
            OwnDescriptor.Ends ends = OwnDescriptor.pipe();
            return Opened.ofOwn(ends.first(), ends.second());
        });
    }

    /** A pipe that the child writes to; {@link Child#channel}, {@link Child#stdout} and {@link Child#stderr} read from it. */
    public static Handover pipeFromChild() {
        return new Handover(() -> {
            OwnDescriptor.Ends ends = OwnDescriptor.pipe();
            return Opened.ofOwn(ends.second(), ends.first());
        });
    }

    /** One of two connected Unix sockets, for both directions; {@link Child#channel} is the other. */
    public static Handover socket() {
        return new Handover(() -> {
            OwnDescriptor.Ends ends = OwnDescriptor.sockets();
            return Opened.ofOwn(ends.first(), ends.second());
        });
    }

    /**
     * A file. The path is relative to this process's working folder, whatever the child's.
     *
     * @param options of {@link StandardOpenOption}: READ, WRITE, APPEND, CREATE, CREATE_NEW, TRUNCATE_EXISTING, SYNC, DSYNC; none: READ. A
     *     file that is created has mode 0666 less the umask
     * @throws IllegalArgumentException for an option of another kind; the other options of that kind have no effect
     */
    public static Handover file(Path path, OpenOption... options) {
        byte[] bytes = Bytes.of(path.toString(), "the path of a file");
        Set<StandardOpenOption> set = EnumSet.noneOf(StandardOpenOption.class);
        for (OpenOption option : options) {
            if (!(option instanceof StandardOpenOption standard)) {
                throw new IllegalArgumentException(
                        option + " cannot be asked for where " + path + " is handed over; use StandardOpenOption");
            }
            set.add(standard);
        }
        int flags = OpenFlags.of(set);
        return new Handover(() -> {
            try {
                return Opened.ofOwn(OwnDescriptor.open(bytes, flags, NEW_FILE_MODE), null);
            } catch (LinuxException failed) {
                throw SpawnFailures.ofKernel("file " + path + " cannot be handed over", failed);
            }
        });
    }

    /**
     * What is open behind a descriptor of this process, whoever opened it: native code, or who started this process; /proc/self/fd has
     * them all. It stays open here. The JDK does not tell the numbers of its channels and sockets, and closes them when it likes: find them by what
     * the link in /proc/self/fd says, and keep them open until the child is started.
     *
     * @param number 0 or more
     * @throws IllegalArgumentException for a negative number
     */
    public static Handover descriptor(int number) {
        if (number < 0) {
            throw new IllegalArgumentException("there is no descriptor " + number + "; give 0 or more");
        }
        return new Handover(() -> new Opened(number, null, null));
    }

    /**
     * A region: the child opens it by {@link Inherited#region}, also if it has no name ({@link Region#createAnonymous}). What the child has
     * is the file; it holds no lock of ours, and keeps none of ours.
     */
    public static Handover region(Region region) {
        Objects.requireNonNull(region, "region");
        return new Handover(() -> Opened.ofOwn(RegionDescriptors.open(region), null));
    }
}
