package io.mortmain.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;

import io.mortmain.Hold;
import io.mortmain.Region;
import io.mortmain.internal.linux.OwnDescriptor;
import io.mortmain.testing.CProgram;
import io.mortmain.testing.TestRegion;
import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a child is given: arguments, environment, folder, streams, descriptors by name, signals, group and session. */
class SpawnTest {
    private static final int SIGUSR1 = 10;
    private static final int SIGTERM = 15;
    private static final int UNUSED_SIGNAL = 40;
    private static final long UNUSED_BIT = 1L << (UNUSED_SIGNAL - 1);
    private static final long SIG_IGN = 1;

    private static final List<String> TEST_CLASSES = List.of(
            "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-ea", "--patch-module=io.mortmain=target/test-classes");

    @TempDir
    Path folder;

    private static String text(ReadableByteChannel channel) throws IOException {
        return new String(Channels.newInputStream(channel).readAllBytes(), UTF_8);
    }

    private static String outputOf(Spawn spawn) throws Exception {
        try (Child child = spawn.stdout(Handover.pipeFromChild()).start()) {
            String output = text(child.stdout());
            assertThat(child.await().isSuccess()).as(output).isTrue();
            return output;
        }
    }

    @Test
    void shouldTellTheExitCode() throws Exception {
        ChildExit exit = Spawn.of("sh", "-c", "exit 3").start().await();
        assertThat(exit.code()).isEqualTo(OptionalInt.of(3));
        assertThat(exit.signal()).isEmpty();
        assertThat(exit.shellCode()).isEqualTo(3);
    }

    @Test
    void shouldTellTheSignal() throws Exception {
        Child child = Spawn.of("sleep", "1000").start();
        assertThat(child.isAlive()).isTrue();
        assertThat(child.exit()).isEmpty();
        assertThat(child.signal(SIGTERM)).isTrue();
        ChildExit exit = child.onExit().get();
        assertThat(exit.code()).isEmpty();
        assertThat(exit.signal()).isEqualTo(OptionalInt.of(SIGTERM));
        assertThat(exit.shellCode()).isEqualTo(128 + SIGTERM);
        assertThat(child.kill()).as("a signal after the end").isFalse();
        assertThat(child.exit()).contains(exit);
    }

    @Test
    void shouldPassArgumentsByteForByte() throws Exception {
        assertThat(outputOf(Spawn.of("printf", "%s|", "", " a b ", "c\nd", "*", "-")))
                .isEqualTo("| a b |c\nd|*|-|");
        byte[] notUtf8 = {'\'', (byte) 0xff, (byte) 0xfe};
        try (Child child = Spawn.ofBytes(List.of("printf".getBytes(UTF_8), "%s".getBytes(UTF_8), notUtf8))
                .stdout(Handover.pipeFromChild())
                .start()) {
            assertThat(Channels.newInputStream(child.stdout()).readAllBytes()).isEqualTo(notUtf8);
        }
    }

    @Test
    void shouldInheritChangeAndReplaceTheEnvironment() throws Exception {
        List<String> own = System.getenv().entrySet().stream()
                .map(entry -> entry.getKey() + "=" + entry.getValue())
                .toList();
        assertThat(outputOf(Spawn.of("env", "-0")).split("\0")).containsExactlyInAnyOrderElementsOf(own);
        assertThat(outputOf(Spawn.of("env").variable("MORTMAIN_X", "1").variable("MORTMAIN_X", "2")))
                .contains("MORTMAIN_X=2\n")
                .doesNotContain("MORTMAIN_X=1");
        assertThat(outputOf(Spawn.of("env").withoutVariable("PATH"))).doesNotContain("\nPATH=");
        assertThat(outputOf(Spawn.of("env").environment(Map.of("A", "b=c")))).isEqualTo("A=b=c\n");
    }

    @Test
    void shouldWorkInTheFolder() throws Exception {
        assertThat(outputOf(Spawn.of("pwd", "-P").folder(folder))).isEqualTo(folder.toRealPath() + "\n");
        Path script = Files.writeString(folder.resolve("here"), "#!/bin/sh\necho \"$0\"\n");
        assertThat(script.toFile().setExecutable(true)).isTrue();
        assertThat(outputOf(Spawn.of("pwd", "-P").folder(Path.of(""))))
                .isEqualTo(Path.of("").toRealPath() + "\n");
        assertThat(outputOf(Spawn.of("./here").folder(folder)))
                .as("relative to the child's folder")
                .isEqualTo("./here\n");
    }

