package io.mortmain.cli.rm;

import io.mortmain.Region;
import io.mortmain.cli.lock.RunningGroup;
import io.mortmain.cli.process.FileIdentity;
import io.mortmain.cli.process.FileUse;
import io.mortmain.cli.process.Observed;
import io.mortmain.errors.RegionException;
import io.mortmain.internal.linux.FileLease;
import io.mortmain.internal.linux.LinuxException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Removes a region that nobody uses.
 *
 * <p>Rules, in this order:
 * <ol>
 *   <li>A living process that is seen to have the file mapped or open, and a living process group that {@code mortmain lock} recorded,
 *       keep the region, whatever was asked for. The kernel says by a lease that there is none; /proc says who it is.
 *   <li>What cannot be known keeps it too, unless removal is forced.
 *   <li>What is no region is never removed.
 * </ol>
 * A process that opens the region between look and removal goes on with it, as after every removal; newcomers get another.
 */
public final class RegionRemoval {
    private static final int LOOKS = 5;
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    private final String name;
    private final Path file;
    private final boolean forced;

    private RegionRemoval(String name, Path file, boolean forced) {
        this.name = name;
        this.file = file;
        this.forced = forced;
    }

    /**
     * Removes it.
     *
     * @param name of the region
     * @param file that the name stands for
     * @param forced although somebody may use it of whom that cannot be known
     * @throws RegionInUseException if it was left alone for somebody's sake
     * @throws RegionException if there is none, or the file is no region or may not be removed
     */
    public static void remove(String name, Path file, boolean forced) {
        new RegionRemoval(name, file, forced).remove();
    }

    private void remove() {
        Optional<String> doubt = doubtAboutGroup(); // also refuses what is no region
        FileIdentity identity = identity();
        requireUnused(identity);
        if (!forced && doubt.isPresent()) {
            throw new RegionInUseException("Whether a command of mortmain lock still runs for region " + file
                    + " cannot be known (" + doubt.get() + "); if you know that none does, remove it with --force.");
        }
        if (!identity().equals(identity)) {
            throw new RegionInUseException(
                    "Region " + file + " was replaced by another while it was looked at; run it again.");
        }
        Region.delete(name);
    }

    /** By the kernel. Somebody who only looks at the region, such as mortmain ls, has left soon. */
    private FileLease.Answer lease() {
        try {
            FileLease.Answer answer = FileLease.ask(file.toString());
            for (int again = 0; again < LOOKS && answer == FileLease.Answer.USED; again++) {
                LockSupport.parkNanos(PAUSE_NANOS);
                answer = FileLease.ask(file.toString());
            }
            return answer;
        } catch (LinuxException unreadable) {
            return FileLease.Answer.UNKNOWN;
        }
    }

    private Optional<String> doubtAboutGroup() {
        try {
            Optional<RunningGroup> group = RecordedGroup.of(name);
            if (group.isPresent() && group.get().isAlive()) {
                throw new RegionInUseException(
                        "Region " + file + " is in use: a command that mortmain lock started still runs (process group "
                                + group.get().number() + "); wait for its end, or end it.");
            }
            return Optional.empty();
        } catch (RecordedGroup.UnknownException unknown) {
            return Optional.of(String.valueOf(unknown.getMessage()));
        }
    }

    private void requireUnused(FileIdentity identity) {
        FileLease.Answer answer = lease();
        if (answer == FileLease.Answer.UNUSED) {
            return;
        }
        FileUse use = FileUse.of(Set.of(identity));
        List<Observed> users = use.usersOf(identity);
        if (!users.isEmpty()) {
            throw new RegionInUseException(
                    "Region " + file + " is in use by " + some(users) + "; end what uses it, and run it again.");
        }
        String verb = answer == FileLease.Answer.USED ? " is" : " may be";
        if (!forced && !use.unseen().isEmpty()) {
            throw new RegionInUseException("Region " + file + verb + " in use: this user may not look at "
                    + some(use.unseen())
                    + "; run it as root, or, if you know that none of them uses the region, remove it with --force.");
        }
        if (!forced && answer == FileLease.Answer.USED) {
            throw new RegionInUseException("Region " + file
                    + " is in use by a process that is not seen from here, of another container perhaps;"
                    + " end that, or, if you know that it can do without, remove the region with --force.");
        }
    }

    private static String some(List<Observed> processes) {
        int others = processes.size() - 1;
        return processes.getFirst() + (others == 0 ? "" : " and " + others + (others == 1 ? " other" : " others"));
    }

    private FileIdentity identity() {
        try {
            return FileIdentity.of(file);
        } catch (IOException gone) {
            throw new RegionException(
                    RegionException.Reason.NOT_FOUND, "region " + file + " was removed meanwhile", gone);
        }
    }
}
