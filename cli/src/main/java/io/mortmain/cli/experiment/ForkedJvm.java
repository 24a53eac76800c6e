package io.mortmain.cli.experiment;

import static io.mortmain.cli.experiment.MortmainMain.say;

import io.mortmain.Hold;
import io.mortmain.MutexKind;
import io.mortmain.Region;
import io.mortmain.RobustMutex;
import io.mortmain.errors.LockException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/**
 * Forks below the JVM, as a native library may, and lets the child go on in Java, which no program should do: some of such children hang
 * within the JVM. One that does is killed by its alarm, and another is forked.
 */
final class ForkedJvm {
    private static final int ATTEMPTS = 8;
    private static final long CAPACITY = 4096;

    /** What a child does, and how that is called. */
    private record Act(String observation, Runnable step) {}

    private final ForkLibrary library;
    private final ChildNotes notes = ChildNotes.shared();

    private ForkedJvm(ForkLibrary library) throws Throwable {
        this.library = library;
    }

    static void observe(String path, String library) throws Throwable {
        ForkedJvm jvm = new ForkedJvm(new ForkLibrary(library));
        try (Region region = Region.create(path, CAPACITY)) {
            jvm.seeNewcomer(region.mutex("newcomer's"));
            jvm.seeHolder(region);
            jvm.seeAnother(region);
        }
    }

    /** The child of a thread that never locked has nothing of its parent's to be known by, but that it is a child. */
    private void seeNewcomer(RobustMutex mutex) throws InterruptedException {
        Thread newcomer = Thread.ofPlatform()
                .start(() -> sayOfChild(
                        false, List.of(new Act("the child of a thread that never locked locks", mutex::lock))));
        newcomer.join();
    }

    private void seeHolder(Region region) throws Throwable {
        RobustMutex free = region.mutex("free");
        RobustMutex held = region.mutex("held", MutexKind.ERROR_CHECKING, null);
        RobustMutex recursive = region.mutex("recursive", MutexKind.RECURSIVE, null);
        RobustMutex normal = region.mutex("normal", MutexKind.NORMAL, null);
        free.lock().close(); // so that the thread has its number and its list in memory
        Hold hold = held.lock();
        Hold ofRecursive = recursive.lock();
        Hold ofNormal = normal.lock();
        MortmainActs.refusal(held::lock); // loads what the child needs
        sayOfChild(
                false,
                List.of(
                        new Act("the child of the holder locks it again", held::lock),
                        new Act("the child of the holder unlocks it", hold::close),
                        new Act("the child of the holder locks it again, recursive", recursive::lock),
                        new Act("the child of the holder unlocks it, recursive", ofRecursive::close),
                        new Act("the child locks a free mutex", free::lock),
                        // the last, since it would wait for ever if it were not refused
                        new Act("the child of the holder unlocks it, normal", ofNormal::close),
                        new Act("the child of the holder locks it again, normal", normal::lock)));
        sayOfChild(
                true,
                List.of(
                        new Act("the holder's child of a bare clone locks it again", recursive::lock),
                        new Act("the holder's child of a bare clone unlocks it", hold::close),
                        new Act("the holder's child of a bare clone locks a free mutex", free::lock)));
        boolean kept = isKeptFromOthers(held) && isKeptFromOthers(recursive) && isKeptFromOthers(normal);
        say("the parent, after its child's attempts", kept ? "still holds" : "lost it");
        for (Hold own : List.of(ofNormal, ofRecursive, hold)) {
            MortmainActs.refusal(own::close); // refused if the child has released it: what is seen of that is said
        }
        say("the locks, when the parent has released them", state(List.of(free, held, recursive, normal)));
    }

    private void seeAnother(Region region) throws Throwable {
        RobustMutex others = region.mutex("others");
        List<Hold> holds = new ArrayList<>();
        CountDownLatch held = new CountDownLatch(1);
        CountDownLatch mayRelease = new CountDownLatch(1);
        Thread another = Thread.ofPlatform().start(() -> {
            try (Hold hold = others.lock()) {
                holds.add(hold);
                held.countDown();
                mayRelease.await();
            } catch (InterruptedException never) {
                throw new IllegalStateException(never);
            }
        });
        held.await();
        MortmainActs.refusal(holds.getFirst()::close); // loads what the child needs
        sayOfChild(
                false,
                List.of(
                        new Act("the child locks what another thread holds", others::lock),
                        new Act("the child unlocks what another thread holds", holds.getFirst()::close)));
        say("the other thread, after the child's attempts", isKeptFromOthers(others) ? "still holds" : "lost it");
        mayRelease.countDown();
        another.join();
        say("the lock, when the other thread has released it", state(List.of(others)));
    }

    private static String state(List<RobustMutex> mutexes) {
        for (RobustMutex mutex : mutexes) {
            try (Hold hold = mutex.tryLock()) {
                if (hold == null || hold.predecessorDied()) {
                    return hold == null ? "held" : "told";
                }
            } catch (LockException refused) {
                return "refused, " + refused.reason();
            }
        }
        return "free";
    }

    /** What a child of the calling thread is told. */
    private void sayOfChild(boolean bare, List<Act> acts) {
        try {
            boolean ended = false;
            notes.forgetAll();
            for (int i = 0; i < ATTEMPTS && !ended; i++) {
                notes.forgetRefusals();
                ended = inChild(bare, acts);
            }
            for (int i = 0; i < acts.size(); i++) {
                say(acts.get(i).observation(), notes.text(i));
            }
        } catch (Throwable failed) {
            throw new IllegalStateException(failed);
        }
    }

    /** Whether the child came to its end. */
    private boolean inChild(boolean bare, List<Act> acts) throws Throwable {
        int child = library.forkToJava(bare);
        if (child == 0) {
            doInChild(acts);
        }
        return library.hasEnded(child);
    }

    /** Does not return, whatever is thrown: the child would go on as a second experiment. */
    private void doInChild(List<Act> acts) throws Throwable {
        try {
            for (int i = 0; i < acts.size(); i++) {
                notes.note(i, outcome(acts.get(i).step()));
            }
        } finally {
            library.endChild();
        }
    }

    private static String outcome(Runnable step) {
        try {
            return MortmainActs.refusal(step);
        } catch (Throwable unexpected) { // whatever it is, it is the answer
            return unexpected.toString();
        }
    }

    /** Whether another thread cannot have it. */
    static boolean isKeptFromOthers(RobustMutex held) throws InterruptedException {
        boolean[] kept = new boolean[1];
        Thread thread = Thread.ofPlatform().start(() -> kept[0] = held.tryLock() == null);
        thread.join();
        return kept[0];
    }
}
