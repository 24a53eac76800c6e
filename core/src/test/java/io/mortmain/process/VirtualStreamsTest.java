package io.mortmain.process;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.mortmain.testing.TestProcess;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Virtual threads that wait for children's answers leave their carriers to those that ask. */
class VirtualStreamsTest {
    private static final int CHILDREN = Runtime.getRuntime().availableProcessors() + 1;

    @Test
    void shouldNotKeepCarriersFromOthersWhileReading() throws Exception {
        List<Child> children = new ArrayList<>();
        BlockingQueue<String> answers = new LinkedBlockingQueue<>();
        try {
            for (int i = 0; i < CHILDREN; i++) {
                Child child = Spawn.of("cat")
                        .stdin(Handover.pipeToChild())
                        .stdout(Handover.pipeFromChild())
                        .start();
                children.add(child);
                Thread.ofVirtual().start(() -> answers.add(read(child)));
            }
            for (Child child : children) {
                Thread.ofVirtual().start(() -> write(child));
            }
            for (int i = 0; i < CHILDREN; i++) {
                assertThat(answers.poll(TestProcess.GUARD_SECONDS, TimeUnit.SECONDS))
                        .as("answer " + i)
                        .isEqualTo("x");
            }
        } finally {
            for (Child child : children) {
                boolean unusedAnswer = child.kill();
                child.close();
            }
        }
    }

    private static String read(Child child) {
        ByteBuffer bytes = ByteBuffer.allocate(16);
        try {
            int count = child.stdout().read(bytes);
            return new String(bytes.array(), 0, Math.max(0, count), US_ASCII);
        } catch (IOException failed) {
            return failed.toString();
        }
    }

    private static void write(Child child) {
        try {
            int written = child.stdin().write(ByteBuffer.wrap(new byte[] {'x'}));
            assertThat(written).isEqualTo(1);
        } catch (IOException failed) {
            throw new AssertionError(failed);
        }
    }
}
