package io.mortmain.internal.fork;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mortmain.internal.linux.Platform;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The fork code of aarch64, run by qemu-user where that and llvm-mc are installed: each way through it, beside an answer. */
class ForkCodeUnderEmulatorTest {
    private static final int PAGE = 4096;
    private static final int RIGHT = 42;
    private static final int DRIVER = 0x401000;
    private static final int CODE = 0x410000;
    private static final int ELF_HEADER = 64;
    private static final int PROGRAM_HEADER = 56;
    private static final int SECTION_HEADER = 64;
    private static final int READ_AND_EXECUTE = 5;
    private static final int READ_AND_WRITE = 6;

    @TempDir
    private Path folder;

    @Test
    void shouldTakeEachWayAsWritten() throws Exception {
        Optional<String> emulator = Stream.of("qemu-aarch64", "qemu-aarch64-static")
                .filter(ForkCodeUnderEmulatorTest::isThere)
                .findFirst();
        assumeTrue(emulator.isPresent() && isThere("llvm-mc"), "there is no qemu-aarch64, or no llvm-mc");
        Path program = program(ForkCode.of(Platform.AARCH64, PAGE));
        Process process = new ProcessBuilder(emulator.get(), program.toString())
                .inheritIO()
                .start();
        try {
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("ended").isTrue();
            assertThat(process.exitValue())
                    .as("number of the check that failed, or " + RIGHT)
                    .isEqualTo(RIGHT);
        } finally {
            process.destroyForcibly();
        }
    }

    private static boolean isThere(String command) {
        try {
            return new ProcessBuilder(command, "--version")
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException | InterruptedException missing) {
            return false;
        }
    }

    /** A program of three pieces: what calls the code, the code, and its two pages. */
    private Path program(ForkCode code) throws IOException, InterruptedException {
        byte[] driver = driver(code);
        ByteBuffer file = ByteBuffer.allocate(3 * PAGE).order(ByteOrder.LITTLE_ENDIAN);
        file.put(new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1, 0}).putLong(0);
        file.putShort((short) 2).putShort((short) 183).putInt(1).putLong(DRIVER);
        file.putLong(ELF_HEADER).putLong(0).putInt(0);
        file.putShort((short) ELF_HEADER).putShort((short) PROGRAM_HEADER).putShort((short) 3);
        file.position(ELF_HEADER);
        piece(file, READ_AND_EXECUTE, PAGE, DRIVER, PAGE, PAGE);
        piece(file, READ_AND_EXECUTE, 2 * PAGE, CODE, PAGE, PAGE);
        piece(file, READ_AND_WRITE, 2 * PAGE, CODE + PAGE, 0, 2 * PAGE);
        file.put(PAGE, driver).put(2 * PAGE, code.bytes());
        Path program = Files.createFile(
                folder.resolve("program"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        return Files.write(program, file.array());
    }

    private static void piece(ByteBuffer file, int rights, int at, int address, int inFile, int inMemory) {
        file.putInt(1).putInt(rights).putLong(at).putLong(address).putLong(address);
        file.putLong(inFile).putLong(inMemory).putLong(PAGE);
    }

    private byte[] driver(ForkCode code) throws IOException, InterruptedException {
        Path object = folder.resolve("driver.o");
        List<String> command = List.of(
                "llvm-mc",
                "-triple=aarch64",
                "-filetype=obj",
                "--defsym=PARENT=" + code.parent(),
                "--defsym=CHILD=" + code.child(),
                "src/test/resources/fork-code-aarch64.s",
                "-o",
                object.toString());
        assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
        return textOf(ByteBuffer.wrap(Files.readAllBytes(object)).order(ByteOrder.LITTLE_ENDIAN));
    }

    private static byte[] textOf(ByteBuffer object) {
        long sections = object.getLong(0x28);
        int names = section(object, sections, object.getShort(0x3e)).getInt(24);
        for (int i = 0; i < object.getShort(0x3c); i++) {
            ByteBuffer section = section(object, sections, i);
            byte[] name = new byte[6];
            object.get(names + section.getInt(0), name);
            if (new String(name, StandardCharsets.US_ASCII).equals(".text\0")) {
                byte[] text = new byte[section.getInt(32)];
                object.get(section.getInt(24), text);
                return text;
            }
        }
        throw new AssertionError("no text");
    }

    private static ByteBuffer section(ByteBuffer object, long sections, int index) {
        return object.slice((int) sections + index * SECTION_HEADER, SECTION_HEADER)
                .order(ByteOrder.LITTLE_ENDIAN);
    }
}
