package io.mortmain.process;

import io.mortmain.internal.linux.ForkedChild;
import io.mortmain.process.NativeFork.Hooks;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

/** A fork whose turn it is. It is told of once, by the thread that runs its hooks or by the one that looks after that, whichever comes first. */
final class ForkTurn {
    private final int forking;
    private final HookRun hooks;
    private final boolean isInHandler;
    private final Duration limit;
    private final List<ForkListener> listeners;
    private final Set<Integer> childrenBefore;
    private final AtomicBoolean isTold = new AtomicBoolean();
    private volatile OptionalInt child = OptionalInt.empty();

    /**
     * Before the first hook.
     *
     * @param isInHandler whether hooks must not run
     * @param limit how long it waits for the hooks after it; one that is set later is for later forks
     * @param listeners who is to be told of it: not those who come when it is over
     */
    ForkTurn(int forking, HookRun hooks, boolean isInHandler, Duration limit, List<ForkListener> listeners) {
        this.forking = forking;
        this.hooks = hooks;
        this.isInHandler = isInHandler;
        this.limit = limit;
        this.listeners = listeners;
        this.childrenBefore = ForkedChild.of(forking);
    }

    int forking() {
        return forking;
    }

    Duration limit() {
        return limit;
    }

    HookRun hooks() {
        return hooks;
    }

    void prepare() {
        if (!isInHandler) {
            hooks.prepare();
        }
    }

    /** Once the fork has returned, and while the forking thread waits: its child cannot have been reaped. */
    void sawChild() {
        child = newChild();
    }

    /** Once all of its hooks are over. */
    void tell() {
        tell(isInHandler ? Hooks.SIGNAL_HANDLER : hooks.became(), hooks.failures());
    }

    /**
     * While its hooks stand where they stand.
     *
     * @param isLast whether no other thread has forked meanwhile; else nobody knows whose a child is that was not seen
     */
    void tellThatStuck(Hook.Half where, Throwable stuck, boolean isLast) {
        if (!where.isAfter() && isLast) {
            sawChild();
        }
        List<Throwable> failures = new ArrayList<>(hooks.failures());
        failures.add(stuck);
        tell(where.isAfter() ? hooks.became() : Hooks.TOO_LATE, failures);
    }

    boolean isTold() {
        return isTold.get();
    }

    private void tell(Hooks became, List<Throwable> failures) {
        if (!isTold.getAndSet(true)) {
            new ForkWatch(OptionalInt.of(forking), child, became, failures).begin(listeners);
        }
    }

    /** It may be one of a signal handler's in the midst of this fork. */
    private OptionalInt newChild() {
        return ForkedChild.of(forking).stream()
                .filter(number -> !childrenBefore.contains(number))
                .mapToInt(Integer::intValue)
                .findFirst();
    }
}
