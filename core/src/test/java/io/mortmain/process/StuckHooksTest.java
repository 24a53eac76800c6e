package io.mortmain.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.mortmain.process.NativeFork.Hooks;
import io.mortmain.testing.Forks;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Hooks that do not return: who is told of it and when, and what becomes of the others once they are taken back. */
class StuckHooksTest {
    private static final long GUARD_SECONDS = 60;
    private static final int ENDED = 7;
    private static final int MOST_ROUNDS = 50;

    private final List<String> said = Collections.synchronizedList(new ArrayList<>());
    private final LinkedBlockingQueue<NativeFork> told = new LinkedBlockingQueue<>();
    private final List<ForkHooks.Registration> open = new ArrayList<>();
    private final CountDownLatch isStuck = new CountDownLatch(1);
    private final Semaphore release = new Semaphore(0);
    private final CountDownLatch isOver = new CountDownLatch(1);

    @TempDir
    private Path folder;

    @AfterEach
    void close() {
        release.release(100); // more than any test has forks
        open.forEach(ForkHooks.Registration::close);
        ForkHooks.setTimeLimit(Duration.ofSeconds(1));
    }

    private ForkHooks.Registration hook(Runnable prepare, Runnable parent) {
        ForkHooks.Registration made = ForkHooks.register(prepare, parent);
        open.add(made);
        return made;
    }

    /** What it says names the thread, since each hook must end in the one that began it. */
    private void healthy() {
        hook(() -> say("before"), () -> say("after"));
    }

    private void say(String what) {
        said.add(what + " " + Forks.call("own_thread"));
    }

    private ForkHooks.Registration stuckBefore() {
        return hook(this::stick, () -> {
            say("after the stuck one");
            isOver.countDown();
        });
    }

    private void stick() {
        isStuck.countDown();
        release.acquireUninterruptibly();
        say("the stuck one");
    }

    private NativeFork next() throws InterruptedException {
        NativeFork fork = told.poll(GUARD_SECONDS, TimeUnit.SECONDS);
        assertThat(fork).as("told of a fork").isNotNull();
        return fork;
    }

    private NativeFork toldOfAFork() throws InterruptedException {
        assertThat(Forks.call("fork_and_end")).isEqualTo(ENDED);
        return next();
    }

    /** Forks until the hook was begun before the limit passed, and is stuck; what was told of that fork. */
    private NativeFork untilStuck() throws InterruptedException {
        ForkHooks.setTimeLimit(Duration.ofMillis(100));
        for (int round = 0; round < MOST_ROUNDS; round++) {
            said.clear();
            NativeFork fork = toldOfAFork();
            if (!fork.failures().isEmpty()) {
                assertThat(fork.failures()).singleElement().satisfies(this::showsWhereItStands);
                return fork;
            }
        }
        throw new AssertionError("never begun in time");
    }

    /** A fork that waits so long is told of too late for {@link #next}. */
    private static void patient() {
        ForkHooks.setTimeLimit(Duration.ofSeconds(GUARD_SECONDS));
    }

    private void listen() {
        open.add(ForkHooks.listen(told::add));
    }

    @Test
    void shouldTellOfForksWhileAHookIsStuck() throws Exception {
        try (Recording recording = new Recording()) {
            recording.enable("io.mortmain.NativeFork");
            recording.start();
            listen();
            healthy();
            stuckBefore();
            NativeFork late = untilStuck();
            assertThat(late.hooks()).isEqualTo(Hooks.TOO_LATE);
            assertThat(late.threadId()).isEqualTo(OptionalInt.of(Forks.call("own_thread")));
            NativeFork other = toldOfAFork();
            assertThat(other.hooks()).isEqualTo(Hooks.NO_TURN);
            assertThat(other.threadId()).isEmpty();
            assertThat(said).isEmpty();
            recording.stop();
            recording.dump(folder.resolve("forks.jfr"));
        }
        List<RecordedEvent> events = RecordingFile.readAllEvents(folder.resolve("forks.jfr"));
        assertThat(events).extracting(event -> event.getString("hooks")).contains("TOO_LATE", "NO_TURN");
        release.release();
        assertThat(isOver.await(GUARD_SECONDS, TimeUnit.SECONDS)).isTrue();
        patient();
        release.release();
        assertThat(toldOfAFork().hooks()).as("once it has returned").isEqualTo(Hooks.DONE);
        assertThat(told).as("told again").isEmpty();
    }

