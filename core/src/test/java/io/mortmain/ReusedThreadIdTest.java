package io.mortmain;

import static io.mortmain.internal.layout.GlibcMutexLayout.TID_MASK;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mortmain.internal.linux.Facility;
import io.mortmain.internal.linux.KernelThread;
import io.mortmain.testing.Commands;
import io.mortmain.testing.MutexPeer;
import io.mortmain.testing.MutexPeer.Language;
import io.mortmain.testing.RobustList;
import io.mortmain.testing.TestProcess;
import io.mortmain.testing.TestRegion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Row A18: after a death that nobody was told of, the holder's number is given to another thread, for real, by setting the kernel's
 * counter in a PID namespace of our own.
 */
class ReusedThreadIdTest {
    private static final Path LAST = Path.of("/proc/sys/kernel/ns_last_pid");
    private static final int ATTEMPTS = 200;
    /** A hang guard, shorter than that of who reads what this process says. */
    private static final int BUSY_SECONDS = TestProcess.GUARD_SECONDS / 2;

    /** In the namespace: runs one case, and prints "as promised" or what was otherwise. */
    public static void main(String[] arguments) throws Exception {
        switch (arguments[0]) {
            case "process" -> toldAlthoughAProcessHasTheNumber();
            case "busy" -> toldAlthoughABusyThreadHasTheNumber();
            case "waiter" -> toldAlthoughAWaiterHasTheNumber();
            case "acquirer" -> toldAlthoughTheAcquirerHasTheNumber();
            default -> waitsForALivingHolderWithTheNumberOfADeadOne();
        }
        System.out.println("as promised");
        System.exit(0);
    }

    private static void toldAlthoughAProcessHasTheNumber() throws Exception {
        try (VanishScene scene = new VanishScene("unmap")) {
            scene.vanish();
            try (MutexPeer other = peerWithNumber(scene.threadId())) {
                require(other.threadId() == scene.threadId(), "the new process has the number");
                long start = System.nanoTime();
                require(scene.waitInJava().get(TestProcess.GUARD_SECONDS, TimeUnit.SECONDS), "told");
                System.out.println("told after " + (System.nanoTime() - start) / 1_000 + " µs");
            }
        }
    }

    /** It never sleeps, so that no look is at a list that stands still for certain. */
    private static void toldAlthoughABusyThreadHasTheNumber() throws Exception {
        try (VanishScene scene = new VanishScene("unmap")) {
            scene.vanish();
            boolean told = withThreadOfNumber(scene.threadId(), () -> {
                CompletableFuture<Boolean> waiter = scene.waitInJava();
                long start = System.nanoTime();
                while (!waiter.isDone() && System.nanoTime() - start < TimeUnit.SECONDS.toNanos(BUSY_SECONDS)) {
                    Thread.onSpinWait();
                }
                boolean answer = waiter.isDone() && waiter.join();
                System.out.println("told after " + (System.nanoTime() - start) / 1_000 + " µs");
                return answer;
            });
            require(told, "told while the thread with the number is busy");
        }
    }

    /** Its pending word leads to the mutex while it waits, as a holder's does that is about to have it on its list. */
    private static void toldAlthoughAWaiterHasTheNumber() throws Exception {
        try (VanishScene scene = new VanishScene("unmap")) {
            scene.vanish();
            try (MutexPeer other = peerWithNumber(scene.threadId())) {
                other.open(scene.name(), VanishScene.KIND).beginToWait();
                long start = System.nanoTime();
                CompletableFuture<Boolean> waiter = scene.waitInJava();
                boolean otherWasTold = other.answer("waits").equals("EOWNERDEAD");
                System.out.println("passed after " + (System.nanoTime() - start) / 1_000 + " µs");
                require((scene.word() & TID_MASK) == scene.threadId(), "C holds it");
                require(scene.mutex().tryLock(Duration.ofMillis(500)) == null, "not robbed");
                require(!otherWasTold || !waiter.isDone(), "one at a time");
                require(!otherWasTold || other.ask("consistent").equals("0"), "consistent");
                require(other.ask("unlock").equals("0"), "unlocked by C");
                boolean waiterWasTold = waiter.get(TestProcess.GUARD_SECONDS, TimeUnit.SECONDS);
                require(waiterWasTold != otherWasTold, "one is told");
                require(scene.word() == 0, "released");
            }
        }
    }