    @Test
    void shouldConnectTheStreams() throws Exception {
        Path file = folder.resolve("out");
        try (Child child = Spawn.of("sh", "-c", "cat; echo wrong >&2")
                .stdin(Handover.pipeToChild())
                .stdout(Handover.file(file, WRITE, CREATE))
                .stderr(Handover.pipeFromChild())
                .start()) {
            byte[] much = "0123456789".repeat(100_000).getBytes(UTF_8);
            assertThat(child.stdin().write(ByteBuffer.wrap(much))).isEqualTo(much.length);
            child.stdin().close();
            assertThat(text(child.stderr())).isEqualTo("wrong\n");
            assertThat(child.await().isSuccess()).isTrue();
            assertThat(Files.readAllBytes(file)).isEqualTo(much);
        }
        assertThat(Spawn.of("sh", "-c", "echo a; echo b >&2; cat")
                        .stdin(Handover.nothing())
                        .stdout(Handover.file(file, APPEND))
                        .stderr(Handover.toStandardOutput())
                        .start()
                        .await()
                        .isSuccess())
                .isTrue();
        assertThat(Files.readString(file)).endsWith("9a\nb\n");
    }

    @Test
    void shouldGiveNoOtherDescriptor() throws Exception {
        try (var open = Files.newByteChannel(Files.createFile(folder.resolve("ours")))) {
            assertThat(open.isOpen()).isTrue();
            assertThat(descriptorsOf(Spawn.of("cat"))).containsExactly("0", "1", "2");
            assertThat(descriptorsOf(
                            Spawn.of("cat").pass("a", Handover.nothing()).pass("b", Handover.socket())))
                    .containsExactly("0", "1", "2", "3", "4");
        }
    }

    @Test
    void shouldKeepDescriptorsUnderTheirNumbers() throws Exception {
        try (OwnDescriptor low = OwnDescriptor.duplicate(0, 4);
                OwnDescriptor high = OwnDescriptor.duplicate(0, 1000)) {
            Spawn spawn = Spawn.of("cat")
                    .pass("input", Handover.nothing())
                    .keep(low.number())
                    .keep(high.number());
            assertThat(descriptorsOf(spawn))
                    .containsExactlyInAnyOrder(
                            "0", "1", "2", "3", Integer.toString(low.number()), Integer.toString(high.number()));
        }
    }

    private static List<String> descriptorsOf(Spawn spawn) throws Exception {
        try (Child child = spawn.stdin(Handover.pipeToChild())
                .stdout(Handover.pipeFromChild())
                .start()) {
            ByteBuffer line = ByteBuffer.wrap(new byte[1]);
            child.stdin().write(line);
            child.stdout().read(line.flip()); // it has begun, and its loader has closed what it read
            try (Stream<Path> open = Files.list(Path.of("/proc", Integer.toString(child.pid()), "fd"))) {
                return open.map(entry -> entry.getFileName().toString())
                        .sorted()
                        .toList();
            }
        }
    }

    @Test
    void shouldGiveEachNameItsOwnWhereNumbersCross() throws Exception {
        Path three = Files.readSymbolicLink(Path.of("/proc/self/fd/3"));
        Path four = Files.readSymbolicLink(Path.of("/proc/self/fd/4"));
        assertThat(outputOf(Spawn.of("readlink", "/proc/self/fd/3", "/proc/self/fd/4", "/proc/self/fd/5")
                        .pass("a", Handover.descriptor(4))
                        .pass("b", Handover.descriptor(3))
                        .pass("c", Handover.descriptor(4))))
                .isEqualTo(four + "\n" + three + "\n" + four + "\n");
    }

    /** An empty entry of a class path is the working folder, and the child may have another. */
    @Test
    void shouldGiveAJavaChildTheClassPathOfThisProgram() {
        String here = Path.of("").toAbsolutePath().toString();
        assertThat(classPathOf("")).isEqualTo(here);
        assertThat(classPathOf("a::/b:")).isEqualTo(here + "/a:" + here + ":/b:" + here);
    }

    private static String classPathOf(String property) {
        String before = System.getProperty("java.class.path");
        System.setProperty("java.class.path", property);
        try {
            List<String> command = new JavaProgram(SpawnTest.class).command(List.of());
            int option = command.indexOf("--class-path");
            return option < 0 ? "" : command.get(option + 1);
        } finally {
            System.setProperty("java.class.path", before);
        }
    }

    @Test
    void shouldHandRegionAndSocketToAJavaChild() throws Exception {
        try (Region region = Region.createAnonymous(4096);
                Child child = Spawn.java(HandedPeer.class, TEST_CLASSES, "bank")
                        .pass("bank", region)
                        .pass("talk", Handover.socket())
                        .start()) {
            region.counter("made by the parent").set(41);
            ByteChannel talk = child.channel("talk");
            talk.write(ByteBuffer.wrap("go\n".getBytes(UTF_8)));
            assertThat(text(talk)).isEqualTo("42\n");
            assertThat(child.await().isSuccess()).isTrue();
            assertThat(region.counter("made by the parent").get()).isEqualTo(42);
            try (Hold hold = region.mutex("book").lock()) {
                assertThat(hold.predecessorDied()).as("it died holding").isTrue();
                hold.markConsistent();
            }
        }
    }

