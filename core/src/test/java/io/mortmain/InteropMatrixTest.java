package io.mortmain;

import static io.mortmain.testing.MutexPeer.MUTEX;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mortmain.errors.NotRecoverableException;
import io.mortmain.testing.MutexPeer;
import io.mortmain.testing.MutexPeer.Language;
import io.mortmain.testing.TestProcess;
import io.mortmain.testing.TestRegion;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * One mutex between two processes, each in C or in Java, of each kind, for each way in which the holder can end its hold. The waiter
 * sleeps in the kernel when that happens. The C side locks with nothing but pthread.h.
 *
 * <p>One waiter in each cell: when a C program makes a mutex not recoverable, glibc wakes one waiter only, and of several C waiters the
 * others would sleep for ever.
 */
class InteropMatrixTest {
    /** How the holder's hold ends. */
    enum End {
        RELEASED,
        KILLED,
        /** The holder was told of a death before, and dies too before it has declared the data consistent. */
        KILLED_WHILE_RECOVERING,
        /** The holder was told of a death before, and releases without declaring the data consistent. */
        NOT_RECOVERABLE
    }

    @AfterAll
    static void endSpares() {
        MutexPeer.endSpares();
    }

    static List<Arguments> cells() {
        List<Arguments> cells = new ArrayList<>();
        for (Language holder : Language.values()) {
            for (Language waiter : Language.values()) {
                for (MutexKind kind : MutexKind.values()) {
                    for (End end : End.values()) {
                        cells.add(Arguments.of(holder, waiter, kind, end));
                    }
                }
            }
        }
        return cells;
    }

    @ParameterizedTest(name = "{0} holds, {1} waits, {2}, {3}")
    @MethodSource("cells")
    void shouldTellTheWaiterHowTheHoldEnded(Language holds, Language waits, MutexKind kind, End end) {
        try (TestRegion name = new TestRegion();
                Region region = Region.create(name.name(), 0)) {
            RobustMutex mutex = region.mutex(MUTEX, kind, null);
            try (MutexPeer holder = MutexPeer.start(holds).open(name, kind);
                    MutexPeer waiter = MutexPeer.start(waits).open(name, kind)) {
                int holderId = acquire(holder, holds, name, kind, end);
                waiter.beginToWait();
                assertThat(name.seenMutex(0).holder()).hasValue(holderId);
                end(holder, kind, end, name);
                assertThat(waiter.answer("waits")).isEqualTo(expected(waits, end, holderId));
                conclude(waiter, end);
                waiter.closeRegion();
                if (holder.process().isAlive()) {
                    holder.closeRegion();
                }
            }
            checkAfterwards(mutex, name, end);
        }
    }

    /** B6. */
    @ParameterizedTest
    @EnumSource(Language.class)
    void shouldTellEveryJavaWaiterWhenTheMutexBecomesNotRecoverable(Language holds) {
        MutexKind kind = MutexKind.ERROR_CHECKING;
        try (TestRegion name = new TestRegion();
                Region region = Region.create(name.name(), 0)) {
            RobustMutex mutex = region.mutex(MUTEX, kind, null);
            try (MutexPeer holder = MutexPeer.start(holds).open(name, kind);
                    MutexPeer first = MutexPeer.start(Language.JAVA).open(name, kind);
                    MutexPeer second = MutexPeer.start(Language.JAVA).open(name, kind);
                    MutexPeer third = MutexPeer.start(Language.JAVA).open(name, kind)) {
                acquire(holder, holds, name, kind, End.NOT_RECOVERABLE);
                List<MutexPeer> waiters = List.of(first, second, third);
                waiters.forEach(MutexPeer::beginToWait);
                end(holder, kind, End.NOT_RECOVERABLE, name);
                for (MutexPeer waiter : waiters) {
                    assertThat(waiter.answer("waits")).isEqualTo("ENOTRECOVERABLE");
                    waiter.closeRegion();
                }
                holder.closeRegion();
            }
            checkAfterwards(mutex, name, End.NOT_RECOVERABLE);
        }
    }

    /**
     * In glibc 2.36, pthread_mutex_trylock of a mutex that is not recoverable answers so, but leaves the caller's number in the word:
     * the next C program would wait for it. Java looks at the owner field first, and is told all the same.
     */
    @ParameterizedTest
    @EnumSource(MutexKind.class)
    @Timeout(TestProcess.GUARD_SECONDS)
    void shouldTellJavaWhenCTriedToLockAMutexThatIsNotRecoverable(MutexKind kind) throws InterruptedException {
        try (TestRegion name = new TestRegion();
                Region region = Region.create(name.name(), 0)) {
            RobustMutex mutex = region.mutex(MUTEX, kind, null);
            try (MutexPeer c = MutexPeer.start(Language.C).open(name, kind)) {
                acquire(c, Language.C, name, kind, End.NOT_RECOVERABLE);
                assertThat(c.ask("unlock")).isEqualTo("0");
                assertThat(c.ask("trylock")).isEqualTo("ENOTRECOVERABLE");
                assertThatThrownBy(mutex::tryLock).isInstanceOf(NotRecoverableException.class);
                assertThatThrownBy(mutex::lock).isInstanceOf(NotRecoverableException.class);
            }
            try (Hold hold = mutex.reset()) { // the number that C left in the word belongs to nobody by now
                hold.markConsistent();
            }
            mutex.lock().close();
        }
    }

