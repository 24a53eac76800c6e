package io.mortmain.explore.machine;

/**
 * How much the adversary may do.
 *
 * @param kills threads that it kills
 * @param victims how many of the threads, from the first on, it may kill
 * @param unseen whether the kernel may be kept from reading a dying thread's list
 * @param timeOuts sleeps that end while others could run
 * @param interrupts sleeps that it interrupts
 */
public record Allowances(int kills, int victims, boolean unseen, int timeOuts, int interrupts) {}
