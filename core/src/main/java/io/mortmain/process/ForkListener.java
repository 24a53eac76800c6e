package io.mortmain.process;

/** Is told of forks of this process that go through the C library's fork(2): most come from native libraries. See {@link ForkHooks#listen}. */
@FunctionalInterface
public interface ForkListener {
    /**
     * A fork happened, some time ago: what became of the child has been waited for, a second at most. Called in a thread of the library's, never in the one that
     * forked; several may be told at the same time, and not in the order of the forks. What it throws is given to the handler for uncaught exceptions.
     */
    void forked(NativeFork fork);
}
