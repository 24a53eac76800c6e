package io.mortmain.cli.experiment;

import static io.mortmain.cli.experiment.MortmainMain.say;

import io.mortmain.Hold;
import io.mortmain.Region;
import io.mortmain.RegionOptions;
import io.mortmain.RobustMutex;
import io.mortmain.cli.process.ChildJvm;
import io.mortmain.errors.LockException;
import io.mortmain.errors.RegionException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The experiments with Mortmain, by name. */
final class MortmainActs {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final long CAPACITY = 4096;
    private static final int MOST_HELD = 2048;

    private MortmainActs() {}

    static void run(String name, String path, String program, String library) throws Throwable {
        switch (name) {
            case "deaths" -> deaths(path, program);
            case "refusals" -> refusals(path);
            case "fork" -> ForkedJvm.observe(path, library);
            case "programs" -> StartedPrograms.observe(path, program);
            case "native-programs" -> ForkedPrograms.observe(path, program, library);
            case "hooks" -> HookedForks.observe(path, library);
            case "hold" -> holdForEver(path);
            default -> throw new IllegalArgumentException(name);
        }
    }

    private static void deaths(String path, String program) throws Exception {
        try (Region region = Region.create(path, CAPACITY)) {
            RobustMutex mutex = region.mutex("m");
            killAHolder(path);
            Hold told = taken(mutex);
            say("Java holder killed", seen(told));
            if (told != null) {
                told.markConsistent();
                told.close();
            }
            Hold next = taken(mutex);
            say("the next after a repair", seen(next));
            if (next != null) {
                next.close();
            }
        }
        say("C holder unmapped and exited", afterCHolder(path + "u", program, "unmap"));
        say("C holder, another thread unmapped", afterCHolder(path + "t", program, "unmap-by-another"));
        say("C holder, exec by a thread that is not the main one", afterCHolder(path + "e", program, "exec"));
        say("C holder, older lock", afterCHolder(path + "o", program, "older"));
    }

    private static @Nullable Hold taken(RobustMutex mutex) throws InterruptedException {
        return mutex.tryLock(PATIENCE);
    }

    private static String seen(@Nullable Hold hold) {
        return hold == null ? "hangs" : hold.predecessorDied() ? "told" : "clean";
    }

    private static void killAHolder(String path) throws Exception {
        List<String> command = new ArrayList<>(ChildJvm.command(MortmainMain.class));
        command.addAll(List.of("hold", path, "", ""));
        Process holder = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        holder.getInputStream().read();
        holder.destroyForcibly();
        holder.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    private static void holdForEver(String path) throws IOException {
        Hold hold = Region.open(path).mutex("m").lock();
        say("held", Boolean.toString(!hold.predecessorDied()));
        System.in.read(); // until its parent kills it, or ends
    }

    private static String afterCHolder(String path, String program, String how) throws Exception {
        try (Region region = Region.create(path, CAPACITY)) {
            RobustMutex mutex = region.mutex("m");
            String offset =
                    Long.toString(Region.inspect(path).objects().getFirst().offset());
            Process holder = new ProcessBuilder(program, "hold", path, offset, how).start();
            if (!holder.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS) || holder.exitValue() != 0) {
                return "the holder failed";
            }
            Hold hold = taken(mutex);
            String seen = seen(hold);
            if (hold != null) {
                hold.close();
            }
            return seen;
        }
    }

    private static void refusals(String path) throws IOException {
        Region region = Region.create(path, CAPACITY);
        Hold hold = region.mutex("m").lock();
        say("close of a region whose mutex is held", refusal(region::close));
        hold.close();
        region.close();
        RegionOptions many = RegionOptions.DEFAULT.withMaxObjects(MOST_HELD + 1);
        try (Region large = Region.create(path + "l", 0, many)) {
            List<RobustMutex> mutexes = new ArrayList<>();
            for (int i = 0; i <= MOST_HELD; i++) {
                mutexes.add(large.mutex("m" + i));
            }
            Deque<Hold> holds = new ArrayDeque<>();
            for (RobustMutex mutex : mutexes.subList(0, MOST_HELD)) {
                holds.push(mutex.lock());
            }
            say("the 2,049th lock of one thread", refusal(mutexes.getLast()::lock));
            while (!holds.isEmpty()) {
                holds.pop().close();
            }
        }
    }

    /** The reason of a typed refusal, or what else came of it. */
    static String refusal(Runnable step) {
        try {
            step.run();
            return "not refused";
        } catch (LockException refused) {
            return ChildNotes.REFUSED + refused.reason();
        } catch (RegionException refused) {
            return ChildNotes.REFUSED + refused.reason();
        }
    }
}
