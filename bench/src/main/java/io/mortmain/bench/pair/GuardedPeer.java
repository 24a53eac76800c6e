package io.mortmain.bench.pair;

import io.mortmain.Region;
import io.mortmain.bench.peer.Conversation;
import io.mortmain.bench.peer.Measurements;

/** A process that changes guarded data in one shape whenever it is told to, see {@link Measurements}. Ends when its input does. */
public final class GuardedPeer {
    private static final int CHUNK = 2_048;

    private GuardedPeer() {}

    /** Arguments: shape, path of the region. */
    public static void main(String[] args) throws Exception {
        GuardedShape shape = GuardedShape.valueOf(args[0]);
        try (Region region = Region.open(args[1])) {
            Measurements measurements = new Measurements(shape.loop(region), CHUNK);
            Conversation.run(region.path(), measurements::answer);
        }
    }
}
