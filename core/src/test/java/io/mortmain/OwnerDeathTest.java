package io.mortmain;

import static io.mortmain.testing.MutexPeer.MUTEX;
import static org.assertj.core.api.Assertions.assertThat;

import io.mortmain.testing.CProgram;
import io.mortmain.testing.LockPeer;
import io.mortmain.testing.MutexPeer;
import io.mortmain.testing.MutexPeer.Language;
import io.mortmain.testing.TestProcess;
import io.mortmain.testing.TestRegion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The ways in which a holder can end without releasing, in C and in Java. A Java process that sleeps in the kernel meanwhile is told,
 * with the number of the thread that died, and whoever comes after it finds the mutex clean.
 */
class OwnerDeathTest {
    private static final MutexKind KIND = MutexKind.ERROR_CHECKING;
    private static final int SIGNALLED = 128;
    private static final int SIGABRT = 6;
    private static final int SIGSEGV = 11;

    @AfterAll
    static void endSpares() {
        MutexPeer.endSpares();
    }

    /** A1. */
    @ParameterizedTest
    @EnumSource(Language.class)
    void shouldTellWhenTheHolderIsKilled(Language language) {
        shouldTellAWaiter(MutexPeer.start(language), TestProcess::kill);
    }

    /** A1, the acquirer comes after the death. */
    @ParameterizedTest
    @EnumSource(Language.class)
    void shouldTellWhoComesAfterTheHolderWasKilled(Language language) throws InterruptedException {
        try (TestRegion name = new TestRegion();
                Region region = Region.create(name.name(), 0);
                MutexPeer holder = MutexPeer.start(language)) {
            RobustMutex mutex = region.mutex(MUTEX, KIND, null);
            int threadId = lock(holder.open(name, KIND));
            holder.process().kill();
            try (Hold hold = mutex.tryLock(Duration.ofSeconds(TestProcess.GUARD_SECONDS))) {
                assertThat(hold).isNotNull();
                assertThat(hold.predecessorDied()).isTrue();
                assertThat(hold.death())
                        .contains(new Death(OptionalInt.of(threadId), false, false, OptionalInt.empty()));
                hold.markConsistent();
            }
            requireClean(mutex);
        }
    }

    /** A2. */
    @ParameterizedTest
    @EnumSource(Language.class)
    void shouldTellWhenTheThreadEndsAndTheProcessLivesOn(Language language) {
        try (TestRegion name = new TestRegion();
                Region region = Region.create(name.name(), 0);
                MutexPeer holder = MutexPeer.start(language);
                MutexPeer waiter = MutexPeer.start(Language.JAVA)) {
            RobustMutex mutex = region.mutex(MUTEX, KIND, null);
            String threadId = holder.open(name, KIND).ask("thread");
            waiter.open(name, KIND).beginToWait();
            holder.process().say("end-thread");
            holder.process().expect("ended");
            requireTold(waiter, Integer.parseInt(threadId));
            assertThat(holder.process().isAlive()).isTrue();
            assertThat(holder.ask("lock")).isEqualTo("0"); // another thread of that process, and clean
            assertThat(holder.ask("unlock")).isEqualTo("0");
            holder.closeRegion();
            requireClean(mutex);
        }
    }

    /** D10: whoever waits, in C or in Java, is told of the process's death, and Java has the deputy's number. */
    @ParameterizedTest
    @CsvSource({"virtual,C", "virtual,JAVA", "hand-over,C", "hand-over,JAVA"})
    void shouldTellWhenTheProcessOfADeputyIsKilled(String way, Language language) {
        try (TestRegion name = new TestRegion();
                Region region = Region.create(name.name(), 0);
                MutexPeer holder = MutexPeer.start(Language.JAVA);
                MutexPeer waiter = MutexPeer.start(language)) {
            RobustMutex mutex = region.mutex(MUTEX, KIND, null);
            String deputy = holder.open(name, KIND).ask(way);
            assertThat(Integer.parseInt(deputy)).isNotEqualTo(holder.threadId()).isPositive();
            waiter.open(name, KIND).beginToWait();
            holder.process().kill();
            assertThat(waiter.answer("waits"))
                    .isEqualTo(language == Language.C ? "EOWNERDEAD" : "EOWNERDEAD tid " + deputy);
            assertThat(waiter.ask("consistent")).isEqualTo("0");
            assertThat(waiter.ask("unlock")).isEqualTo("0");
            waiter.closeRegion();
            requireClean(mutex);
        }
    }

