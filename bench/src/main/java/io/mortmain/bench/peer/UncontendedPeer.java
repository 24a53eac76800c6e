package io.mortmain.bench.peer;

import io.mortmain.Region;
import java.nio.file.Path;

/** A process that runs one shape whenever it is told to, see {@link Measurements}. Ends when its input does. */
public final class UncontendedPeer {
    private UncontendedPeer() {}

    /** Arguments: shape, path of the region, path of the file to lock. */
    public static void main(String[] args) throws Exception {
        Shape shape = Shape.valueOf(args[0]);
        try (Region region = Region.open(args[1])) {
            Measurements measurements = new Measurements(shape.loop(region, Path.of(args[2])), shape.chunk());
            Conversation.run(region.path(), measurements::answer);
        }
    }
}
