package io.mortmain.cli.torture;

import io.mortmain.Hold;
import io.mortmain.MutexKind;
import io.mortmain.Region;
import io.mortmain.RobustMutex;
import io.mortmain.errors.LockException;
import io.mortmain.errors.NotRecoverableException;
import io.mortmain.errors.OwnerDiedException;
import io.mortmain.errors.RegionException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.Lock;
import org.jspecify.annotations.Nullable;

/** One thread of the Java hand, and what it holds. Places are known to all threads. */
final class HandThread implements Runnable {
    private record Place(Region region, RobustMutex mutex) {}

    private static final Map<String, Place> PLACES = new ConcurrentHashMap<>();
    /** Keeps what deeds and threads drop from being collected, where they do not want that. */
    private static final Deque<Object> KEPT = new ArrayDeque<>();

    private final String name;
    private final BlockingQueue<String> orders = new LinkedBlockingQueue<>();
    private final Map<String, Hold> holds = new ConcurrentHashMap<>();

    private HandThread(String name) {
        this.name = name;
    }

    static HandThread start(String name) {
        HandThread thread = new HandThread(name);
        Thread.ofPlatform().daemon().name("hand " + name).start(thread);
        return thread;
    }

    void order(String line) {
        orders.add(line);
    }

    @Override
    public void run() {
        try {
            for (String line = orders.take(); !line.equals("end"); line = orders.take()) {
                HandMain.say(name, obey(line.split(" ")));
            }
        } catch (InterruptedException never) {
            throw new IllegalStateException(never);
        }
    }

    /** The code, the time, and words. */
    private String obey(String[] words) {
        String text = "";
        String code;
        long done = 0;
        try {
            code = words.length > 1 && !words[0].equals("deed") ? atPlace(words) : atLarge(words);
            done = System.nanoTime();
            if (words[0].equals("deed")) {
                text = code;
                code = Answer.DONE;
            }
        } catch (NotRecoverableException refused) {
            code = Answer.NOT_RECOVERABLE;
            text = String.valueOf(refused.getMessage());
        } catch (OwnerDiedException refused) {
            code = Answer.OWNER_DIED;
            text = String.valueOf(refused.getMessage());
        } catch (LockException refused) {
            code = refused.reason().name();
            text = String.valueOf(refused.getMessage());
        } catch (RegionException refused) {
            code = refused.reason().name();
            text = String.valueOf(refused.getMessage());
        } catch (Throwable failed) { // whatever it is, it is the answer
            code = failed.getClass().getSimpleName();
            text = messages(failed);
        }
        return code + " " + (done == 0 ? System.nanoTime() : done) + " " + text;
    }

    private static String messages(Throwable failed) {
        StringBuilder all = new StringBuilder();
        for (Throwable cause = failed; cause != null; cause = cause.getCause()) {
            all.append(cause.getMessage()).append(". ");
        }
        return all.toString().strip();
    }

    private String atPlace(String[] words) throws InterruptedException {
        String id = words[1];
        String third = words.length > 2 ? words[2] : "";
        return switch (words[0]) {
            case "map" -> map(id, third, words[3]);
            case "lock" -> taken(id, place(id).mutex().lock());
            case "trylock" -> taken(id, place(id).mutex().tryLock());
            case "timed" -> taken(id, place(id).mutex().tryLock(Duration.ofMillis(Long.parseLong(third))));
            case "listen" -> listen(place(id).mutex().asLock());
            case "unlock" -> unlock(id);
            case "consistent" -> {
                held(id).markConsistent();
                yield Answer.DONE;
            }
            case "close" -> {
                place(id).region().close();
                yield Answer.DONE;
            }
            case "spoil" ->
                Integer.toString(Libc.spoil(place(id).mutex().pthreadMutex().address(), third));
            case "drop" -> {
                held(id);
                holds.remove(id);
                yield Answer.DONE;
            }
            case "exec" -> {
                Libc.execIdle(id);
                yield "exec failed";
            }
            case "loop" -> {
                loop(place(id).mutex(), Long.parseLong(third), Long.parseLong(words[3]));
                yield "unreachable";
            }
            case "reset" -> {
                try (Hold hold = place(id).mutex().reset()) {
                    hold.markConsistent();
                }
                yield Answer.DONE;
            }
            case "robust-list" -> Integer.toString(Libc.replaceRobustList());
            default -> "unknown order";
        };
    }

    private static Place place(String id) {
        Place place = PLACES.get(id);
        if (place == null) {
            throw new IllegalArgumentException("no place " + id);
        }
        return place;
    }

    private Hold held(String id) {
        Hold hold = holds.get(id);
        if (hold == null) {
            throw new IllegalArgumentException("nothing held at " + id);
        }
        return hold;
    }

    private static String map(String id, String path, String mutex) {
        Region region = Region.open(path);
        MutexKind kind = Region.inspect(path).objects().stream()
                .filter(object -> object.name().equals(mutex))
                .findFirst()
                .orElseThrow()
                .mutex()
                .orElseThrow()
                .kind();
        PLACES.put(id, new Place(region, region.mutex(mutex, kind, null)));
        return Answer.DONE;
    }

    private String taken(String id, @Nullable Hold hold) {
        if (hold == null) {
            return Answer.BUSY;
        }
        holds.put(id, hold);
        return hold.predecessorDied() ? Answer.OWNER_DIED : Answer.DONE;
    }

    /** Waits as any thread does, and does not keep what it gets: a death is handed on. */
    private static String listen(Lock lock) {
        lock.lock();
        try {
            return Answer.DONE;
        } finally {
            lock.unlock();
        }
    }

    /** Until the process is killed; with pauses of so many nanoseconds while it holds, and while it does not. */
    private static void loop(RobustMutex mutex, long held, long free) {
        while (!Thread.interrupted()) {
            Hold hold = mutex.lock();
            pause(held);
            hold.close();
            pause(free);
        }
    }

    /** Not asleep: that would take longer. */
    private static void pause(long nanos) {
        long until = nanos == 0 ? 0 : System.nanoTime() + nanos;
        while (nanos != 0 && System.nanoTime() - until < 0) {
            Thread.onSpinWait();
        }
    }

    private String unlock(String id) {
        held(id).close();
        holds.remove(id);
        return Answer.DONE;
    }

    private String atLarge(String[] words) throws Throwable {
        switch (words[0]) {
            case "tid" -> {
                return Integer.toString(Libc.threadId());
            }
            case "collect" -> {
                System.gc();
                return Answer.DONE;
            }
            case "deed" -> {
                return Deeds.of(words[1]).run(new DeedSite(List.of(words), KEPT));
            }
            case "exit" -> System.exit(0);
            case "halt" -> Runtime.getRuntime().halt(0);
            case "abort" -> Libc.abort();
            case "segv" -> Libc.crash();
            default -> {
                return "unknown order";
            }
        }
        return Answer.DONE;
    }
}
