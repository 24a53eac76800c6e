package io.mortmain.bench.harness;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The time from SIGKILL to told: from the clock that the killer reads right before kill(2) to the one that the waiter reads right after
 * its lock returned. The waiter has locked and unlocked for half a second at first, and sleeps in the kernel for some time before each
 * kill: Java has the holder watched by then. How long the kernel takes to end a process depends on the victim, so both waiters wait for
 * the same C victim; a JVM as victim has rows of its own. The death of a victim that unmapped the mutex first is one that the kernel does
 * not report by the mutex: C would wait for ever, and polls a descriptor of the process instead, which is the earliest that anybody can
 * know. Killer and victim are bound to one processor and the waiters to another: where the kernel happens to wake a waiter on the
 * processor on which the victim is being taken down, it measures that.
 */
final class KillSection {
    private static final long WARM_UP_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final String C = "C";
    private static final int WARM_UPS = 10;
    /** Several times what a waiter lets go by before it has the holder watched, and the looks that follow. */
    private static final long UNTIL_WATCHED_MILLIS = 10;

    private static final long GUARD_NANOS = TimeUnit.SECONDS.toNanos(60);

    private final Workbench bench;
    private final Settings settings;
    private final List<Integer> processors = Processors.allowed();
    private final Map<String, List<Double>> micros = new LinkedHashMap<>();

    KillSection(Workbench bench, Settings settings) {
        this.bench = bench;
        this.settings = settings;
    }

    /** Measures, prints, and returns the raw values. */
    Map<String, Object> run(PrintWriter out) {
        boolean withC = bench.hasCompiler();
        try (Peers peers = new Peers()) {
            List<PeerProcess> waiters = new ArrayList<>();
            if (withC) {
                waiters.add(peers.add(bench.startC(C)));
            }
            waiters.add(peers.add(ContendedSection.startJava(bench, "Java")));
            PeerProcess killer =
                    peers.add(withC ? bench.startC("the killer") : ContendedSection.startJava(bench, "the killer"));
            waiters.forEach(this::bindToLast);
            bindToFirst(killer);
            waiters.forEach(KillSection::warmUp);
            if (withC) {
                sample(waiters, killer, Victim.C, WARM_UPS);
                sample(waiters, killer, Victim.C_UNREPORTED, WARM_UPS);
                micros.clear();
                sample(waiters, killer, Victim.C, settings.kills());
                sample(waiters, killer, Victim.C_UNREPORTED, settings.kills());
            }
            sample(waiters, killer, Victim.JAVA, settings.killsOfJava());
        }
        return report(out);
    }

    private void bindToFirst(PeerProcess process) {
        Peers.bind(process, processors.getFirst());
    }

    private void bindToLast(PeerProcess process) {
        Peers.bind(process, processors.getLast());
    }

    /** Who waits is a program that has used the lock for a while. */
    private static void warmUp(PeerProcess waiter) {
        waiter.ask("contend " + System.nanoTime() + " " + WARM_UP_NANOS, "contended");
    }

    /** Who is killed, as the table says it. */
    private enum Victim {
        C("C is killed"),
        C_UNREPORTED("C is killed, unreported"),
        JAVA("Java is killed");

        private final String fate;

        Victim(String fate) {
            this.fate = fate;
        }
    }

    /** By turns, each waiter. */
    private void sample(List<PeerProcess> waiters, PeerProcess killer, Victim victim, int count) {
        for (int i = 0; i < count; i++) {
            for (PeerProcess waiter : waiters) {
                double nanos = kill(waiter, killer, victim);
                micros.computeIfAbsent(title(waiter.name(), victim), _ -> new ArrayList<>())
                        .add(nanos / 1_000);
                if (polls(waiter, victim)) {
                    waiters.getLast().ask("wait", "told"); // else the next victim could not take the mutex
                }
            }
        }
    }

    private static boolean polls(PeerProcess waiter, Victim victim) {
        return victim == Victim.C_UNREPORTED && waiter.name().equals(C);
    }

    private static String title(String waiter, Victim victim) {
        return waiter + " waits, " + victim.fate;
    }

    private long kill(PeerProcess waiter, PeerProcess killer, Victim kind) {
        try (PeerProcess victim =
                kind == Victim.JAVA ? ContendedSection.startJava(bench, "the victim") : bench.startC("the victim")) {
            bindToFirst(victim);
            victim.ask(kind == Victim.C_UNREPORTED ? "hold-unmapped" : "hold", "held");
            boolean polls = polls(waiter, kind);
            waiter.tell(polls ? "watch " + victim.id() : "wait");
            awaitSleeping(waiter, polls);
            pause();
            long killed = Long.parseLong(killer.ask("kill " + victim.id(), "killed")[0]);
            // Any other answer fails the benchmark: a predecessor died, and whoever is not told of it is robbed.
            long told = Long.parseLong(waiter.await("told")[0]);
            victim.awaitDeath();
            return told - killed;
        }
    }

    private static void pause() {
        try {
            Thread.sleep(UNTIL_WATCHED_MILLIS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new BenchException("interrupted", interrupted);
        }
    }

    private void awaitSleeping(PeerProcess waiter, boolean polls) {
        long start = System.nanoTime();
        while ((!polls && !bench.isWaitedFor()) || !sleeps(waiter)) {
            if (System.nanoTime() - start > GUARD_NANOS) {
                throw new BenchException("the peer " + waiter.name() + " was told to wait for the mutex and does not");
            }
            Thread.onSpinWait();
        }
    }

    /** Whether its thread is in state S, as /proc says. */
    private static boolean sleeps(PeerProcess waiter) {
        Path status = Path.of("/proc", Long.toString(waiter.id()), "task", Integer.toString(waiter.threadId()), "stat");
        try {
            String line = Files.readString(status);
            return line.startsWith(") S", line.lastIndexOf(')'));
        } catch (IOException gone) {
            throw new BenchException("the peer " + waiter.name() + " is gone", gone);
        }
    }

    private Map<String, Object> report(PrintWriter out) {
        out.println();
        out.println("From SIGKILL to told: µs, by turns; the ratio is that of the medians");
        Table table = new Table("", "samples", "median", "p99", "least – most", "ratio to C waits");
        Map<String, Object> raw = new LinkedHashMap<>();
        micros.forEach((title, values) -> {
            raw.put(title, values);
            Statistics statistics = Statistics.of(values);
            List<Double> ofC = micros.get(C + title.substring(title.indexOf(' ')));
            table.add(
                    title,
                    Integer.toString(values.size()),
                    Table.decimal(statistics.median(), 1),
                    Table.decimal(statistics.percentile99(), 1),
                    Table.spread(statistics, 1),
                    ofC == null
                            ? "-"
                            : Table.decimal(
                                    statistics.median() / Statistics.of(ofC).median(), 2));
        });
        table.print(out);
        out.println(
                "C would wait for ever for a mutex that its holder unmapped; there it polls a descriptor of the process.");
        return raw;
    }
}
