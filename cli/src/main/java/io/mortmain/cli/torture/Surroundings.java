package io.mortmain.cli.torture;

import static io.mortmain.cli.torture.Side.C;
import static io.mortmain.cli.torture.Side.JAVA;

import io.mortmain.MutexKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;

/** Faults A18 to A25: what a thread number means, and who may be taken for dead. */
final class Surroundings {
    static final List<String> OTHER_PID_NAMESPACE =
            List.of("unshare", "--pid", "--fork", "--mount-proc", "--kill-child");
    private static final String BIND = "mount --bind \"$0/boot_id\" /proc/sys/kernel/random/boot_id"
            + " && mount --bind \"$0/stat\" /proc/stat && sleep 2 && exec \"$@\"";

    private static final int TOLD_MILLIS = 20_000;

    private Surroundings() {}

    static List<Row> rows() {
        return List.of(
                new Row(
                        "A18",
                        "the holder died unmarked, and its number is another thread's",
                        List.of(new InsideTrial(new ReusedNumber()))),
                rebooted(),
                namespaces(),
                Living.stopped(),
                mappedPrivately(),
                Inheriting.diedUnmarked(),
                Living.forgotten(),
                mainThreadEnds());
    }

    private static Row rebooted() {
        return new Row(
                "A19",
                "the machine is rebooted, the region is on disk",
                List.of(
                        new GlibcTrial("the holder is gone", "hangs", Fault.spoil("unmap", Ending.KILL)),
                        new OneCell("C holder is gone, Java acquirer", "told", site -> afterReboot(site, true)),
                        new OneCell(
                                "C holder's number is another thread's, Java acquirer",
                                "told",
                                site -> afterReboot(site, false))));
    }

    /** The other boot is another boot id and a later start, bound over the kernel's, in a mount namespace of the acquirer's own. */
    private static String afterReboot(Site site, boolean gone) throws Exception {
        Privileges.requireNamespaces("--mount");
        Path file = site.folder().resolve(site.unique() + ".region");
        Spot spot = site.regionAt(file, MutexKind.ERROR_CHECKING, 1).getFirst();
        Path boot = Files.createDirectory(site.folder().resolve(site.unique()));
        Files.writeString(boot.resolve("boot_id"), UUID.randomUUID() + "\n");
        try (Hand holder = site.c()) {
            holder.must("1", C.map("0", spot));
            holder.must("1", "lock 0");
            if (gone) {
                holder.must("1", "spoil 0 unmap");
                holder.kill();
                holder.awaitEnd();
            }
            long start = System.currentTimeMillis() / 1_000 + 1; // later than all that was done to the region
            Files.writeString(boot.resolve("stat"), "cpu 0\nbtime " + start + "\n");
            List<String> wrapper =
                    List.of("unshare", "--mount", "--propagation", "private", "sh", "-c", BIND, boot.toString());
            try (Hand acquirer = site.wrapped(wrapper)) {
                Answer mapped = acquirer.ask("1", JAVA.map("0", spot));
                if (!mapped.isDone()) {
                    return "refused | " + mapped.code();
                }
                Answer answer = acquirer.ask("1", "timed 0 3000");
                return answer.code().equals(Answer.BUSY) ? "hangs" : answer.outcome();
            }
        }
    }

    private static Row namespaces() {
        return new Row(
                "A20",
                "processes of two PID namespaces share the memory, with equal thread numbers",
                List.of(
                        new OneCell("glibc alone, recursive", "two holders", Surroundings::strangersLock),
                        new OneCell("Java", "refused at attach", Surroundings::attachFromOtherNamespace),
                        new OneCell(
                                "C, a region created for several namespaces", "refused", Surroundings::adoptForeign),
                        new OneCell("Java, a region created for several namespaces", "works", Surroundings::share)));
    }

    private static Hand elsewhere(Site site) throws IOException, InterruptedException {
        List<String> command = new java.util.ArrayList<>(OTHER_PID_NAMESPACE);
        command.addAll(List.of(site.program().toString(), "orders"));
        return site.started(command);
    }

