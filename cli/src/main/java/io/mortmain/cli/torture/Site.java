package io.mortmain.cli.torture;

import io.mortmain.MutexKind;
import io.mortmain.Region;
import io.mortmain.RegionOptions;
import io.mortmain.cli.experiment.Laboratory;
import io.mortmain.cli.process.CCompiler;
import io.mortmain.cli.process.ChildJvm;
import io.mortmain.cli.process.Leftovers;
import io.mortmain.cli.process.NotTried;
import io.mortmain.errors.RegionException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Where a run takes place: its files, its child processes, the compiled hand. Thread-safe. */
final class Site implements AutoCloseable {
    static final Path SHARED_MEMORY = Leftovers.SHARED_MEMORY;
    private static final int PLAIN_SIZE = 1 << 18;

    private final Path folder;
    private final ReadWriteLock ending = new ReentrantReadWriteLock();
    private final Object compiling = new Object();
    private final Object preparing = new Object();
    private CCompiler.@Nullable Result compiled;
    private final String prefix;
    private final boolean inside;
    private final Collection<Hand> hands = new ConcurrentLinkedQueue<>();
    private final AtomicInteger names = new AtomicInteger();
    private @Nullable Hand acquirer;
    private @Nullable Hand listener;
    private @Nullable Hand misuser;
    private @Nullable Laboratory laboratory;
    private volatile boolean closed;

    private Site(Path folder, CCompiler.@Nullable Result compiled, String prefix, boolean inside) {
        this.folder = folder;
        this.compiled = compiled;
        this.prefix = prefix;
        this.inside = inside;
    }

    /** The part of another process's site that is in another namespace; files stay for that process to remove. */
    static Site inside(Path folder, Path program, String prefix) {
        return new Site(folder, new CCompiler.Result(Optional.of(program), ""), prefix, true);
    }

    /** Whoever asks for it closes it, on a Ctrl-C too. */
    static Site prepare() throws IOException {
        Leftovers.remove();
        Path folder = Files.createTempDirectory(Leftovers.prefix());
        String prefix = Leftovers.prefix() + Long.toHexString(System.nanoTime()) + "-";
        return new Site(folder, null, prefix, false);
    }

    Path folder() {
        return folder;
    }

    /** The C hand, compiled at the first call; the row is not tried where there is no compiler. */
    Path program() {
        synchronized (compiling) {
            CCompiler.Result result = compiled == null ? compile() : compiled;
            compiled = result;
            return result.program().orElseThrow(() -> new NotTried(result.sentence()));
        }
    }

    private CCompiler.Result compile() {
        try {
            CCompiler.copyHeaders(folder);
            CCompiler.copy(Site.class, "hand_faults.h", folder.resolve("hand_faults.h"));
            CCompiler.copy(Site.class, "hand_guarded.h", folder.resolve("hand_guarded.h"));
            CCompiler.copy(Laboratory.class, "outlive.h", folder.resolve("outlive.h"));
            // Linked at start, so that the first call of a function is like any other.
            return CCompiler.compile(Site.class, "hand", folder, "-w", "-Wl,-z,now", "-I", folder.toString());
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (InterruptedException ended) {
            throw new IllegalStateException(ended);
        }
    }

    /** Where the experiments take place that this run has in common with others. */
    Laboratory laboratory() throws IOException {
        synchronized (preparing) {
            Laboratory open = laboratory == null ? making(Laboratory::prepare) : laboratory;
            laboratory = open;
            return open;
        }
    }

    /** A new child process in C. */
    Hand c() throws IOException, InterruptedException {
        return started(List.of(program().toString(), "orders"));
    }

    /** A new JVM. */
    Hand java(String... options) throws IOException, InterruptedException {
        return wrapped(List.of(), options);
    }

    /** A new JVM, started by another program. */
    Hand wrapped(List<String> wrapper, String... options) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(wrapper);
        command.addAll(javaCommand(HandMain.class, options));
        return started(command);
    }

    List<String> javaCommand(Class<?> main, String... options) {
        List<String> all = new ArrayList<>(List.of(options));
        all.add("--enable-native-access=io.mortmain.cli");
        // A crash is wanted: no report of it in files.
        all.add("-XX:+SuppressFatalErrorMessage");
        return ChildJvm.command(main, all.toArray(String[]::new));
    }

    /** Any other child process that takes orders. */
    Hand started(List<String> command) throws IOException, InterruptedException {
        Hand hand = making(() -> known(Hand.start(command, folder)));
        hand.awaitReady();
        return hand;
    }

    /** A child process that takes no orders and writes to a file. */
    Hand unheard(List<String> command, Path out) throws IOException {
        return making(() -> known(Hand.start(command, folder, ProcessBuilder.Redirect.to(out.toFile()))));
    }

    private Hand known(Hand hand) {
        hands.add(hand);
        return hand;
    }

    private interface Maker<T> {
        T make() throws IOException;
    }

    boolean isClosed() {
        return closed;
    }

