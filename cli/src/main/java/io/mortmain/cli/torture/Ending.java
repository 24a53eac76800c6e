package io.mortmain.cli.torture;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** How a holder ends, in either language. Returns when the thread that held is surely gone. */
enum Ending {
    KILL {
        @Override
        long end(Site site, Hand hand, String thread, int holder) throws InterruptedException {
            long since = System.nanoTime();
            hand.kill();
            hand.awaitEnd();
            return since;
        }
    },
    THREAD_END {
        @Override
        long end(Site site, Hand hand, String thread, int holder) throws InterruptedException {
            return awaitThread(hand, ordered(hand, thread, "end"), holder);
        }
    },
    /** Of the C hand's main thread, while others live on. */
    LEAVE {
        @Override
        long end(Site site, Hand hand, String thread, int holder) throws InterruptedException {
            long since = ordered(hand, thread, "leave");
            Path status = Path.of("/proc/" + hand.pid() + "/task/" + holder + "/stat");
            until(() -> Files.readString(status).matches("(?s).*\\) [ZX] .*"));
            return since;
        }
    },
    EXIT {
        @Override
        long end(Site site, Hand hand, String thread, int holder) throws InterruptedException {
            return awaitProcess(hand, ordered(hand, thread, "exit"));
        }
    },
    HALT {
        @Override
        long end(Site site, Hand hand, String thread, int holder) throws InterruptedException {
            return awaitProcess(hand, ordered(hand, thread, "halt"));
        }
    },
    ABORT {
        @Override
        long end(Site site, Hand hand, String thread, int holder) throws InterruptedException {
            return awaitProcess(hand, ordered(hand, thread, "abort"));
        }
    },
    SEGMENTATION_FAULT {
        @Override
        long end(Site site, Hand hand, String thread, int holder) throws InterruptedException {
            return awaitProcess(hand, ordered(hand, thread, "segv"));
        }
    },
    /** The new image, which does nothing, lives on. */
    EXEC {
        @Override
        long end(Site site, Hand hand, String thread, int holder) throws Exception {
            long since = System.nanoTime();
            hand.send(thread, "exec " + site.program());
            until(() -> Files.readString(Path.of("/proc/" + hand.pid() + "/cmdline"))
                    .endsWith("\0idle\0"));
            return since;
        }
    },
    MEMORY_RELEASED {
        @Override
        long end(Site site, Hand hand, String thread, int holder) throws Exception {
            try (Hand tool = site.c()) {
                long since = System.nanoTime();
                String code = tool.ask("1", "release-memory " + hand.pid()).code();
                if (!code.equals(Answer.DONE)) {
                    throw new NotTried(
                            "process_mrelease, or a real-time priority to call it in time, is refused (error " + code
                                    + "): run as root on Linux 5.15 or later");
                }
                hand.awaitEnd();
                return since;
            }
        }
    };

    /** Returns the time just before. */
    abstract long end(Site site, Hand hand, String thread, int holder) throws Exception;

    private interface Condition {
        boolean holds() throws Exception;
    }

    private static long ordered(Hand hand, String thread, String verb) {
        long since = System.nanoTime();
        hand.send(thread, verb);
        return since;
    }

    private static long awaitProcess(Hand hand, long since) throws InterruptedException {
        hand.awaitEnd();
        return since;
    }

    private static long awaitThread(Hand hand, long since, int holder) throws InterruptedException {
        until(() -> !Files.exists(Path.of("/proc/" + hand.pid() + "/task/" + holder)));
        return since;
    }

    private static void until(Condition condition) throws InterruptedException {
        long guard = System.nanoTime() + TimeUnit.SECONDS.toNanos(Hand.GUARD_SECONDS);
        while (!isSo(condition)) {
            if (System.nanoTime() - guard > 0) {
                throw new IllegalStateException("the holder does not end as ordered");
            }
            Thread.sleep(1);
        }
    }

    private static boolean isSo(Condition condition) {
        try {
            return condition.holds();
        } catch (Exception notNow) {
            return false;
        }
    }
}
