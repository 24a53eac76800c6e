package io.mortmain.internal.owner;

import static org.assertj.core.api.Assertions.assertThat;

import io.mortmain.internal.layout.GlibcMutexLayout;
import io.mortmain.internal.linux.AddressSpace;
import io.mortmain.internal.linux.KernelThread;
import io.mortmain.internal.owner.RobustListLook.Verdict;
import io.mortmain.internal.words.MappedWords;
import io.mortmain.testing.TestProcess;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the watching thread does to a word, seen at its seams: the view of the holder, the turn, and the kernel that wakes. */
class OwnerWatchTest {
    private final long mutex = AddressSpace.reserve(AddressSpace.PAGE_SIZE);
    private final int holder = KernelThread.id(); // a living thread
    private final int word = holder | GlibcMutexLayout.WAITERS;
    private final SleepingHolder view = new SleepingHolder();
    private final RecordingKernel kernel = new RecordingKernel();
    private final RecordingTurn turn = new RecordingTurn();
    private final OwnerWatch watch = new OwnerWatch(new Takeover(MappedWords.INSTANCE, kernel, turn), this::look);

    private int looks;

    private HolderView look(long mutex, int threadId) {
        looks++;
        return view;
    }

    /** One that has the number in the word, and sleeps. */
    private static final class SleepingHolder extends HolderView {
        private volatile boolean holds;

        @Override
        boolean sleepsBeforePendingMutex() {
            return false;
        }

        @Override
        Verdict lookAtList() {
            return holds ? Verdict.HOLDS : Verdict.ABSENT;
        }

        @Override
        boolean isInWord() {
            return true;
        }

        @Override
        long switchesWhileAsleep() {
            return 0;
        }

        @Override
        boolean wasOffProcessor() {
            return true;
        }

        @Override
        void pause(long nanos) {}
    }

    private final class RecordingTurn extends MarkerTurn {
        private final BlockingQueue<Boolean> answers = new LinkedBlockingQueue<>();
        private volatile Runnable before = () -> {};
        private volatile boolean isTaken;

        @Override
        public boolean take(long address, BooleanSupplier step) {
            before.run();
            isTaken = true;
            boolean answer = step.getAsBoolean();
            isTaken = false;
            answers.add(answer);
            return answer;
        }
    }

    /** How many were asked to be woken, from which word that said what; and who would have kept them from going on. */
    private record Wake(long address, int count, int word, boolean inTurn, boolean inMonitor) {}

    private final class RecordingKernel extends WakingKernel {
        private final BlockingQueue<Wake> wakes = new LinkedBlockingQueue<>();

        @Override
        public void wake(long address, int count) {
            int word = MappedWords.INSTANCE.getIntVolatile(address);
            wakes.add(new Wake(address, count, word, turn.isTaken, Thread.holdsLock(watch)));
        }
    }

    @AfterEach
    void unmap() {
        AddressSpace.unmap(mutex, AddressSpace.PAGE_SIZE);
    }

    private Witness.Watch begin() {
        MappedWords.INSTANCE.putIntRelease(mutex + GlibcMutexLayout.LOCK, word);
        return Objects.requireNonNull(watch.watch(mutex, holder));
    }

    private int wordNow() {
        return MappedWords.INSTANCE.getIntVolatile(mutex + GlibcMutexLayout.LOCK);
    }

    /** Who waits through Mortmain would look again by himself; a C program that sleeps beside him would not. */
    @Test
    void shouldWakeOneWaiterWhenItMarked() throws InterruptedException {
        Witness.Watch begun = begin();
        try {
            assertThat(kernel.wakes.poll(TestProcess.GUARD_SECONDS, TimeUnit.SECONDS))
                    .isEqualTo(new Wake(
                            mutex + GlibcMutexLayout.LOCK,
                            1,
                            GlibcMutexLayout.OWNER_DIED | GlibcMutexLayout.WAITERS,
                            false,
                            false));
        } finally {
            begun.end();
        }
    }

    /** The number is that of a dead holder, but before the turn to mark came, its thread took the mutex. */
    @Test
    void shouldNotMarkWhenTheHolderBeganToHoldSinceTheFirstProof() throws InterruptedException {
        turn.before = () -> view.holds = true;
        Witness.Watch begun = begin();
        try {
            assertThat(turn.answers.poll(TestProcess.GUARD_SECONDS, TimeUnit.SECONDS))
                    .isFalse();
            assertThat(wordNow()).isEqualTo(word);
        } finally {
            begun.end();
        }
        assertThat(kernel.wakes).isEmpty();
    }

    /** What was seen of it while another waited may be true no more. */
    @Test
    void shouldLookAnewAtAHolderThatIsWaitedForAgain() {
        view.holds = true;
        begin().end();
        begin().end();
        assertThat(looks).isEqualTo(2);
    }

    /** Though nobody is woken when a watch ends. */
    @Test
    void shouldGiveBackTheDescriptorOfAHolderThatNobodyWaitsForAnyMore() throws IOException, InterruptedException {
        view.holds = true;
        awaitDescriptors(0); // those of an earlier test
        Witness.Watch begun = begin();
        awaitDescriptors(1);
        begun.end();
        awaitDescriptors(0);
    }

    private void awaitDescriptors(long count) throws IOException, InterruptedException {
        long guard = System.nanoTime() + TimeUnit.SECONDS.toNanos(TestProcess.GUARD_SECONDS);
        while (descriptorsOfTheHolder() != count) {
            assertThat(System.nanoTime()).isLessThan(guard);
            Thread.sleep(10);
        }
    }

    private long descriptorsOfTheHolder() throws IOException {
        long count = 0;
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
            for (Path entry : entries) {
                count += isOfTheHolder(entry) ? 1 : 0;
            }
        }
        return count;
    }

    private boolean isOfTheHolder(Path entry) throws IOException {
        try {
            return Files.readSymbolicLink(entry).toString().contains("pidfd")
                    && Files.readAllLines(Path.of("/proc/self/fdinfo").resolve(entry.getFileName()))
                            .contains("Pid:\t" + holder);
        } catch (NoSuchFileException closed) {
            return false;
        }
    }
}
