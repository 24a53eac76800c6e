package io.mortmain.testing;

import io.mortmain.MutexKind;
import io.mortmain.Region;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * Another process that shares one mutex with the test, in C or in Java; both understand the same commands, see lockpeer.c. Closing gives
 * a Java peer that is alive and holds nothing back for the next test, since a JVM takes long to start; any other is killed.
 */
public final class MutexPeer implements AutoCloseable {
    /** The name of the shared mutex in its region. */
    public static final String MUTEX = "shared";

    private static final int SPARE_JVMS = 2;
    private static final Deque<TestProcess> SPARE = new ArrayDeque<>();

    /** In which language a peer is written. */
    public enum Language {
        C,
        JAVA
    }

    private final Language language;
    private final TestProcess process;
    private boolean opened;

    private MutexPeer(Language language, TestProcess process) {
        this.language = language;
        this.process = process;
    }

    /** A peer; a JVM from the spare ones. */
    public static MutexPeer start(Language language) {
        if (language == Language.C) {
            return new MutexPeer(language, TestProcess.c("lockpeer"));
        }
        synchronized (SPARE) {
            while (SPARE.size() <= SPARE_JVMS) {
                SPARE.addLast(startJava(List.of("-Xmx64m")));
            }
            return new MutexPeer(language, SPARE.removeFirst());
        }
    }

    private static TestProcess startJava(List<String> options) {
        TestProcess started = TestProcess.peer(options, LockPeer.class);
        started.say("tid"); // answered when the JVM is up; whoever uses it reads the answer away
        return started;
    }

    /** A peer made of a process that the caller started; it is killed when it is closed. */
    public static MutexPeer of(Language language, TestProcess process) {
        return new MutexPeer(language, process);
    }

    /** Ends the spare JVMs. */
    public static void endSpares() {
        synchronized (SPARE) {
            SPARE.forEach(TestProcess::close);
            SPARE.clear();
        }
    }

    /** Opens the region's mutex, by name in Java, by place in C. */
    public MutexPeer open(TestRegion region, MutexKind kind) {
        if (language == Language.C) {
            return open(region, offset(region));
        }
        process.say("open " + region.name() + " " + MUTEX + " " + kind);
        return awaitOpened();
    }

    /** Opens a mutex of a region by its place in the file; C only. */
    public MutexPeer open(TestRegion region, long offset) {
        process.say("open " + region.path() + " " + offset);
        return awaitOpened();
    }

    private MutexPeer awaitOpened() {
        process.expect("opened");
        opened = true;
        return this;
    }

    private static long offset(TestRegion region) {
        return Region.inspect(region.name()).objects().stream()
                .filter(object -> object.name().equals(MUTEX))
                .findFirst()
                .orElseThrow()
                .offset();
    }

    /** Says the command, and returns what the peer answers to it. */
    public String ask(String command) {
        process.say(command);
        return answer(command);
    }

    /** What the peer answers to a command that was said. */
    public String answer(String command) {
        return process.expect(command + " ").substring(command.length() + 1);
    }

    /** Number of the thread that locks. */
    public int threadId() {
        return Integer.parseInt(ask("tid"));
    }

    public TestProcess process() {
        return process;
    }

    /** Begins to wait for the mutex; returns when the thread sleeps in the kernel and nothing was answered. */
    public void beginToWait() {
        beginTo("waits");
        if (!process.isSilent()) {
            throw new AssertionError("peer " + process.pid() + " does not wait but says " + process.next());
        }
    }

    /** Says a command that waits for the mutex; returns when the thread sleeps in the kernel, or has answered. */
    public void beginTo(String command) {
        process.say(command);
        process.awaitSleepingInFutexOrSpeaking();
    }

    /** Closes its region; only in order when it holds nothing. */
    public void closeRegion() {
        process.say("close");
        process.expect("closed");
        opened = false;
    }

    /** Releases what it holds, of a region that nobody needs any more, and closes it; Java only. */
    public void abandonRegion() {
        process.say("abandon");
        process.expect("abandoned");
        opened = false;
    }

    @Override
    public void close() {
        if (language == Language.JAVA && !opened && process.isAlive()) {
            synchronized (SPARE) {
                SPARE.addFirst(process);
            }
        } else {
            process.close();
        }
    }
}
