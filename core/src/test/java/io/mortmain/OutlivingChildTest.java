package io.mortmain;

import static org.assertj.core.api.Assertions.assertThat;

import io.mortmain.testing.MutexPeer;
import io.mortmain.testing.TestProcess;
import io.mortmain.testing.TestRegion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * C4 and C6: a child that a holder forked natively, with whatever it inherited, outlives it: the holder is dead all the same. With and without
 * exec, in regions where the kernel tells of deaths, and in those where a lock on the file does.
 */
class OutlivingChildTest {
    private static final Duration GUARD = Duration.ofSeconds(TestProcess.GUARD_SECONDS);

    @ParameterizedTest
    @CsvSource({"false,linger", "false,linger_after_exec", "true,linger", "true,linger_after_exec"})
    void shouldTellOfAHolderWhoseChildLivesOn(boolean severalPidNamespaces, String way) throws Exception {
        RegionOptions options =
                severalPidNamespaces ? RegionOptions.DEFAULT.withSeveralPidNamespaces() : RegionOptions.DEFAULT;
        try (TestRegion name = new TestRegion();
                Region region = Region.create(name.name(), 0, options)) {
            RobustMutex mutex = region.mutex(MutexPeer.MUTEX);
            ProcessHandle child = null;
            try (TestProcess holder = TestProcess.peer(ForkPeer.class, name.name(), way)) {
                String said = holder.expect("child ");
                child = ProcessHandle.of(Long.parseLong(said.substring("child ".length())))
                        .orElseThrow();
                assertThat(mutex.tryLock()).as("while the holder lives").isNull();
                holder.kill();
                try (Hold hold = mutex.tryLock(GUARD)) {
                    assertThat(hold).as("what a newcomer gets").isNotNull();
                    assertThat(hold.predecessorDied()).isTrue();
                    hold.markConsistent();
                }
                assertThat(child.isAlive()).as("the child lives").isTrue();
                if (way.equals("linger_after_exec")) {
                    assertThat(filesOf(child)).noneMatch(file -> file.contains(name.name()));
                }
            } finally {
                if (child != null) {
                    child.destroyForcibly();
                }
            }
        }
    }

    private static List<String> filesOf(ProcessHandle process) throws IOException {
        List<String> files = new ArrayList<>();
        try (var descriptors = Files.newDirectoryStream(Path.of("/proc", Long.toString(process.pid()), "fd"))) {
            for (Path descriptor : descriptors) {
                files.add(Files.readSymbolicLink(descriptor).toString());
            }
        }
        return files;
    }
}
