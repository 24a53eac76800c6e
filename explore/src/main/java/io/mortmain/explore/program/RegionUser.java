package io.mortmain.explore.program;

import io.mortmain.errors.RegionException;
import io.mortmain.errors.RegionException.Reason;
import io.mortmain.explore.machine.Player;
import io.mortmain.explore.machine.WantedRegion;
import io.mortmain.internal.layout.RegionGeometry;
import io.mortmain.internal.owner.Surroundings;
import io.mortmain.internal.region.RegionFile;
import io.mortmain.internal.region.RegionHeader;
import io.mortmain.internal.region.RegionNames;
import io.mortmain.internal.words.FileCalls;
import java.nio.file.Path;
import java.time.Instant;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;

/**
 * Creates, opens and removes one region, as {@code Region} does. What follows once a region is mapped is none of it: it is had, and closed. Nor
 * is what a reboot or another PID namespace make of a file that is there; the boot is always the same, and so is the time.
 */
final class RegionUser {
    private static final Path PATH = Path.of(WantedRegion.NAME);
    private static final RegionFile.Access ACCESS =
            new RegionFile.Access(WantedRegion.MODE, OptionalInt.of(WantedRegion.GROUP), false);

    private final Player player;
    private final RegionNames<Integer, Integer> regions;

    RegionUser(Player player, FileCalls<Integer> calls) {
        this.player = player;
        this.regions = new RegionNames<>(calls, new FileMapper(player));
    }

    void perform(Operation operation) {
        try {
            switch (operation) {
                case CREATE -> use(create());
                case OPEN -> use(open());
                case OPEN_OR_CREATE -> use(regions.openOrCreate(PATH, this::open, this::create));
                default -> {
                    player.removes();
                    regions.remove(PATH);
                }
            }
        } catch (RegionException refused) {
            if (!allowed(operation).contains(refused.reason())) {
                throw refused;
            }
        }
    }

    private int create() {
        return regions.create(PATH, WantedRegion.GEOMETRY, false, ACCESS);
    }

    private int open() {
        return regions.open(PATH, ACCESS);
    }

    private void use(int file) {
        player.hasRegion(file);
        player.unmap(file);
    }

    /** Why it may fail: because of what others did to the name, or, where it does not try again, to the space. */
    private static Set<Reason> allowed(Operation operation) {
        return switch (operation) {
            case CREATE -> Set.of(Reason.ALREADY_EXISTS, Reason.NO_SPACE);
            case OPEN, REMOVE -> Set.of(Reason.NOT_FOUND);
            default -> Set.of();
        };
    }

    /** A mapping is the file's number. */
    private record FileMapper(Player player) implements RegionNames.Mapper<Integer, Integer> {
        private static final Surroundings HERE = new Surroundings(new UUID(0, 1), 1);

        @Override
        public RegionHeader header(RegionGeometry geometry, boolean severalPidNamespaces) {
            return new RegionHeader(geometry, severalPidNamespaces, HERE, Instant.EPOCH, Instant.EPOCH);
        }

        @Override
        public Integer mapNew(Integer file, FileCalls.Status status, RegionHeader header, Path path) {
            player.map(file);
            return file;
        }

        @Override
        public Integer mapExisting(Integer file, FileCalls.Status status, RegionHeader header, Path path) {
            player.map(file);
            return file;
        }

        @Override
        public void unmap(Integer mapping) {
            player.unmap(mapping);
        }
    }
}
