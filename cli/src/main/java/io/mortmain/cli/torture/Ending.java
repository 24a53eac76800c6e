package io.mortmain.cli.torture;

import io.mortmain.cli.process.NotTried;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** How a holder ends, in either language. */
@SuppressWarnings("ImmutableEnumChecker") // functions without state
enum Ending {
    KILL(Ending::kill, Ending::processIsGone),
    THREAD_END(ordered("end"), Ending::threadIsGone),
    /** Of the C hand's main thread, while others live on. */
    LEAVE(ordered("leave"), Ending::threadIsZombie),
    EXIT(ordered("exit"), Ending::processIsGone),
    HALT(ordered("halt"), Ending::processIsGone),
    ABORT(ordered("abort"), Ending::processIsGone),
    SEGMENTATION_FAULT(ordered("segv"), Ending::processIsGone),
    /** The new image, which does nothing, lives on. */
    EXEC(Ending::exec, Ending::imageIsReplaced),
    MEMORY_RELEASED(Ending::releaseMemory, Ending::processIsGone);

    private interface Order {
        /** Returns the time just before. */
        long give(Site site, Hand hand, String thread) throws Exception;
    }

    private interface Sign {
        boolean isSeen(Hand hand, int holder) throws Exception;
    }

    private final Order order;
    private final Sign sign;

    Ending(Order order, Sign sign) {
        this.order = order;
        this.sign = sign;
    }

    /** Returns when the thread that held is surely gone: the time just before it was ordered. */
    long end(Site site, Hand hand, String thread, int holder) throws Exception {
        long since = order.give(site, hand, thread);
        long guard = System.nanoTime() + TimeUnit.SECONDS.toNanos(Hand.GUARD_SECONDS);
        while (!isSeen(hand, holder)) {
            if (System.nanoTime() - guard > 0) {
                throw new IllegalStateException("the holder does not end as ordered");
            }
            Thread.sleep(1);
        }
        return since;
    }

    private boolean isSeen(Hand hand, int holder) {
        try {
            return sign.isSeen(hand, holder);
        } catch (Exception notNow) {
            return false;
        }
    }

    private static Order ordered(String verb) {
        return (site, hand, thread) -> send(hand, thread, verb);
    }

    private static long send(Hand hand, String thread, String order) {
        long since = System.nanoTime();
        hand.send(thread, order);
        return since;
    }

    private static long kill(Site site, Hand hand, String thread) {
        long since = System.nanoTime();
        hand.kill();
        return since;
    }

    private static long exec(Site site, Hand hand, String thread) {
        return send(hand, thread, "exec " + site.program());
    }

    private static long releaseMemory(Site site, Hand hand, String thread) throws Exception {
        try (Hand tool = site.c()) {
            long since = System.nanoTime();
            String code = tool.ask("1", "release-memory " + hand.pid()).code();
            if (!code.equals(Answer.DONE)) {
                throw new NotTried("process_mrelease, or a real-time priority to call it in time, is refused (error "
                        + code + "): run as root on Linux 5.15 or later");
            }
            return since;
        }
    }

    private static boolean processIsGone(Hand hand, int holder) {
        return !hand.isAlive();
    }

    private static boolean threadIsGone(Hand hand, int holder) {
        return !Files.exists(Path.of("/proc/" + hand.pid() + "/task/" + holder));
    }

    private static boolean threadIsZombie(Hand hand, int holder) throws IOException {
        return Files.readString(Path.of("/proc/" + hand.pid() + "/task/" + holder + "/stat"))
                .matches("(?s).*\\) [ZX] .*");
    }

    private static boolean imageIsReplaced(Hand hand, int holder) throws IOException {
        return Files.readString(Path.of("/proc/" + hand.pid() + "/cmdline")).endsWith("\0idle\0");
    }
}