    /** Locks, after a death where the cell wants one, and locks again as the kind allows; number of the thread that holds. */
    private static int acquire(MutexPeer holder, Language language, TestRegion name, MutexKind kind, End end) {
        boolean afterDeath = end == End.KILLED_WHILE_RECOVERING || end == End.NOT_RECOVERABLE;
        int victim = afterDeath ? lockAndDie(name, kind) : 0;
        assertThat(holder.ask("lock")).isEqualTo(afterDeath ? toldOf(language, victim) : "0");
        switch (kind) {
            case NORMAL -> assertThat(holder.ask("trylock")).isEqualTo("EBUSY");
            case ERROR_CHECKING -> assertThat(holder.ask("lock")).isEqualTo("EDEADLK");
            case RECURSIVE -> {
                // glibc answers the inner release of an inconsistent mutex with an error, so there is none in that
                // case.
                if (end != End.NOT_RECOVERABLE) {
                    assertThat(holder.ask("lock")).isEqualTo("0");
                }
            }
        }
        return holder.threadId();
    }

    private static int lockAndDie(TestRegion name, MutexKind kind) {
        try (MutexPeer victim = MutexPeer.start(Language.C).open(name, kind)) {
            int threadId = victim.threadId();
            assertThat(victim.ask("lock")).isEqualTo("0");
            victim.process().kill();
            return threadId;
        }
    }

    private static void end(MutexPeer holder, MutexKind kind, End end, TestRegion name) {
        switch (end) {
            case RELEASED -> {
                if (kind == MutexKind.RECURSIVE) {
                    assertThat(name.seenMutex(0).count()).isEqualTo(2);
                    assertThat(holder.ask("unlock")).isEqualTo("0");
                    assertThat(name.seenMutex(0).count()).isEqualTo(1);
                    assertThat(name.seenMutex(0).holder()).hasValue(holder.threadId());
                }
                assertThat(holder.ask("unlock")).isEqualTo("0");
            }
            case KILLED, KILLED_WHILE_RECOVERING -> holder.process().kill();
            case NOT_RECOVERABLE -> assertThat(holder.ask("unlock")).isEqualTo("0");
        }
    }

    private static String expected(Language waiter, End end, int holderId) {
        return switch (end) {
            case RELEASED -> "0";
            case KILLED -> toldOf(waiter, holderId);
            case KILLED_WHILE_RECOVERING -> waiter == Language.C ? "EOWNERDEAD" : "EOWNERDEAD repairing";
            case NOT_RECOVERABLE -> "ENOTRECOVERABLE";
        };
    }

    /** C programs are not told who died. */
    private static String toldOf(Language told, int deadThread) {
        return told == Language.C ? "EOWNERDEAD" : "EOWNERDEAD tid " + deadThread;
    }

    private static void conclude(MutexPeer waiter, End end) {
        switch (end) {
            case RELEASED -> assertThat(waiter.ask("unlock")).isEqualTo("0");
            case KILLED, KILLED_WHILE_RECOVERING -> {
                assertThat(waiter.ask("consistent")).isEqualTo("0");
                assertThat(waiter.ask("unlock")).isEqualTo("0");
            }
            case NOT_RECOVERABLE -> assertThat(waiter.ask("lock")).isEqualTo("ENOTRECOVERABLE");
        }
    }

    /** A third process finds the mutex free and clean, or refused for good; nothing of the others is left in it. */
    private static void checkAfterwards(RobustMutex mutex, TestRegion name, End end) {
        assertThat(name.seenMutex(0).holder()).isEmpty();
        if (end == End.NOT_RECOVERABLE) {
            assertThat(name.seenMutex(0).state()).isEqualTo(MutexSnapshot.State.NOT_RECOVERABLE);
            assertThatThrownBy(mutex::tryLock).isInstanceOf(NotRecoverableException.class);
            return;
        }
        assertThat(name.seenMutex(0).state()).isEqualTo(MutexSnapshot.State.FREE);
        try (Hold hold = mutex.tryLock()) {
            assertThat(hold).isNotNull();
            assertThat(hold.predecessorDied()).isFalse();
        }
    }
}
