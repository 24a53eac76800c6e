package io.mortmain.internal.owner;

import io.mortmain.internal.layout.OwnerNumberLayout;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BooleanSupplier;

/**
 * Which thread of this process has which number in a region for several PID namespaces. Thread-safe.
 *
 * <p>Invariants:
 * <ol>
 *   <li>A number is one thread's, from {@link #take} until {@link #giveBack}, which comes after the thread has ended and what it held was
 *       marked; then it waits until every other free one was used.
 *   <li>A word is declared dead by this process's own numbers under this object's monitor only: no thread can get the number between the
 *       look and the mark.
 * </ol>
 */
public final class ThreadNumbers {
    private final OwnerRecords records;
    private final Map<Integer, Thread> threads = new HashMap<>();
    private final Deque<Integer> free = new ArrayDeque<>();
    /** How many numbers were ever handed out. */
    private int taken;

    public ThreadNumbers(OwnerRecords records) {
        this.records = records;
    }

    /** A number for the thread, or 0 where so many have one that none is left. */
    public synchronized int take(Thread thread) {
        int number = 0;
        if (taken < OwnerNumberLayout.MOST_THREADS) {
            taken++;
            number = records.numberOf(taken);
        } else if (!free.isEmpty()) {
            number = free.removeFirst();
        }
        if (number != 0) {
            threads.put(number, thread);
        }
        return number;
    }

    /** No word of the region has the number, and its thread has ended. */
    public synchronized void giveBack(int number) {
        threads.remove(number);
        free.addLast(number);
    }

    /** Whether it is a number of this process's record, whoever had it. */
    boolean isOwn(int number) {
        return OwnerNumberLayout.isOfRecord(number, records.own());
    }

    /** Whether no living thread of this process has the number, which is one of its record. */
    synchronized boolean isGone(int number) {
        Thread thread = threads.get(number);
        return thread == null || !thread.isAlive();
    }

    /** Runs the action, unless a living thread but the caller has the number; the caller knows of itself that it holds nothing. */
    @SuppressWarnings("ReferenceEquality") // a thread is itself
    synchronized boolean whileGone(int number, BooleanSupplier action) {
        Thread thread = threads.get(number);
        return (thread == null || !thread.isAlive() || thread == Thread.currentThread()) && action.getAsBoolean();
    }
}
