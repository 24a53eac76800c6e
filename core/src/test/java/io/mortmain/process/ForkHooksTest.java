package io.mortmain.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mortmain.process.NativeFork.Exec;
import io.mortmain.process.NativeFork.Hooks;
import io.mortmain.testing.Forks;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** C8 and what hooks and listeners are told, with real forks of this JVM. */
class ForkHooksTest {
    private static final int MOST_ROUNDS = 50;
    private static final long GUARD_SECONDS = 60;
    private static final int ENDED = 7;

    private final List<String> said = Collections.synchronizedList(new ArrayList<>());
    private final LinkedBlockingQueue<NativeFork> told = new LinkedBlockingQueue<>();
    private final List<ForkHooks.Registration> open = new ArrayList<>();

    @AfterEach
    void close() {
        open.forEach(ForkHooks.Registration::close);
        ForkHooks.setTimeLimit(Duration.ofSeconds(1));
    }

    private ForkHooks.Registration hook(String name) {
        return hook(() -> said.add("before " + name), () -> said.add("after " + name));
    }

    private ForkHooks.Registration hook(Runnable prepare, Runnable parent) {
        ForkHooks.Registration made = ForkHooks.register(prepare, parent);
        open.add(made);
        return made;
    }

    private void listen() {
        open.add(ForkHooks.listen(told::add));
    }

    private NativeFork next() throws InterruptedException {
        NativeFork fork = told.poll(GUARD_SECONDS, TimeUnit.SECONDS);
        assertThat(fork).as("told of a fork").isNotNull();
        return fork;
    }

    /** Whether the thread has all the time that a test has. */
    private static void patient() {
        ForkHooks.setTimeLimit(Duration.ofSeconds(GUARD_SECONDS));
    }

    @Test
    void shouldRunInTheClassicOrder() {
        patient();
        hook("a");
        hook("b");
        hook("c");
        assertThat(Forks.call("fork_and_end")).isEqualTo(ENDED);
        assertThat(said).containsExactly("before c", "before b", "before a", "after a", "after b", "after c");
    }

    @Test
    void shouldRunUntilItIsTakenBack() {
        patient();
        hook("a");
        ForkHooks.Registration b = hook("b");
        b.close();
        b.close();
        assertThat(Forks.call("fork_and_end")).isEqualTo(ENDED);
        assertThat(said).containsExactly("before a", "after a");
        open.forEach(ForkHooks.Registration::close);
        assertThat(Forks.call("fork_and_end")).isEqualTo(ENDED);
        assertThat(said).hasSize(2);
    }

    /** A fork that has begun is over all the same: what its hooks hold is not held on. */
    @Test
    void shouldRunToTheEndWhereTheLastIsTakenBackInAHook() throws InterruptedException {
        patient();
        Semaphore ran = new Semaphore(0);
        hook(() -> open.forEach(ForkHooks.Registration::close), ran::release);
        assertThat(Forks.call("fork_and_end")).isEqualTo(ENDED);
        assertThat(ran.tryAcquire(GUARD_SECONDS / 2, TimeUnit.SECONDS))
                .as("the hook after the fork")
                .isTrue();
    }

    @Test
    void shouldRunTwiceWhatIsRegisteredTwice() {
        patient();
        AtomicInteger times = new AtomicInteger();
        Runnable count = times::incrementAndGet;
        hook(count, count);
        ForkHooks.Registration second = hook(count, count);
        second.close();
        second.close();
        assertThat(Forks.call("fork_and_end")).isEqualTo(ENDED);
        assertThat(times).hasValue(2);
    }

    @Test
    void shouldForkAndRunTheOthersWhenAHookThrows() throws InterruptedException {
        patient();
        listen();
        List<Throwable> uncaught = Collections.synchronizedList(new ArrayList<>());
        Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
        Thread.setDefaultUncaughtExceptionHandler((_, thrown) -> {
            uncaught.add(thrown);
            throw new IllegalStateException("also the handler");
        });
        try {
            var first = new IllegalStateException("before");
            var second = new AssertionError("after");
            hook("a");
            hook(
                    () -> {
                        throw first;
                    },
                    () -> said.add("after what did not happen"));
            hook(() -> said.add("before c"), () -> {
                throw second;
            });
            assertThat(Forks.call("fork_and_end")).isEqualTo(ENDED);
            assertThat(said).containsExactly("before c", "before a", "after a");
            NativeFork fork = next();
            assertThat(fork.failures()).containsExactly(first, second);
            assertThat(fork.hooks()).isEqualTo(Hooks.DONE);
            assertThat(uncaught).containsExactly(first, second);
        } finally {
            Thread.setDefaultUncaughtExceptionHandler(before);
        }
    }

    @Test
    void shouldBeginEachHookUninterrupted() {
        patient();
        List<Boolean> interrupted = Collections.synchronizedList(new ArrayList<>());
        Runnable interrupting = () -> {
            interrupted.add(Thread.currentThread().isInterrupted());
            Thread.currentThread().interrupt();
        };
        hook(interrupting, interrupting);
        hook(interrupting, interrupting);
        assertThat(Forks.call("fork_and_end")).isEqualTo(ENDED);
        assertThat(Forks.call("fork_and_end")).isEqualTo(ENDED);
        assertThat(interrupted).hasSize(8).containsOnly(false);
    }

