package io.mortmain.cli.claims;

import static io.mortmain.cli.claims.MortmainMain.say;
import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.mortmain.Hold;
import io.mortmain.MutexKind;
import io.mortmain.Region;
import io.mortmain.RobustMutex;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;

/**
 * Forks below the JVM, as a native library may, and lets the child go on in Java, which no program should do: some of such children hang
 * within the JVM. One that does is killed by its alarm, and another is forked.
 */
@SuppressWarnings("restricted")
final class ForkedJvm {
    private static final int GUARD_SECONDS = 5;
    private static final int ATTEMPTS = 8;
    private static final long PAGE = 4096;
    private static final int READ_AND_WRITE = 3;
    private static final int SHARED_ANONYMOUS = 0x21;
    private static final Linker LINKER = Linker.nativeLinker();

    private static final MethodHandle FORK = function("fork", JAVA_INT);
    private static final MethodHandle ALARM = function("alarm", JAVA_INT, JAVA_INT);
    private static final MethodHandle EXIT = function("_exit", JAVA_INT, JAVA_INT);
    private static final MethodHandle WAIT = function("waitpid", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);
    private static final MethodHandle MMAP =
            function("mmap", ADDRESS, ADDRESS, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG);

    private ForkedJvm() {}

    private static MethodHandle function(String name, MemoryLayout result, MemoryLayout... arguments) {
        return LINKER.downcallHandle(
                LINKER.defaultLookup().findOrThrow(name), FunctionDescriptor.of(result, arguments));
    }

    static void observe(String path) throws Throwable {
        try (Region region = Region.create(path, PAGE)) {
            RobustMutex held = region.mutex("held", MutexKind.ERROR_CHECKING, null);
            RobustMutex free = region.mutex("free");
            free.lock().close();
            Hold hold = held.lock();
            MortmainActs.refusal(held::lock); // loads what the child needs
            MemorySegment seen = sharedPage();
            for (int i = 0; i < ATTEMPTS && !inChild(seen, held, free, hold); i++) {
                seen.fill((byte) 0);
            }
            say("the child of the holder locks it again", text(seen, 0));
            say("the child of the holder unlocks it", text(seen, 1));
            say("the child locks a free mutex", text(seen, 2));
            boolean kept = Boolean.TRUE.equals(isKeptFromOthers(held));
            hold.close();
            say("the parent, after its child's attempts", kept ? "still holds" : "lost it");
        }
    }

    /** Whether the child came to its end. */
    private static boolean inChild(MemorySegment seen, RobustMutex held, RobustMutex free, Hold hold) throws Throwable {
        int child = (int) FORK.invokeExact();
        if (child == 0) {
            int ignored = (int) ALARM.invokeExact(GUARD_SECONDS);
            write(seen, 0, MortmainActs.refusal(held::lock));
            write(seen, 1, MortmainActs.refusal(hold::close));
            write(seen, 2, MortmainActs.refusal(free::lock));
            ignored = (int) EXIT.invokeExact(0);
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment status = arena.allocate(JAVA_INT);
            int ended = (int) WAIT.invokeExact(child, status, 0);
            return ended == child && status.get(JAVA_INT, 0) == 0;
        }
    }

    /** Whether another thread cannot have it. */
    static boolean isKeptFromOthers(RobustMutex held) throws InterruptedException {
        boolean[] kept = new boolean[1];
        Thread thread = Thread.ofPlatform().start(() -> kept[0] = held.tryLock() == null);
        thread.join();
        return kept[0];
    }

    private static MemorySegment sharedPage() throws Throwable {
        MemorySegment page =
                (MemorySegment) MMAP.invokeExact(MemorySegment.NULL, PAGE, READ_AND_WRITE, SHARED_ANONYMOUS, -1, 0L);
        return page.reinterpret(PAGE);
    }

    private static void write(MemorySegment page, int place, String text) {
        page.setString(place * PAGE / ATTEMPTS, text, StandardCharsets.ISO_8859_1);
    }

    private static String text(MemorySegment page, int place) {
        String text = page.getString(place * PAGE / ATTEMPTS, StandardCharsets.ISO_8859_1);
        return text.isEmpty() ? "the child died" : text;
    }
}
