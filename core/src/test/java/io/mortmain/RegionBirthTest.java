package io.mortmain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mortmain.errors.RegionException;
import io.mortmain.internal.linux.KernelThread;
import io.mortmain.testing.CProgram;
import io.mortmain.testing.Commands;
import io.mortmain.testing.Seed;
import io.mortmain.testing.TestProcess;
import io.mortmain.testing.TestRegion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CyclicBarrier;
import org.junit.jupiter.api.Test;

/** Rows B7 and D7: creators that are killed at every step, and creators at once. */
class RegionBirthTest {
    private static final int MOST_STEPS = 400;

    /** Creates a region, or inserts objects in one, in a thread that a tracer stops. */
    static final class Creator {
        public static void main(String[] arguments) throws Exception {
            String name = arguments[1];
            warmUp(name + "-warm-up", arguments[0].equals("create") ? 2 : 300);
            Runnable work = arguments[0].equals("create")
                    ? () -> Region.create(name, 1 << 16).close()
                    : inserter(Region.open(name));
            Thread thread = Thread.ofPlatform().start(() -> {
                try {
                    System.out.println("thread " + KernelThread.id());
                    System.in.read();
                    work.run();
                } catch (IOException failed) {
                    throw new AssertionError(failed);
                }
            });
            thread.join();
            System.out.println("through");
        }

        private static Runnable inserter(Region region) {
            return () -> {
                region.mutex("new mutex", MutexKind.RECURSIVE, null);
                region.memory("new memory", 100);
            };
        }

        /** So that classes are loaded and methods compiled: the tracer then steps through few instructions beside the real ones. */
        private static void warmUp(String name, int rounds) {
            for (int round = 0; round < rounds; round++) {
                try (Region region = Region.create(name, 1 << 16)) {
                    Region.delete(name);
                    region.memory("old", 10);
                    inserter(region).run();
                }
            }
        }
    }

    @Test
    void shouldShowNoHalfMadeRegionWhenTheCreatorIsKilledAtEachSystemCall() {
        assumeTracing();
        Set<String> seen = new HashSet<>();
        int step = 1;
        for (String said = ""; !said.contains("ended after"); step++) {
            assertThat(step).isLessThan(MOST_STEPS);
            try (TestRegion name = new TestRegion()) {
                said = kill(List.of("syscall", Integer.toString(step)), "create", name.name());
                boolean exists = Files.exists(Path.of(name.path()));
                seen.add(exists ? "there" : "absent");
                if (exists) {
                    assertUsable(name.name());
                } else {
                    assertThatThrownBy(() -> Region.open(name.name()))
                            .isInstanceOfSatisfying(
                                    RegionException.class,
                                    refused ->
                                            assertThat(refused.reason()).isEqualTo(RegionException.Reason.NOT_FOUND));
                }
            }
        }
        assertThat(seen).as("kills before and after the name").containsExactlyInAnyOrder("absent", "there");
        assertThat(step).as("system calls of a creation").isGreaterThan(15);
    }

    /** Every store, one process for each: about ten minutes, so only on request. */
    @Test
    void shouldLeaveTheDirectoryValidWhenTheInserterIsKilledAtEachStore() {
        assumeTrue(Boolean.getBoolean("mortmain.soak"), "takes ten minutes; run it with -Dmortmain.soak=true");
        assumeTracing();
        Set<List<String>> seen = new HashSet<>();
        int step = 1;
        for (String said = ""; !said.contains("ended after"); step++) {
            assertThat(step).isLessThan(MOST_STEPS);
            try (TestRegion name = new TestRegion();
                    Region region = Region.create(name.name(), 1 << 16)) {
                region.memory("old", 10).fill((byte) 7);
                said = kill(List.of("store", Integer.toString(step), name.path()), "insert", name.name());
                List<String> objects = Region.inspect(name.name()).objects().stream()
                        .map(RegionSnapshot.NamedObject::name)
                        .toList();
                seen.add(objects);
                assertThat(objects).startsWith("old").doesNotHaveDuplicates();
                region.mutex("new mutex", MutexKind.RECURSIVE, null).lock().close();
                assertThat(region.memory("new memory", 100)
                                .mismatch(java.lang.foreign.MemorySegment.ofArray(new byte[100])))
                        .isEqualTo(-1);
                assertThat(region.memory("old", 10).get(java.lang.foreign.ValueLayout.JAVA_BYTE, 9))
                        .isEqualTo((byte) 7);
                assertUsable(name.name());
            }
        }
        assertThat(seen)
                .containsExactlyInAnyOrder(
                        List.of("old"), List.of("old", "new mutex"), List.of("old", "new mutex", "new memory"));
        assertThat(step).as("stores of two insertions").isGreaterThan(30);
    }

