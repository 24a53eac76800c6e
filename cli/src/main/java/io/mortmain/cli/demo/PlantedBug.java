package io.mortmain.cli.demo;

/** A mistake that one worker makes on request, to show that the demo finds it. */
public enum PlantedBug {
    NONE,
    /** It takes money in one transaction and gives it in another. */
    TWO_TRANSACTIONS,
    /** It moves money by reads and writes of single accounts, without keeping others away meanwhile. */
    SKIP_LOCK
}