    @Test
    void shouldTellWhoForkedAndThatNoExecFollowed() throws InterruptedException {
        patient();
        listen();
        hook("a");
        int me = Forks.call("own_thread");
        assertThat(Forks.call("fork_and_end")).isEqualTo(ENDED);
        NativeFork fork = next();
        assertThat(fork.threadId()).isEqualTo(OptionalInt.of(me));
        assertThat(fork.child()).isPresent();
        assertThat(fork.hooks()).isEqualTo(Hooks.DONE);
        assertThat(fork.exec()).isIn(Exec.ENDED, Exec.UNKNOWN); // it may have been reaped before anybody looked
    }

    @Test
    void shouldTellThatAChildEndedWithoutExec() throws InterruptedException {
        patient();
        listen();
        int child = Forks.call("fork_only");
        NativeFork fork = next();
        assertThat(fork.child()).isEqualTo(OptionalInt.of(child));
        assertThat(fork.hooks()).isEqualTo(Hooks.NONE);
        assertThat(fork.exec()).isEqualTo(Exec.ENDED);
        assertThat(Forks.outcomeOf(child)).isEqualTo(ENDED);
    }

    @Test
    void shouldTellThatExecFollowed() throws InterruptedException {
        patient();
        listen();
        int child = Forks.call("linger_after_exec");
        NativeFork fork = next();
        assertThat(fork.child()).isEqualTo(OptionalInt.of(child));
        assertThat(fork.exec()).isEqualTo(Exec.FOLLOWED);
        Forks.kill(child);
    }

    @Test
    void shouldTellAfterASecondThatAChildLivesOnWithoutExec() throws InterruptedException {
        patient();
        listen();
        int child = Forks.call("linger");
        assertThat(next().exec()).isEqualTo(Exec.NOT_YET);
        Forks.kill(child);
    }

    /** Where the hook never ends in time, the fork goes on, and what follows is whole again. */
    @Test
    void shouldGoOnAfterTheTimeLimit() throws InterruptedException {
        listen();
        Semaphore hook = new Semaphore(0);
        hook("never begun");
        hook(hook::acquireUninterruptibly, () -> said.add("after the late one"));
        ForkHooks.setTimeLimit(Duration.ofMillis(20));
        assertThat(Forks.call("fork_and_end")).isEqualTo(ENDED);
        hook.release();
        NativeFork late = next();
        assertThat(late.hooks()).isEqualTo(Hooks.TOO_LATE);
        assertThat(said).containsExactly("after the late one");
        patient();
        hook.release();
        assertThat(Forks.call("fork_and_end")).isEqualTo(ENDED);
        assertThat(next().hooks()).isEqualTo(Hooks.DONE);
        assertThat(said).endsWith("before never begun", "after never begun", "after the late one");
    }

    @Test
    void shouldNotWaitLongForTheTurnOfAnother() throws Exception {
        listen();
        Semaphore hook = new Semaphore(0);
        CountDownLatch begun = new CountDownLatch(1);
        hook(
                () -> {
                    begun.countDown();
                    hook.acquireUninterruptibly();
                },
                () -> said.add("after"));
        patient();
        Thread first = Thread.ofPlatform()
                .start(() -> assertThat(Forks.call("fork_and_end")).isEqualTo(ENDED));
        begun.await();
        ForkHooks.setTimeLimit(Duration.ofMillis(20));
        assertThat(Forks.call("fork_and_end")).isEqualTo(ENDED);
        hook.release();
        first.join();
        assertThat(List.of(next().hooks(), next().hooks())).containsExactlyInAnyOrder(Hooks.DONE, Hooks.NO_TURN);
        assertThat(said).containsExactly("after");
    }

    @Test
    void shouldForkWithoutHooksInAHook() throws InterruptedException {
        patient();
        listen();
        hook("outer");
        hook(
                () -> said.add("forked " + Forks.call("fork_and_end")),
                () -> said.add("forked " + Forks.call("fork_and_end")));
        assertThat(Forks.call("fork_and_end")).isEqualTo(ENDED);
        assertThat(said).containsExactly("forked 7", "before outer", "after outer", "forked 7");
        assertThat(List.of(next().hooks(), next().hooks(), next().hooks()))
                .containsExactlyInAnyOrder(Hooks.DONE, Hooks.BY_HOOK, Hooks.BY_HOOK);
    }

    @Test
    void shouldTakeTurnsWhenManyThreadsFork() throws Exception {
        patient();
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        AtomicInteger times = new AtomicInteger();
        hook(() -> most.accumulateAndGet(inside.incrementAndGet(), Math::max), () -> {
            inside.decrementAndGet();
            times.incrementAndGet();
        });
        int threads = 4;
        int each = 10;
        List<Thread> forking = new ArrayList<>();
        AtomicInteger wrong = new AtomicInteger();
        for (int i = 0; i < threads; i++) {
            forking.add(Thread.ofPlatform().start(() -> wrong.addAndGet(Forks.forkOften(each, false))));
        }
        for (Thread thread : forking) {
            thread.join();
        }
        assertThat(wrong).hasValue(0);
        assertThat(most).hasValue(1);
        assertThat(inside).hasValue(0);
        assertThat(times).hasValue(threads * each);
    }