    /** glibc would say that it holds a recursive one already, and count: a false success. */
    private static void toldAlthoughTheAcquirerHasTheNumber() throws Exception {
        for (MutexKind kind : MutexKind.values()) {
            try (VanishScene scene = new VanishScene("unmap", kind)) {
                scene.vanish();
                boolean told = withThreadOfNumber(scene.threadId(), () -> {
                    try (Hold hold = scene.mutex().lock()) {
                        boolean died = hold.predecessorDied();
                        hold.markConsistent();
                        return died;
                    }
                });
                require(told, "told, " + kind);
                require(scene.word() == 0, "released, " + kind);
            }
        }
    }

    private static void waitsForALivingHolderWithTheNumberOfADeadOne() throws Exception {
        try (TestRegion name = new TestRegion();
                Region region = Region.create(name.name(), 0)) {
            RobustMutex mutex = region.mutex(MutexPeer.MUTEX, VanishScene.KIND, null);
            int[] number = new int[1];
            Thread holder = Thread.ofPlatform().start(() -> {
                number[0] = KernelThread.id();
                mutex.lock(); // and ends
            });
            holder.join();
            try (Hold hold = mutex.lock()) {
                hold.markConsistent();
            }
            try (MutexPeer other = peerWithNumber(number[0])) {
                other.open(name, VanishScene.KIND);
                require(other.ask("lock").equals("0"), "locked by C");
                require(mutex.tryLock(Duration.ofMillis(500)) == null, "not robbed");
                int word = RobustList.word(mutex.pthreadMutex().address());
                require((word & TID_MASK) == number[0], "C holds it");
                require(other.ask("unlock").equals("0"), "unlocked by C");
                mutex.lock().close();
            }
        }
    }

    private static void require(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError("broken promise: " + what);
        }
    }

    private static MutexPeer peerWithNumber(int number) throws IOException, InterruptedException {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            awaitForgottenByTheJdk(number); // also of a compiler that had it
            Files.writeString(LAST, Integer.toString(number - 1));
            MutexPeer peer = MutexPeer.start(Language.C);
            if (peer.process().pid() == number) {
                return peer;
            }
            peer.close();
        }
        throw new AssertionError("no process got the number " + number);
    }

    /**
     * The JDK keeps how a child ended under its number, for a moment after it has told; a new child with the number that is started in
     * this moment counts as ended too.
     */
    private static void awaitForgottenByTheJdk(int number) throws InterruptedException {
        String reaper = "process reaper (pid " + number + ")";
        long start = System.nanoTime();
        while (Thread.getAllStackTraces().keySet().stream()
                .anyMatch(thread -> thread.getName().equals(reaper))) {
            require(
                    System.nanoTime() - start < TimeUnit.SECONDS.toNanos(TestProcess.GUARD_SECONDS),
                    "the JDK forgets process " + number);
            Thread.sleep(1);
        }
    }

    private static boolean withThreadOfNumber(int number, Callable<Boolean> action) throws Exception {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            Files.writeString(LAST, Integer.toString(number - 1));
            Boolean[] answer = new Boolean[1];
            Exception[] failure = new Exception[1];
            Thread thread = Thread.ofPlatform().start(() -> {
                if (KernelThread.id() == number) {
                    try {
                        answer[0] = action.call();
                    } catch (Exception failed) {
                        failure[0] = failed;
                    }
                }
            });
            thread.join();
            if (failure[0] != null) {
                throw failure[0];
            }
            if (answer[0] != null) {
                return answer[0];
            }
        }
        throw new AssertionError("no thread got the number " + number);
    }

    @ParameterizedTest
    @ValueSource(strings = {"process", "busy", "waiter", "acquirer", "trap"})
    void shouldTellADeadHolderFromAThreadThatHasItsNumber(String what) {
        assumeTrue(
                !List.of("process", "busy", "waiter").contains(what) || Facility.FOREIGN_LISTS.isAllowed(),
                "without looking at its list, a thread that has the number counts as the holder until it ends");
        List<String> namespace = List.of("unshare", "--pid", "--fork", "--kill-child", "--mount-proc");
        assumeTrue(
                Commands.run(Commands.under(namespace, List.of("test", "-w", LAST.toString())))
                                .exitCode()
                        == 0,
                "unshare --pid and ns_last_pid need the privilege of root");
        List<String> java = Commands.shell( // with a /dev/shm of its own, which vanishes with it
                "mount -t tmpfs mortmain-test /dev/shm &&",
                TestProcess.peerCommand(List.of(), ReusedThreadIdTest.class, what));
        try (TestProcess inside = TestProcess.start(Commands.under(namespace, java))) {
            System.out.println(inside.expect("as promised"));
        }
    }
}
