package io.mortmain.process;

import io.mortmain.Region;
import io.mortmain.RegionOptions;
import io.mortmain.errors.SpawnException;
import io.mortmain.errors.SpawnException.Reason;
import io.mortmain.internal.linux.LinuxException;
import io.mortmain.internal.linux.OwnDescriptor;
import java.nio.channels.ByteChannel;
import java.nio.file.Path;

/**
 * A descriptor that this process was started with, under the name that {@link Spawn#pass} gave it. It is close-on-exec from then on, so that
 * no program that this process starts has it by accident.
 *
 * <p>A child in another language finds its number in the environment: the variable {@value #VARIABLE} has {@code name=number@device:inode},
 * separated by commas.
 */
public final class Inherited {
    /** The variable of the environment by which a child is told its descriptors. */
    public static final String VARIABLE = "MORTMAIN_INHERITED";

    private static final int ATOMIC_WRITE = 4096;

    private final String name;
    private final int number;

    private Inherited(String name, int number) {
        this.name = name;
        this.number = number;
    }

    static Inherited named(String name) {
        String announced = Variables.ownValue(VARIABLE).map(Bytes::text).orElse("");
        Integer number = Announcement.read(announced).get(Announcement.requireName(name));
        if (number == null) {
            throw new SpawnException(
                    Reason.NOT_INHERITED,
                    "this process has no descriptor named " + name + " (" + VARIABLE + "=" + announced
                            + "); start it by Spawn with pass(\"" + name + "\", …), and do not close it before");
        }
        return new Inherited(name, own(name, number).number());
    }

    private static OwnDescriptor own(String name, int number) {
        try {
            return OwnDescriptor.adopt(number);
        } catch (LinuxException closed) {
            throw SpawnFailures.ofKernel("the descriptor named " + name + " cannot be used", closed);
        }
    }

    /** Its number in this process. */
    public int descriptor() {
        return number;
    }

    /** A path by which this process opens the same file once more; not for sockets. */
    public Path path() {
        return Announcement.path(number);
    }

    /**
     * Reads and writes at the descriptor itself, whose position it shares with the process that it came from. Closing it closes the descriptor;
     * so ask for one channel only.
     */
    public ByteChannel channel() {
        return new DescriptorChannel(own(name, number), ATOMIC_WRITE);
    }

    /**
     * Opens the region behind the descriptor, which stays open.
     *
     * @throws io.mortmain.errors.RegionException why it is refused, as {@link Region#open}
     */
    public Region region() {
        return Region.open(path().toString());
    }

    /** As {@link #region()}, with options, of which only {@code foreignOwner} matters. */
    public Region region(RegionOptions options) {
        return Region.open(path().toString(), options);
    }

    @Override
    public String toString() {
        return "descriptor " + number + " named " + name;
    }
}
