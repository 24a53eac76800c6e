package io.mortmain.process;

import io.mortmain.testing.Forks;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A JVM for what a test cannot do to its own; says what came of it. */
final class ForkEdges {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private ForkEdges() {}

    /** {@code refused}, {@code blocked}, or {@code at once}. */
    public static void main(String[] arguments) throws Exception {
        switch (arguments[0]) {
            case "refused" -> refused();
            case "at once" -> atOnce();
            default -> registeredWithASignalBlocked();
        }
    }

    /** The first registration of all is no sooner back than somebody forks; everything that a fork takes is loaded before. */
    private static void atOnce() {
        List<String> said = Collections.synchronizedList(new ArrayList<>());
        int before = Forks.forkOften(1, false);
        ForkHooks.Registration hook = ForkHooks.register(() -> said.add("before"), () -> said.add("after"));
        ForkHooks.setTimeLimit(PATIENCE);
        int wrong = Forks.forkOften(1, false);
        hook.close();
        System.out.println(before + wrong + " " + said);
    }

    /** The fork fails, since the user may have no further process. */
    private static void refused() {
        List<String> said = Collections.synchronizedList(new ArrayList<>());
        ForkHooks.Registration hook = ForkHooks.register(() -> said.add("before"), () -> said.add("after"));
        ForkHooks.setTimeLimit(PATIENCE);
        int refused = Forks.call("fork_refused");
        System.out.println("refused " + refused + " " + said);
        hook.close();
    }

    /** The first who registers has the signal blocked in whose handler another forks. */
    private static void registeredWithASignalBlocked() throws Exception {
        LinkedBlockingQueue<NativeFork> told = new LinkedBlockingQueue<>();
        Thread.ofPlatform()
                .start(() -> {
                    ForkHooks.Registration unusedHook =
                            Forks.call("block_signal") == 0 ? ForkHooks.register(() -> {}, () -> {}) : null;
                })
                .join();
        ForkHooks.Registration listening = ForkHooks.listen(told::add);
        ForkHooks.setTimeLimit(PATIENCE);
        int installed = Forks.call("install_forking_handler");
        int sent = Forks.call("signal_thread", Forks.call("own_thread"));
        NativeFork fork = told.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        System.out.println(installed + " " + sent + " " + (fork == null ? "not told" : fork.hooks()));
        listening.close();
    }
}
