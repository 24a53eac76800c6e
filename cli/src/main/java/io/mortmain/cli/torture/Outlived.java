package io.mortmain.cli.torture;

import static io.mortmain.cli.torture.Side.C;
import static io.mortmain.cli.torture.Side.JAVA;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Faults C4 and C6: the holder dies, and a child of it lives on with all its descriptors. */
final class Outlived {
    private static final String TOLD = "told";
    private static final String NO_DESCRIPTOR = ", the child has no descriptor";
    private static final String EWOULDBLOCK = "11";

    private Outlived() {}

    static List<Trial> byAFork() {
        return List.of(
                new OneCell("glibc alone", TOLD, site -> died(site, site.plain(), C, C, "")),
                died("C holder, Java acquirer", C, JAVA, ""),
                died("Java holder, C acquirer", JAVA, C, ""),
                died("Java holder, Java acquirer", JAVA, JAVA, ""),
                new OneCell(
                        "Java holder, Java acquirer, several PID namespaces",
                        TOLD + NO_DESCRIPTOR, // the library has closed it in the child: it would say that the holder
                        // lives
                        site -> died(site, site.regionForSeveralNamespaces(), JAVA, JAVA, "")),
                died("C holder, unmarked, Java acquirer", C, JAVA, "unmap"),
                died("Java holder, unmarked, Java acquirer", JAVA, JAVA, "unmap"));
    }

    static List<Trial> byAProgram() {
        return List.of(
                new OneCell("glibc alone, a file lock of the dead holder", "still held", Outlived::leakedFileLock),
                new OneCell("C holder, Java acquirer", TOLD, site -> leaked(site, "")),
                new OneCell("C holder, unmarked, Java acquirer", TOLD, site -> leaked(site, "unmap")));
    }

    private static Trial died(String name, Side holder, Side acquirer, String spoil) {
        return new OneCell(name, TOLD, site -> died(site, site.region(), holder, acquirer, spoil));
    }

    private static String died(Site site, Spot spot, Side holder, Side acquirer, String spoil) throws Exception {
        String order = holder == JAVA ? "deed outlive " + site.laboratory().library() : "outlive " + spot.file();
        try (Hand hand = holder.start(site);
                Child child = new Child(site)) {
            hold(hand, holder, spot);
            child.ask(hand, order + " " + child.lifeline());
            return afterDeath(site, hand, spot, acquirer, spoil, child);
        }
    }

    private static String leaked(Site site, String spoil) throws Exception {
        Spot spot = site.region();
        try (Hand hand = site.c();
                Child child = new Child(site)) {
            hold(hand, C, spot);
            child.ask(hand, "leak " + spot.file() + " " + child.lifeline());
            return afterDeath(site, hand, spot, JAVA, spoil, child);
        }
    }

    private static String leakedFileLock(Site site) throws Exception {
        Path file = site.plain().file();
        try (Hand hand = site.c();
                Hand next = site.c();
                Child child = new Child(site)) {
            child.ask(hand, "leak " + file + " " + child.lifeline());
            hand.kill();
            hand.awaitEnd();
            String code = next.ask("1", "lock-file " + file).code();
            return (code.equals(EWOULDBLOCK) ? "still held" : code) + child.ifNotWith(file);
        }
    }

    private static void hold(Hand hand, Side holder, Spot spot) throws InterruptedException {
        hand.must("1", holder.map("0", spot));
        if (spot.name().isEmpty()) {
            hand.must("1", "init 0 2");
        }
        hand.must("1", "lock 0");
    }

    private static String afterDeath(Site site, Hand hand, Spot spot, Side acquirer, String spoil, Child child)
            throws Exception {
        Waiting waiting = Waiting.at(site, spot, acquirer, false);
        if (!spoil.isEmpty()) {
            hand.must("1", "spoil 0 " + spoil);
        }
        hand.kill();
        hand.awaitEnd();
        Answer answer = waiting.within(TimeUnit.SECONDS.toMillis(Hand.GUARD_SECONDS));
        String seen = (answer == null ? "hangs" : answer.outcome()) + child.ifNotWith(spot.file());
        if (answer != null) {
            waiting.release(answer);
        }
        return seen;
    }

    /** The child, which lives as long as a file is there. */
    private static final class Child implements AutoCloseable {
        private final Path lifeline;
        private long pid = -1;

        Child(Site site) throws IOException {
            lifeline = Files.createFile(site.folder().resolve(site.unique() + ".lifeline"));
        }

        Path lifeline() {
            return lifeline;
        }

        /** The order that makes it; the answer is its number. */
        void ask(Hand hand, String order) throws InterruptedException {
            pid = Long.parseLong(hand.must("1", order).text());
        }

        /** It is not this process's child, and so nobody can be asked for it but /proc. */
        private boolean isAlive() {
            try {
                return pid > 0
                        && !Files.readString(Path.of("/proc/" + pid + "/stat")).matches("(?s).*\\) [ZX] .*");
            } catch (IOException gone) {
                return false;
            }
        }

        /** What to say if it was not there when it had to be, or has not the file open. */
        String ifNotWith(Path file) throws IOException {
            return !isAlive() ? ", but the child did not live" : hasOpen(file) ? "" : NO_DESCRIPTOR;
        }

        private boolean hasOpen(Path file) throws IOException {
            try (Stream<Path> descriptors = Files.list(Path.of("/proc/" + pid + "/fd"))) {
                return descriptors.anyMatch(one -> isOf(one, file));
            }
        }

        private static boolean isOf(Path descriptor, Path file) {
            try {
                return Files.isSameFile(descriptor, file);
            } catch (IOException gone) { // or no file at all
                return false;
            }
        }

        @Override
        public void close() throws IOException, InterruptedException {
            Files.delete(lifeline);
            long guard = System.nanoTime() + TimeUnit.SECONDS.toNanos(Hand.GUARD_SECONDS);
            while (isAlive() && System.nanoTime() - guard < 0) {
                Thread.sleep(1);
            }
        }
    }
}
