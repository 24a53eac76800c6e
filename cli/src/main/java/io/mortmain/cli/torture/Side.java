package io.mortmain.cli.torture;

import java.io.IOException;

/** The language of a process. */
enum Side {
    JAVA("Java"),
    C("C");

    private final String text;

    Side(String text) {
        this.text = text;
    }

    String text() {
        return text;
    }

    Hand start(Site site) throws IOException, InterruptedException {
        return this == JAVA ? site.java() : site.c();
    }

    /** The order that makes a mutex known to a hand of this side. */
    String map(String place, Spot spot) {
        return "map " + place + " " + spot.file() + " " + (this == JAVA ? spot.name() : Long.toString(spot.offset()));
    }
}
