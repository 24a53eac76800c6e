package io.mortmain;

import io.mortmain.errors.LockException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * A process of the mutex tests. It reads lines "THREAD ACTION" and has the thread of that name, made when first named, do it to the
 * mutex of the region; the answer is "THREAD ACTION RESULT". The first line that it says is the address of the mutex here.
 */
final class MutexActors {
    private final RobustMutex bare;
    private final Map<String, Actor> actors = new HashMap<>();
    private final Region region;
    private final MutexKind kind;

    private MutexActors(Region region, MutexKind kind) {
        this.region = region;
        this.kind = kind;
        this.bare = region.mutex("m", kind, null);
    }

    public static void main(String[] arguments) throws IOException {
        Region region = Region.open(arguments[0]);
        MutexActors peer = new MutexActors(region, MutexKind.valueOf(arguments[1]));
        say("mutex at " + Long.toHexString(peer.bare.pthreadMutex().address()));
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            String[] words = line.split(" ");
            peer.actor(words[0]).receive(words[1]);
        }
        Runtime.getRuntime().halt(0);
    }

    private Actor actor(String name) {
        return actors.computeIfAbsent(name, Actor::new);
    }

    private static synchronized void say(String line) {
        System.out.println(line);
        System.out.flush();
    }

    private final class Actor {
        private final Thread thread;
        private final BlockingQueue<String> actions = new LinkedBlockingQueue<>();
        private final Deque<Hold> holds = new ArrayDeque<>();

        Actor(String name) {
            thread = new Thread(this::run, name);
            thread.setDaemon(true);
            thread.start();
        }

        void receive(String action) {
            if (action.equals("interrupt")) {
                thread.interrupt();
            } else {
                actions.add(action);
            }
        }

        private void run() {
            for (; ; ) {
                String action = next();
                if (action.equals("die")) {
                    say(thread.getName() + " die ok");
                    return;
                }
                say(thread.getName() + " " + action + " " + result(action));
            }
        }

        private String next() {
            for (; ; ) {
                try {
                    return actions.take();
                } catch (InterruptedException forTheMutexOnly) {
                    Thread.interrupted();
                }
            }
        }

        private String result(String action) {
            try {
                return act(action);
            } catch (LockException refused) {
                return refused.reason().name();
            } catch (InterruptedException interrupted) {
                return "interrupted";
            } catch (IllegalMonitorStateException refused) {
                return "illegal";
            }
        }

        private String act(String action) throws InterruptedException {
            return switch (action) {
                case "lock" -> keep(bare.lock());
                case "trylock" -> keep(bare.tryLock());
                case "timed" -> keep(bare.tryLock(Duration.ofMillis(200)));
                case "interruptibly" -> keep(bare.lockInterruptibly());
                case "reset" -> keep(bare.reset());
                case "lock-repairing" ->
                    keep(with(death -> say(thread.getName() + " repairs " + death))
                            .lock());
                case "lock-failing" ->
                    keep(with(_ -> {
                                say(thread.getName() + " fails");
                                throw new IllegalStateException("this time");
                            })
                            .lock());
                case "lock-stuck" ->
                    keep(with(_ -> {
                                say(thread.getName() + " is-repairing");
                                Thread.sleep(Duration.ofDays(1));
                            })
                            .lock());
                case "unlock" -> {
                    holds.pop().close();
                    yield "ok";
                }
                case "aslock-unlock" -> {
                    bare.asLock().unlock();
                    yield "ok";
                }
                case "consistent" -> {
                    holds.getFirst().markConsistent();
                    yield "ok";
                }
                case "flag" -> Boolean.toString(Thread.interrupted());
                case "exit" -> {
                    System.exit(3);
                    yield "never";
                }
                default -> throw new AssertionError(action);
            };
        }

        private RobustMutex with(Repair repair) {
            return region.mutex("m", kind, repair);
        }

        private String keep(@Nullable Hold hold) {
            if (hold == null) {
                return "busy";
            }
            holds.push(hold);
            return hold.predecessorDied()
                    ? "died" + (hold.death().orElseThrow().whileRepairing() ? "-repairing" : "")
                    : "clean";
        }
    }
}
