package io.mortmain.process;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.mortmain.Region;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;

/** A child that was handed a region and a socket: adds one, says it, and dies holding a mutex. */
final class HandedPeer {
    private HandedPeer() {}

    public static void main(String[] arguments) throws Exception {
        ByteChannel talk = Spawn.inherited("talk").channel();
        ByteBuffer said = ByteBuffer.allocate(3);
        while (said.hasRemaining()) {
            if (talk.read(said) < 0) {
                throw new IllegalStateException("the parent hung up");
            }
        }
        Region region = Spawn.inherited(arguments[0]).region();
        region.mutex("book").lock();
        long sum = region.counter("made by the parent").addAndGet(1);
        talk.write(ByteBuffer.wrap((sum + "\n").getBytes(UTF_8)));
        Runtime.getRuntime().halt(0);
    }
}