    private static String strangersLock(Site site) throws Exception {
        Privileges.requireNamespaces("--pid");
        Spot spot = site.plain();
        try (Hand holder = elsewhere(site);
                Hand stranger = elsewhere(site)) {
            holder.must("m", C.map("0", spot));
            stranger.must("m", C.map("0", spot));
            holder.must("m", "init 0 1");
            holder.must("m", "lock 0");
            Answer answer = stranger.ask("m", "timed 0 100");
            return answer.isDone() ? "two holders" : answer.outcome();
        }
    }

    private static String attachFromOtherNamespace(Site site) throws Exception {
        Privileges.requireNamespaces("--pid");
        Spot spot = site.region();
        try (Hand hand = site.wrapped(OTHER_PID_NAMESPACE)) {
            Answer answer = hand.ask("1", JAVA.map("0", spot));
            return answer.isDone() ? "attached" : "refused at attach | " + answer.code();
        }
    }

    private static String adoptForeign(Site site) throws Exception {
        Spot spot = site.regionForSeveralNamespaces();
        try (Hand hand = site.c()) {
            Answer answer = hand.ask("1", "adopt " + spot.file());
            return answer.isDone() ? "adopted" : "refused | " + answer.text();
        }
    }

    /** The numbers of both are the same to the kernel; the holder excludes the other, dies, and the other is told. */
    private static String share(Site site) throws Exception {
        Privileges.requireNamespaces("--pid");
        Spot spot = site.regionForSeveralNamespaces();
        try (Hand holder = site.wrapped(OTHER_PID_NAMESPACE);
                Hand other = site.wrapped(OTHER_PID_NAMESPACE)) {
            String numbers = holder.ask("1", "tid").code() + " and "
                    + other.ask("1", "tid").code();
            holder.must("1", JAVA.map("0", spot));
            other.must("1", JAVA.map("0", spot));
            holder.must("1", "lock 0");
            Answer excluded = other.ask("1", "timed 0 100");
            holder.kill();
            holder.awaitEnd();
            Answer told = other.ask("1", "timed 0 " + TOLD_MILLIS);
            return (excluded.code().equals(Answer.BUSY) && told.isTold()
                            ? "works"
                            : "excluded: " + excluded.outcome() + ", then " + told.outcome())
                    + " | thread numbers " + numbers;
        }
    }

    private static Row mappedPrivately() {
        return new Row(
                "A22",
                "the memory is mapped privately",
                List.of(
                        new OneCell("glibc alone", "two holders", Surroundings::privateOfGlibc),
                        new OneCell("C, mapping given to mortmain.h", "refused", Surroundings::adoptPrivate),
                        new OneCell("Java, its own mapping", "shared", Surroundings::mappingOfJava)));
    }

    private static String privateOfGlibc(Site site) throws Exception {
        Spot spot = site.plain();
        try (Hand holder = site.c();
                Hand other = site.c()) {
            holder.must("1", C.map("0", spot));
            holder.must("1", "init 0 2");
            other.must("1", "map-private 0 " + spot.file() + " 0");
            other.must("1", "trylock 0");
            Answer answer = holder.ask("1", "trylock 0");
            return answer.isDone() ? "two holders" : answer.outcome();
        }
    }

    private static String adoptPrivate(Site site) throws Exception {
        Spot spot = site.region();
        try (Hand hand = site.c()) {
            Answer answer = hand.ask("1", "adopt " + spot.file());
            return answer.isDone() ? "adopted" : "refused | " + answer.text();
        }
    }

    private static String mappingOfJava(Site site) throws Exception {
        Spot spot = site.region();
        Hand hand = site.acquirer();
        String place = site.unique();
        hand.must(place, JAVA.map(place, spot));
        List<String> mappings = Files.readAllLines(Path.of("/proc/" + hand.pid() + "/maps")).stream()
                .filter(line -> line.endsWith(spot.file().toString()))
                .toList();
        boolean shared = mappings.stream().allMatch(line -> line.split(" ", 3)[1].endsWith("s"));
        return mappings.isEmpty() ? "not mapped" : shared ? "shared" : "private";
    }

    private static Row mainThreadEnds() {
        Fault fault = Fault.spoil("unmap", Ending.LEAVE).onMain();
        return new Row(
                "A25",
                "the main thread ends unmarked, other threads of its process live on",
                List.of(new GlibcTrial("", "hangs", fault), DeathTrial.unreported("", C, fault)));
    }
}
