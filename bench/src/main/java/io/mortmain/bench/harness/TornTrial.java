package io.mortmain.bench.harness;

import io.mortmain.MutexSnapshot;
import io.mortmain.Region;
import io.mortmain.bench.harness.TornCount.Data;
import io.mortmain.bench.pair.Means;
import io.mortmain.bench.pair.PairPeer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * A process changes two numbers that belong together and is killed half-way; another one, which had them open before, looks. New files for
 * each kill. The writer is gone when the other one asks, so that all that it waits for is the lock.
 */
final class TornTrial {
    /** Later each time, so that a writer that is not stopped at a place is killed cold and warm. */
    private static final int MILLIS_LATER_EACH_TIME = 7;

    private static final int MOST_MILLIS_OF_MOVES = 300;

    private final SharedFolder folder;
    private final TornSettings settings;
    private final Optional<Path> locks;
    private final Optional<Path> guardedWriter;

    TornTrial(SharedFolder folder, TornSettings settings) {
        this.folder = folder;
        this.settings = settings;
        this.locks = CCompiler.compile(folder.path(), "torn");
        this.guardedWriter = CCompiler.compile(
                folder.path(),
                "torn_guarded",
                "mortmain.h",
                "mortmain/checks.h",
                "mortmain/format.h",
                "mortmain/guarded.h",
                "mortmain/schema.h");
    }

    /**
     * By what the numbers are shared.
     *
     * @param writer starts who is killed, by that name
     * @param next starts who looks afterwards
     * @param stops whether the writer stops between the stores, or as near as it can, and is not killed by chance
     * @param guarded whether it is Mortmain's
     */
    private record Peer(
            String title,
            Function<String, PeerProcess> writer,
            Function<String, PeerProcess> next,
            boolean stops,
            boolean guarded) {}

    /** What one process says that it sees. */
    private record Seen(double micros, boolean told, long first, long second) {
        static Seen of(String answer) {
            String[] words = answer.split(" ", -1);
            if (!words[0].equals("looked")) {
                throw new BenchException("a peer was to answer \"looked\" and said: " + answer);
            }
            return new Seen(
                    Long.parseLong(words[1]) / 1e3,
                    words[2].equals("told"),
                    Long.parseLong(words[3]),
                    Long.parseLong(words[4]));
        }
    }

    /** Those with such titles, one after the other. */
    List<TornCount> run(Predicate<String> which) {
        return peers().stream()
                .filter(peer -> which.test(peer.title()))
                .map(this::tryOut)
                .toList();
    }

    private List<Peer> peers() {
        List<Peer> peers = new ArrayList<>();
        guardedWriter.ifPresent(executable -> peers.add(new Peer(
                "Mortmain Guarded, a C writer killed between its stores",
                name -> c(name, executable),
                name -> java(name, Means.GUARDED),
                true,
                true)));
        peers.add(ofJava("Mortmain Guarded, a Java writer killed in its function", Means.GUARDED, true));
        peers.add(ofJava("Mortmain Guarded, a Java writer killed among updates", Means.GUARDED, false));
        locks.ifPresent(executable -> {
            peers.add(ofC("C, robust pthread_mutex_t", executable, "robust"));
            peers.add(ofC("C, plain pthread_mutex_t", executable, "plain"));
            peers.add(ofC("C, System V semaphore, SEM_UNDO", executable, "semaphore"));
        });
        for (Means means : List.of(Means.FILE_LOCK, Means.LMDB, Means.CHRONICLE)) {
            peers.add(ofJava(means.title(), means, true));
        }
        return peers;
    }

    private Peer ofJava(String title, Means means, boolean stops) {
        Function<String, PeerProcess> start = name -> java(name, means);
        return new Peer(title, start, start, stops, means == Means.GUARDED);
    }

    private static Peer ofC(String title, Path executable, String lock) {
        Function<String, PeerProcess> start = name -> c(name, executable, lock);
        return new Peer(title, start, start, true, false);
    }

    private PeerProcess java(String name, Means means) {
        return PeerJvm.start(
                name,
                PairPeer.class,
                means.jvmOptions(folder.path()),
                means.name(),
                folder.path().toString());
    }

    private static PeerProcess c(String name, Path executable, String... arguments) {
        List<String> command = new ArrayList<>(List.of(executable.toString()));
        command.addAll(List.of(arguments));
        return PeerProcess.start(name, command);
    }

    private TornCount tryOut(Peer peer) {
        TornCount count = new TornCount(peer.title(), peer.guarded());
        int kill = 0;
        while (kill < settings.kills()) {
            try (PeerProcess reader = peer.next().apply(peer.title() + ", the next")) {
                boolean goesOn = true;
                while (goesOn && kill < settings.kills()) {
                    goesOn = killAndLook(peer, reader, kill++, count);
                }
                if (goesOn) {
                    reader.ask("close", "closed");
                }
            }
        }
        return count;
    }

    /** Whether the reader can be used again. */
    private boolean killAndLook(Peer peer, PeerProcess reader, int kill, TornCount count) {
        Path path = folder.resolve(peer.title().replaceAll("\\W", "") + "-" + kill);
        reader.ask("open " + path, "opened");
        Seen before = look(reader);
        kill(peer, path, kill);
        if (!peer.stops() && wasHeld(path)) {
            count.addHeld();
        }
        boolean isLast = kill == settings.kills() - 1;
        reader.tell("look");
        Optional<String> answer =
                reader.awaitAny(isLast ? settings.longestPatienceMillis() : settings.patienceMillis());
        if (answer.isPresent() && answer.get().startsWith("looked ")) {
            Seen now = Seen.of(answer.get());
            count.add(now.micros(), now.told(), compare(before, now, peer.stops()));
            return true;
        }
        count.addKeptOut();
        if (isLast) {
            count.remark(answer.map(error -> "the last one was refused: " + error)
                    .orElse("the last one still waited after " + settings.longestPatienceMillis() / 1e3 + " s."));
        }
        return false;
    }

    private static Seen look(PeerProcess reader) {
        return Seen.of("looked " + String.join(" ", reader.ask("look", "looked")));
    }

    /** Starts a writer, and kills it half-way. */
    private static void kill(Peer peer, Path path, int kill) {
        try (PeerProcess writer = peer.writer().apply(peer.title() + ", the writer")) {
            writer.ask("open " + path, "opened");
            if (peer.stops()) {
                writer.ask("tear", "between");
            } else {
                writer.ask("run", "running");
                pause(kill * MILLIS_LATER_EACH_TIME % MOST_MILLIS_OF_MOVES);
            }
        } // which kills it and waits until it is gone
    }

    private static void pause(int millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException interrupted) {
            throw new BenchException("interrupted", interrupted);
        }
    }

    private static boolean wasHeld(Path path) {
        return Region.inspect(path.toString()).objects().stream()
                .flatMap(object -> object.mutex().stream())
                .anyMatch(mutex -> mutex.state() != MutexSnapshot.State.FREE);
    }

    private static Data compare(Seen before, Seen now, boolean oneMove) {
        if (now.first() + now.second() != before.first() + before.second()) {
            return Data.TORN;
        }
        if (!oneMove) {
            return Data.WHOLE;
        }
        return now.first() == before.first() ? Data.OLD : Data.NEW;
    }
}