    /** A3. */
    @ParameterizedTest
    @CsvSource({"C,exit", "C,_exit", "JAVA,exit", "JAVA,exit-elsewhere", "JAVA,halt"})
    void shouldTellWhenTheHolderExits(Language language, String way) {
        shouldTellAWaiter(MutexPeer.start(language), holder -> {
            holder.say(way);
            assertThat(holder.exitCode()).isZero();
        });
    }

    /** A4. On SIGSEGV, the JVM writes its report and aborts. */
    @ParameterizedTest(name = "{0}, {1}, core dump: {2}")
    @CsvSource({
        "C,segv,false",
        "C,segv,true",
        "C,abort,false",
        "C,abort,true",
        "JAVA,SEGV,false",
        "JAVA,SEGV,true",
        "JAVA,ABRT,false",
        "JAVA,ABRT,true"
    })
    void shouldTellWhenTheHolderCrashes(Language language, String way, boolean dumps, @TempDir Path folder)
            throws IOException {
        MutexPeer holder = MutexPeer.of(language, startIn(folder, language, dumps));
        int signal = way.equals("segv") ? SIGSEGV : SIGABRT;
        shouldTellAWaiter(holder, process -> {
            if (language == Language.C) {
                process.say(way);
            } else {
                process.signal(way);
            }
            assertThat(process.exitCode()).isEqualTo(SIGNALLED + signal);
        });
        if (coreFilesStayInTheFolder()) {
            assertThat(hasCoreFile(folder)).isEqualTo(dumps);
        }
    }

    /** A13. */
    @Test
    void shouldTellWhenTheMainThreadOfTheHolderExecs() {
        shouldTellAWaiter(MutexPeer.start(Language.C), holder -> {
            holder.say("exec");
            holder.expect("lives");
            assertThat(holder.isAlive()).isTrue();
        });
    }

    private static void shouldTellAWaiter(MutexPeer holder, Consumer<TestProcess> death) {
        try (holder;
                TestRegion name = new TestRegion();
                Region region = Region.create(name.name(), 0);
                MutexPeer waiter = MutexPeer.start(Language.JAVA)) {
            RobustMutex mutex = region.mutex(MUTEX, KIND, null);
            int threadId = lock(holder.open(name, KIND));
            waiter.open(name, KIND).beginToWait();
            death.accept(holder.process());
            requireTold(waiter, threadId);
            requireClean(mutex);
        }
    }

    private static int lock(MutexPeer holder) {
        int threadId = holder.threadId();
        assertThat(holder.ask("lock")).isEqualTo("0");
        return threadId;
    }

    private static void requireTold(MutexPeer waiter, int deadThread) {
        assertThat(waiter.answer("waits")).isEqualTo("EOWNERDEAD tid " + deadThread);
        assertThat(waiter.ask("consistent")).isEqualTo("0");
        assertThat(waiter.ask("unlock")).isEqualTo("0");
        waiter.closeRegion();
    }

    private static void requireClean(RobustMutex mutex) {
        try (Hold hold = mutex.tryLock()) {
            assertThat(hold).isNotNull();
            assertThat(hold.predecessorDied()).isFalse();
        }
    }

    /** A peer that leaves its core file and its report in the folder. */
    private static TestProcess startIn(Path folder, Language language, boolean dumps) {
        String limit = dumps ? "unlimited" : "0";
        List<String> command = new ArrayList<>(
                List.of("sh", "-c", "cd \"$0\" && ulimit -S -c " + limit + " && exec \"$@\"", folder.toString()));
        command.addAll(
                language == Language.C
                        ? List.of(CProgram.compile("lockpeer").toString())
                        : TestProcess.peerCommand(List.of("-Xmx32m"), LockPeer.class));
        return TestProcess.start(command);
    }

    private static boolean coreFilesStayInTheFolder() throws IOException {
        String pattern =
                Files.readString(Path.of("/proc/sys/kernel/core_pattern")).strip();
        return pattern.startsWith("core") && !pattern.contains("/");
    }

    private static boolean hasCoreFile(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.anyMatch(file -> file.getFileName().toString().startsWith("core"));
        }
    }
}