    @Test
    void shouldLeaveTheDirectoryValidWhenInsertersAreKilledAtRandom() {
        long seed = Seed.of("killed inserters");
        Random random = new Random(seed);
        int kills = 12;
        try (TestRegion name = new TestRegion();
                Region region = Region.create(name.name(), 1 << 20, RegionOptions.DEFAULT.withMaxObjects(100_000))) {
            int before = 0;
            for (int kill = 0; kill < kills; kill++) {
                try (TestProcess inserter = TestProcess.peer(EndlessInserter.class, name.name(), "by " + kill)) {
                    inserter.expect("inserting");
                    int spin = random.nextInt(3_000_000);
                    while (spin > 0) {
                        Thread.onSpinWait();
                        spin--;
                    }
                    inserter.kill();
                }
                List<RegionSnapshot.NamedObject> objects =
                        Region.inspect(name.name()).objects();
                assertThat(objects.size()).as("inserted by those killed").isGreaterThan(before);
                assertThat(objects.stream().map(RegionSnapshot.NamedObject::name))
                        .doesNotHaveDuplicates();
                region.memory("after " + kill, 8);
                before = objects.size() + 1;
            }
        }
    }

    /** Inserts until it is killed. */
    static final class EndlessInserter {
        public static void main(String[] arguments) {
            Region region = Region.open(arguments[0]);
            region.memory(arguments[1], 0);
            System.out.println("inserting");
            for (int i = 0; ; i++) {
                region.memory(arguments[1] + " memory " + i, 0);
                region.mutex(arguments[1] + " mutex " + i);
            }
        }
    }

    @Test
    void shouldGiveAllCreatorsTheSameFinishedRegionWhenManyCreateAtOnce() {
        int processes = 8;
        int rounds = 40;
        List<TestProcess> creators = new ArrayList<>();
        try (TestRegion name = new TestRegion()) {
            for (int i = 0; i < processes; i++) {
                creators.add(TestProcess.peer(
                        List.of("-Xmx64m"), RacingCreator.class, name.name(), Integer.toString(rounds)));
            }
            creators.forEach(creator -> creator.expect("ready"));
            for (int round = 0; round < rounds; round++) {
                int now = round;
                creators.forEach(creator -> creator.say("round " + now));
                List<String> answers = creators.stream()
                        .map(creator -> creator.expect("round"))
                        .toList();
                assertThat(Set.copyOf(answers)).as("inodes seen by all").hasSize(1);
                try (Region region = Region.open(name.name())) {
                    assertThat(region.memory("count", 8).get(java.lang.foreign.ValueLayout.JAVA_LONG, 0))
                            .isEqualTo(processes);
                }
                Region.delete(name.name());
            }
        } finally {
            creators.forEach(TestProcess::close);
        }
    }

    /** Opens or creates the region once for each line that it reads, and counts itself in under a mutex. */
    static final class RacingCreator {
        public static void main(String[] arguments) throws Exception {
            System.out.println("ready");
            var lines = new java.io.BufferedReader(new java.io.InputStreamReader(System.in));
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                try (Region region = Region.openOrCreate(arguments[0], 1 << 20)) {
                    Object inode = Files.getAttribute(region.path(), "unix:ino");
                    var count = region.memory("count", 8);
                    try (Hold hold = region.mutex("m").lock()) {
                        assert !hold.predecessorDied();
                        count.set(
                                java.lang.foreign.ValueLayout.JAVA_LONG,
                                0,
                                count.get(java.lang.foreign.ValueLayout.JAVA_LONG, 0) + 1);
                    }
                    System.out.println(line + " inode " + inode);
                }
            }
        }
    }

    @Test
    void shouldCreateOneRegionWhenManyThreadsCreateAtOnce() throws Exception {
        int threads = 8;
        for (int round = 0; round < 50; round++) {
            try (TestRegion name = new TestRegion()) {
                CyclicBarrier start = new CyclicBarrier(threads);
                List<Region> created = java.util.Collections.synchronizedList(new ArrayList<>());
                List<Thread> creators = new ArrayList<>();
                for (int i = 0; i < threads; i++) {
                    creators.add(Thread.ofPlatform().start(() -> {
                        try {
                            start.await();
                            created.add(Region.create(name.name(), 4096));
                        } catch (RegionException taken) {
                            assertThat(taken.reason()).isEqualTo(RegionException.Reason.ALREADY_EXISTS);
                        } catch (Exception failed) {
                            throw new AssertionError(failed);
                        }
                    }));
                }
                for (Thread creator : creators) {
                    creator.join();
                }
                assertThat(created).hasSize(1);
                created.get(0).close();
            }
        }
    }

    private static void assumeTracing() {
        String refusal = Commands.refusalOf(
                CProgram.compile("kill_at").toString(),
                "syscall",
                "1",
                CProgram.compile("kill_at_probe").toString());
        assumeTrue(refusal.isEmpty(), refusal);
    }

    private static String kill(List<String> where, String work, String name) {
        List<String> command =
                new ArrayList<>(List.of(CProgram.compile("kill_at").toString()));
        command.addAll(where);
        command.addAll(TestProcess.peerCommand(List.of(), Creator.class, work, name));
        Commands.Result result = Commands.run(command);
        assertThat(result.exitCode()).as(result.said()).isZero();
        assertThat(result.said()).containsPattern("killed at|ended after");
        return result.said();
    }

    private static void assertUsable(String name) {
        try (Region region = Region.open(name)) {
            assertThat(region.capacity()).isEqualTo(1 << 16);
            region.memory("after", 64).fill((byte) 1);
            try (Hold hold = region.mutex("mutex after").lock()) {
                assertThat(hold.predecessorDied()).isFalse();
            }
        }
    }
}