    @Test
    void shouldHandARegionWithoutANameToACProgram() throws Exception {
        String program = CProgram.compile("regionpeer").toString();
        try (Region region = Region.createAnonymous(4096)) {
            assertThat(outputOf(Spawn.of(program, "open", "/proc/self/fd/3").pass("r", region)))
                    .startsWith("ok opened /proc/self/fd/3, capacity 4096");
        }
    }

    @Test
    void shouldHandOverARegionWithAName() throws Exception {
        try (TestRegion name = new TestRegion();
                Region region = Region.create(name.path(), 4096)) {
            assertThat(outputOf(Spawn.of("sh", "-c", "head -c 8 <&3").pass("r", region)))
                    .isEqualTo(new String(
                            Files.newInputStream(Path.of(name.path())).readNBytes(8), UTF_8));
        }
    }

    @Test
    void shouldBlockOnlyTheSignalsAskedFor() throws Exception {
        assertThat(outputOf(Spawn.of("grep", "SigBlk", "/proc/self/status"))).isEqualTo("SigBlk:\t0000000000000000\n");
        assertThat(outputOf(Spawn.of("grep", "SigBlk", "/proc/self/status").blockSignals(SIGUSR1, 64)))
                .isEqualTo("SigBlk:\t8000000000000200\n");
    }

    @Test
    void shouldGiveIgnoredSignalsTheirDefault() throws Throwable {
        Linker linker = Linker.nativeLinker();
        MethodHandle signal = linker.downcallHandle(
                linker.defaultLookup().findOrThrow("signal"),
                FunctionDescriptor.of(ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG));
        long before = (long) signal.invokeExact(UNUSED_SIGNAL, SIG_IGN);
        try {
            Spawn grep = Spawn.of("grep", "SigIgn", "/proc/self/status");
            assertThat(ignoredSignals(grep) & UNUSED_BIT).isEqualTo(UNUSED_BIT);
            assertThat(ignoredSignals(grep.defaultSignals(UNUSED_SIGNAL)) & UNUSED_BIT)
                    .isZero();
        } finally {
            long ignored = (long) signal.invokeExact(UNUSED_SIGNAL, before);
            assertThat(ignored).isEqualTo(SIG_IGN);
        }
    }

    private static long ignoredSignals(Spawn grep) throws Exception {
        return Long.parseUnsignedLong(outputOf(grep).strip().replace("SigIgn:\t", ""), 16);
    }

    @Test
    void shouldJoinGroupsAndSessions() throws Exception {
        Child leader = Spawn.of("sleep", "1000").newGroup().start();
        Child member = Spawn.of("sleep", "1000").group(leader.pid()).start();
        Child alone = Spawn.of("sleep", "1000").newSession().start();
        try {
            assertThat(groupAndSession(leader)[0]).isEqualTo(leader.pid());
            assertThat(groupAndSession(member)[0]).isEqualTo(leader.pid());
            assertThat(groupAndSession(alone)).containsExactly(alone.pid(), alone.pid());
            assertThat(groupAndSession(leader)[1])
                    .isEqualTo(groupAndSession(member)[1])
                    .isNotEqualTo(alone.pid());
        } finally {
            leader.kill();
            member.kill();
            alone.kill();
        }
    }

    private static int[] groupAndSession(Child child) throws IOException {
        String stat = Files.readString(Path.of("/proc", Integer.toString(child.pid()), "stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return new int[] {Integer.parseInt(fields[2]), Integer.parseInt(fields[3])};
    }

    /** What a parent was started with is in the environment that it passes on. */
    @Test
    void shouldGiveTheNamesOfItsDescriptorsToTheChildWhateverTheEnvironmentSaysOfThem() throws Exception {
        Spawn env = Spawn.of("env").environment(Map.of(Inherited.VARIABLE, "old=3@1:2"));
        assertThat(outputOf(env)).isEmpty();
        assertThat(outputOf(env.pass("new", Handover.nothing())))
                .startsWith(Inherited.VARIABLE + "=new=")
                .hasLineCount(1);
    }

    @Test
    void shouldMakeTheLeaderOfANewSessionTheLeaderOfItsGroupWhenAskedForBoth() throws Exception {
        assertThat(outputOf(Spawn.of("sh", "-c", "cut -d\" \" -f1,5,6 /proc/$$/stat")
                                .newSession()
                                .newGroup())
                        .strip())
                .matches("(\\d+) +\\1 +\\1");
    }
}
