package io.mortmain.cli.demo;

/** A mistake that one worker makes on request, to show that the demo finds it. */
public enum PlantedBug {
    NONE,
    /** It is told of deaths and does not repair. */
    SKIP_REPAIR,
    /** It moves money without the mutex. */
    SKIP_LOCK
}