    /** C7: what a handler's thread may hold, hooks must not wait for. */
    @Test
    void shouldNotRunInASignalHandler() throws InterruptedException {
        patient();
        listen();
        hook("a");
        assertThat(Forks.call("install_forking_handler")).isZero();
        assertThat(Forks.call("signal_thread", Forks.call("own_thread"))).isZero();
        assertThat(Forks.call("wrong_in_handlers")).isZero();
        assertThat(next().hooks()).isEqualTo(Hooks.SIGNAL_HANDLER);
        assertThat(said).isEmpty();
        assertThat(Forks.call("install_handler")).isZero();
    }

    /** Who forks with care blocks signals, and is in no handler; also where one ran before on the same stack. */
    @Test
    void shouldRunWhereSignalsAreBlocked() throws InterruptedException {
        patient();
        listen();
        hook("a");
        assertThat(Forks.call("install_handler")).isZero();
        assertThat(Forks.call("signal_thread", Forks.call("own_thread"))).isZero();
        assertThat(Forks.call("fork_with_signals_blocked")).isEqualTo(ENDED);
        assertThat(next().hooks()).isEqualTo(Hooks.DONE);
        assertThat(said).containsExactly("before a", "after a");
    }

    /** The handler of a signal that comes while the thread waits for its hooks forks too: it has no turn of its own to wait for. */
    @Test
    void shouldForkInAHandlerInTheMidstOfAFork() throws InterruptedException {
        patient();
        listen();
        int me = Forks.call("own_thread");
        assertThat(Forks.call("install_forking_handler")).isZero();
        int before = Forks.call("forks_in_handler");
        hook(
                () -> {
                    Forks.call("signal_thread", me);
                    while (Forks.call("forks_in_handler") == before) {
                        Thread.onSpinWait();
                    }
                    said.add("forked in a handler");
                },
                () -> said.add("after"));
        assertThat(Forks.call("fork_and_end")).isEqualTo(ENDED);
        assertThat(Forks.call("wrong_in_handlers")).isZero();
        assertThat(said).containsExactly("forked in a handler", "after");
        assertThat(next().hooks()).isEqualTo(Hooks.DONE);
        assertThat(Forks.call("install_handler")).isZero();
        open.forEach(ForkHooks.Registration::close);
        listen();
        assertThat(Forks.call("fork_and_end")).isEqualTo(ENDED); // the next turn is in order
        assertThat(next().hooks()).isEqualTo(Hooks.NONE);
    }

    /** C2, for a private mutex of C: who holds it across the fork has nobody inside. */
    @Test
    void shouldKeepWholeWhatALibraryGuards() throws InterruptedException {
        patient();
        int forks = 20;
        AtomicBoolean isOver = new AtomicBoolean();
        Thread user = Thread.ofPlatform().start(() -> {
            while (!isOver.get()) {
                Forks.call("use_library", 20);
            }
        });
        int without = 0;
        for (int round = 0; round < MOST_ROUNDS && without == 0; round++) { // it has to be inside just then
            without = Forks.call("fork_and_look_at_library", forks);
        }
        hook(() -> Forks.call("lock_library"), () -> Forks.call("unlock_library"));
        int with = Forks.call("fork_and_look_at_library", forks);
        isOver.set(true);
        user.join();
        assertThat(without).as("found it half done, without hooks").isPositive();
        assertThat(with).as("the same with hooks").isZero();
    }

    @Test
    void shouldLeaveErrnoAlone() {
        patient();
        hook("a");
        assertThat(Forks.call("errno_is_kept")).isEqualTo(1);
        assertThat(said).containsExactly("before a", "after a");
    }

    /** A child's own children find nobody who would answer, and do not wait. */
    @Test
    void shouldNotBeWaitedForInAChild() {
        patient();
        hook("a");
        assertThat(Forks.call("fork_in_child")).isEqualTo(ENDED);
        assertThat(said).containsExactly("before a", "after a");
    }

    @Test
    void shouldRefuseTimeLimitsThatAreNone() {
        for (Duration wrong :
                List.of(Duration.ZERO, Duration.ofNanos(999_999), Duration.ofSeconds(61), Duration.ofMillis(-1))) {
            assertThatIllegalArgumentException().isThrownBy(() -> ForkHooks.setTimeLimit(wrong));
        }
    }

    @Test
    void shouldRefuseATimeLimitThatIsNone() {
        for (Duration none : List.of(Duration.ZERO, Duration.ofNanos(999_999), Duration.ofSeconds(Long.MAX_VALUE))) {
            assertThatThrownBy(() -> ForkHooks.setTimeLimit(none))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("give 1 ms to 1 minute");
        }
    }
}
