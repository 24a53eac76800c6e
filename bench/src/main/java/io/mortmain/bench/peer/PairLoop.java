package io.mortmain.bench.peer;

/** Locks and unlocks without anybody else wanting the lock. Each shape runs in a process of its own, so that nothing it does not do is in its profiles. */
public interface PairLoop {
    /** Does that many pairs of lock and unlock. */
    void run(int pairs) throws Exception;
}