    private void showsWhereItStands(Throwable stuck) {
        assertThat(stuck).isInstanceOf(TimeoutException.class).hasMessageContaining(StuckHooksTest.class.getName());
        assertThat(stuck.getStackTrace())
                .anyMatch(frame -> frame.getMethodName().equals("stick"));
    }

    /** Whether it is taken back while the fork waits, or afterwards. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldServeByAnotherThreadWhenTheStuckHookIsTakenBack(boolean early) throws Exception {
        listen();
        healthy();
        ForkHooks.Registration stuck = stuckBefore();
        if (early) {
            takeBackWhileAForkWaits(stuck);
        } else {
            assertThat(untilStuck().hooks()).isEqualTo(Hooks.TOO_LATE);
            stuck.close();
        }
        patient();
        assertThat(toldOfAFork().hooks()).isEqualTo(Hooks.DONE);
        assertThat(said).hasSize(2);
        int fresh = threadOf(said.getFirst(), "before");
        assertThat(threadOf(said.getLast(), "after")).isEqualTo(fresh);
        release.release();
        assertThat(isOver.await(GUARD_SECONDS, TimeUnit.SECONDS)).isTrue();
        int left = threadOf(said.get(2), "the stuck one");
        assertThat(left).isNotEqualTo(fresh);
        assertThat(threadOf(said.get(3), "after the stuck one")).isEqualTo(left);
        assertThat(toldOfAFork().hooks()).isEqualTo(Hooks.DONE);
        assertThat(said.subList(4, said.size())).containsExactly("before " + fresh, "after " + fresh);
        assertThat(told).as("told again").isEmpty();
    }

    private void takeBackWhileAForkWaits(ForkHooks.Registration stuck) throws InterruptedException {
        ForkHooks.setTimeLimit(Duration.ofSeconds(1));
        for (int round = 0; round < MOST_ROUNDS && isStuck.getCount() > 0; round++) {
            said.clear();
            told.clear();
            Thread forking = Thread.ofPlatform()
                    .start(() -> assertThat(Forks.call("fork_and_end")).isEqualTo(ENDED));
            while (forking.isAlive() && isStuck.getCount() > 0) {
                Thread.onSpinWait();
            }
            if (isStuck.getCount() == 0) {
                stuck.close();
            }
            forking.join();
            assertThat(next().hooks()).isEqualTo(Hooks.TOO_LATE);
        }
    }

    private static int threadOf(String line, String what) {
        assertThat(line).startsWith(what + " ");
        return Integer.parseInt(line.substring(what.length() + 1));
    }

    /** What a thread that is stuck has begun waits for that thread, and is not begun by another. */
    @Test
    void shouldLeaveOutHooksThatAreStillBegunElsewhere() throws Exception {
        listen();
        ForkHooks.Registration stuck = stuckBefore();
        hook(() -> say("before"), () -> say("after")); // begun first
        assertThat(untilStuck().hooks()).isEqualTo(Hooks.TOO_LATE);
        stuck.close();
        patient();
        hook(() -> said.add("before another"), () -> said.add("after another"));
        assertThat(toldOfAFork().hooks()).as("without the one that is begun").isEqualTo(Hooks.TOO_LATE);
        int left = threadOf(said.getFirst(), "before");
        assertThat(said.subList(1, said.size())).containsExactly("before another", "after another");
        release.release();
        assertThat(isOver.await(GUARD_SECONDS, TimeUnit.SECONDS)).isTrue();
        while (said.size() < 6) {
            Thread.onSpinWait();
        }
        assertThat(said.subList(3, 6))
                .containsExactly("the stuck one " + left, "after the stuck one " + left, "after " + left);
        while (toldOfAFork().hooks() != Hooks.DONE) { // it may not have been marked yet
            Thread.onSpinWait();
        }
        assertThat(said.getLast()).startsWith("after ").isNotEqualTo("after " + left);
    }

    @Test
    void shouldTellOfAHookThatIsStuckAfterTheFork() throws Exception {
        listen();
        healthy();
        ForkHooks.Registration stuck = hook(() -> {}, () -> {
            stick();
            isOver.countDown();
        });
        assertThat(untilStuck().hooks()).isIn(Hooks.DONE, Hooks.TOO_LATE);
        said.clear();
        stuck.close();
        patient();
        assertThat(toldOfAFork().hooks()).isEqualTo(Hooks.DONE);
        assertThat(said).hasSize(2);
        release.release();
        assertThat(isOver.await(GUARD_SECONDS, TimeUnit.SECONDS)).isTrue();
    }
}
