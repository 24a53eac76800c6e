package io.mortmain;

import io.mortmain.testing.Forks;
import io.mortmain.testing.MutexPeer;
import java.io.IOException;

/** Holds the mutex of a region, has a child that lives on, says its number, and holds until it is killed. */
final class ForkPeer {
    private ForkPeer() {}

    /** Name of the region, and the function of forks.c that makes the child. */
    public static void main(String[] arguments) throws IOException {
        try (Region region = Region.open(arguments[0]);
                Hold hold = region.mutex(MutexPeer.MUTEX).lock()) {
            System.out.println("child " + Forks.call(arguments[1]));
            int unusedAnswer = System.in.read();
            System.out.println(hold);
        }
    }
}
