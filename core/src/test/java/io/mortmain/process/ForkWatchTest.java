package io.mortmain.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.mortmain.process.NativeFork.Exec;
import io.mortmain.process.NativeFork.Hooks;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.Test;

/** A fork is told of once, whether or not there is a thread to watch its child. */
class ForkWatchTest {
    private final List<NativeFork> told = new ArrayList<>();

    @Test
    void shouldTellAtOnceWhereNoThreadCanBeStarted() {
        watch(OptionalInt.empty()).begin(List.of(told::add), _ -> {
            throw new OutOfMemoryError("unable to create native thread");
        });
        assertThat(told).extracting(NativeFork::exec).containsExactly(Exec.UNKNOWN);
    }

    @Test
    void shouldSayWhatTheChildDidSoFarWhereNoThreadCanBeStarted() throws Exception {
        Process child = new ProcessBuilder("sleep", "60").start();
        try {
            watch(OptionalInt.of((int) child.pid())).begin(List.of(told::add), _ -> {
                throw new NoClassDefFoundError("Could not initialize class java.lang.VirtualThread");
            });
            assertThat(told).extracting(NativeFork::exec).containsExactly(Exec.FOLLOWED);
        } finally {
            child.destroyForcibly().waitFor();
        }
    }

    /** A virtual thread may be queued though its start failed, and run when there are threads again. */
    @Test
    void shouldTellOnceWhereTheThreadRunsThoughItsStartFailed() {
        Executor runsAndFails = watch -> {
            watch.run();
            throw new OutOfMemoryError("unable to create native thread");
        };
        watch(OptionalInt.empty()).begin(List.of(told::add), runsAndFails);
        assertThat(told).hasSize(1);
    }

    private static ForkWatch watch(OptionalInt child) {
        return new ForkWatch(OptionalInt.of(1), child, Hooks.DONE, List.of());
    }
}