    /** Processes and files are made while this site is open, or not at all: what came later would be left behind. */
    private <T> T making(Maker<T> maker) throws IOException {
        ending.readLock().lock();
        try {
            if (closed) {
                throw new IllegalStateException("the run was ended");
            }
            return maker.make();
        } catch (RegionException full) {
            if (full.reason() == RegionException.Reason.NO_SPACE) {
                throw new NotTried(String.valueOf(full.getMessage()));
            }
            throw full;
        } finally {
            ending.readLock().unlock();
        }
    }

    /** The JVM in which Java acquirers wait, a thread for each. */
    synchronized Hand acquirer() throws IOException, InterruptedException {
        if (acquirer == null || !acquirer.isAlive()) {
            acquirer = java();
        }
        return acquirer;
    }

    /** Another one, in which somebody waits through Mortmain so that others are told. */
    synchronized Hand listener() throws IOException, InterruptedException {
        if (listener == null || !listener.isAlive()) {
            listener = java();
        }
        return listener;
    }

    /** A third one, for misuse that does no harm to its process. */
    synchronized Hand misuser() throws IOException, InterruptedException {
        if (misuser == null || !misuser.isAlive()) {
            misuser = java();
        }
        return misuser;
    }

    /** A name for anything, once. */
    String unique() {
        return "x" + names.incrementAndGet();
    }

    Path newPath() {
        return SHARED_MEMORY.resolve(prefix + names.incrementAndGet());
    }

    /** A mutex in a region of its own. */
    Spot region(MutexKind kind) throws IOException {
        return regionAt(newPath(), kind, 1).getFirst();
    }

    Spot region() throws IOException {
        return region(MutexKind.ERROR_CHECKING);
    }

    Spot regionForSeveralNamespaces() throws IOException {
        return regionAt(newPath(), MutexKind.ERROR_CHECKING, 1, RegionOptions.DEFAULT.withSeveralPidNamespaces())
                .getFirst();
    }

    /** So many mutexes in one region. */
    List<Spot> regionAt(Path path, MutexKind kind, int mutexes) throws IOException {
        return regionAt(path, kind, mutexes, RegionOptions.DEFAULT.withMaxObjects(mutexes + 8));
    }

    private List<Spot> regionAt(Path path, MutexKind kind, int mutexes, RegionOptions options) throws IOException {
        return making(() -> newRegion(path, kind, mutexes, options));
    }

    private static List<Spot> newRegion(Path path, MutexKind kind, int mutexes, RegionOptions options) {
        try (Region region = Region.create(path.toString(), 4096, options)) {
            for (int i = 0; i < mutexes; i++) {
                region.mutex("m" + i, kind, null);
            }
        }
        return Region.inspect(path.toString()).objects().stream()
                .map(object -> new Spot(path, object.offset(), object.name()))
                .toList();
    }

    /** Guarded words, and a counter, in a region of their own. */
    GuardedSpot guarded(int words) throws IOException {
        return making(() -> GuardedSpot.create(newPath(), words));
    }

    /** Another object with a journal, and a counter, in a region of their own. */
    GuardedSpot guarded(String name, int words, long size, Consumer<Region> maker) throws IOException {
        return making(() -> GuardedSpot.create(newPath(), name, words, size, maker));
    }

    /** Room for a mutex of C programs in a region, not yet initialised: one of a kind that Java does not take. */
    Spot memory() throws IOException {
        Path path = newPath();
        return making(() -> {
            try (Region region = Region.create(path.toString(), 4096)) {
                region.memory("m", Libc.MUTEX_SIZE);
            }
            return new Spot(
                    path, Region.inspect(path.toString()).objects().getFirst().offset(), "m");
        });
    }

    /** Room for mutexes of glibc alone, not yet initialised. */
    Spot plain() throws IOException {
        Path path = newPath();
        return making(() -> {
            try {
                Files.write(path, new byte[PLAIN_SIZE]); // so that no store fails later for want of space
            } catch (IOException full) {
                throw new NotTried("a file of 256 KiB cannot be made in " + SHARED_MEMORY + ": " + full.getMessage());
            }
            return new Spot(path, 0, "");
        });
    }

    /** Ends the children and removes the files. */
    @Override
    public void close() {
        ending.writeLock().lock();
        try {
            closed = true;
        } finally {
            ending.writeLock().unlock();
        }
        closeLaboratory();
        hands.forEach(Hand::kill);
        for (Hand hand : hands) {
            try {
                hand.awaitEnd();
            } catch (InterruptedException | IllegalStateException another) {
                break;
            }
        }
        if (!inside) {
            Leftovers.remove(SHARED_MEMORY, prefix);
            Leftovers.removeFolder(folder);
        }
    }

    private void closeLaboratory() {
        synchronized (preparing) {
            if (laboratory != null) {
                laboratory.close();
            }
        }
    }

    /** For a part of this site in another namespace: whatever it makes begins so. */
    String prefixInside() {
        return prefix + names.incrementAndGet() + "-";
    }
}
