package io.mortmain.internal.fork;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mortmain.internal.linux.Platform;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The bytes of the fork code are the instructions that the source says, as other people's disassemblers read them. */
class ForkCodeTest {
    private static final int PAGE = 4096;
    private static final int TOO_LARGE = 300;
    private static final Pattern LISTED = Pattern.compile(" *([0-9a-f]+): ((?:[0-9a-f]{2} )+) +(.*)");
    private static final Pattern NUMBER = Pattern.compile("#?(-?0x[0-9a-f]+|-?[0-9]+)\\b");

    @TempDir
    private Path folder;

    @ParameterizedTest
    @EnumSource
    void shouldBeSmall(Platform platform) {
        assertThat(ForkCode.of(platform, PAGE).bytes()).hasSizeLessThan(TOO_LARGE);
    }

    /** Where no disassembler is at hand, this is what was read by one: whoever changes the code looks at it again. */
    @ParameterizedTest
    @EnumSource
    void shouldBeAsItWasReviewed(Platform platform) throws IOException {
        Path reviewed = Path.of("src", "test", "resources", "fork-code-" + name(platform) + ".txt");
        assertThat(String.join("\n", ForkCode.of(platform, PAGE).listing()) + "\n")
                .isEqualTo(Files.readString(reviewed));
    }

    @ParameterizedTest
    @CsvSource({"X86_64,i386:x86-64,elf64-x86-64", "AARCH64,aarch64,elf64-littleaarch64"})
    void shouldBeReadAsWrittenByObjdump(Platform platform, String machine, String format) throws Exception {
        assumeTrue(run("", "objdump", "-i").contains(format), "objdump does not know the processor");
        ForkCode code = ForkCode.of(platform, PAGE);
        Path file = Files.write(folder.resolve("code"), code.bytes());
        List<String> read = run(
                        "",
                        "objdump",
                        "-D",
                        "-z",
                        "-b",
                        "binary",
                        "-m",
                        machine,
                        "-M",
                        options(platform),
                        file.toString())
                .lines()
                .filter(line -> line.matches(" +[0-9a-f]+:\t.*"))
                .map(line -> line.split("\t", 3)[2])
                .map(ForkCodeTest::plain)
                .toList();
        assertThat(read).isEqualTo(texts(code));
    }

    @Test
    void shouldBeReadAsWrittenByLlvm() throws Exception {
        assumeTrue(run("", "sh", "-c", "command -v llvm-mc || true").contains("llvm-mc"), "there is no llvm-mc");
        ForkCode code = ForkCode.of(Platform.AARCH64, PAGE);
        StringBuilder input = new StringBuilder();
        for (byte each : code.bytes()) {
            input.append("0x").append(HexFormat.of().toHexDigits(each)).append(' ');
        }
        List<String> read = run(input.toString(), "llvm-mc", "--disassemble", "-triple=aarch64", "-mattr=+bti")
                .lines()
                .filter(line -> !line.isBlank() && !line.contains(".text"))
                .map(ForkCodeTest::plain)
                .toList();
        assertThat(withoutPlaces(read)).isEqualTo(withoutPlaces(texts(code)));
        assertThat(targets(read, true)).isEqualTo(targets(texts(code), false));
    }

    /** The numbers of system calls, where the kernel's headers say them; those of this machine are shown by use. */
    @Test
    void shouldHaveTheSystemCallsOfAarch64() throws IOException {
        Path header = Path.of("/usr/include/asm-generic/unistd.h");
        assumeTrue(Files.exists(header), "there are no headers of the kernel");
        String generic = Files.readString(header);
        assertThat(generic)
                .containsPattern("__NR_gettid 178\\b")
                .containsPattern("__NR3264_?futex|__NR_futex 98\\b")
                .containsPattern("__NR_getpid 172\\b")
                .containsPattern("__NR_close 57\\b");
        assertThat(texts(ForkCode.of(Platform.AARCH64, PAGE))).contains("mov w8, 178", "mov w8, 98");
    }

    /** Pages are larger on some machines of that kind. */
    @ParameterizedTest
    @EnumSource
    void shouldFindItsPagesWhateverTheirSize(Platform platform) {
        List<String> small = ForkCode.of(platform, PAGE).listing();
        List<String> large = ForkCode.of(platform, 16 * PAGE).listing();
        List<String> changed = new ArrayList<>(large);
        changed.removeAll(small);
        assertThat(changed).hasSize(2).allMatch(line -> line.contains("lea ") || line.contains("adr "));
    }

    private static String options(Platform platform) {
        return platform == Platform.X86_64 ? "intel" : "notes";
    }

    private static String name(Platform platform) {
        return platform.name().toLowerCase(Locale.ROOT);
    }

    private static List<String> texts(ForkCode code) {
        return code.listing().stream()
                .map(line -> {
                    Matcher matcher = LISTED.matcher(line);
                    assertThat(matcher.matches()).as(line).isTrue();
                    return plain(matcher.group(3));
                })
                .toList();
    }

    /** One blank between words, numbers in decimal, no remarks. */
    private static String plain(String text) {
        String words = text.replaceAll("\\s*(//|# ).*", "").strip().replaceAll("\\s+", " ");
        return NUMBER.matcher(words).replaceAll(match -> Integer.toString((int) (long) Long.decode(match.group(1))));
    }

    private static List<String> withoutPlaces(List<String> texts) {
        return texts.stream()
                .map(text -> isPlace(text) ? text.replaceAll("-?[0-9]+$", "") : text)
                .toList();
    }

    /** Where each jump, and each address, leads. */
    private static List<Integer> targets(List<String> texts, boolean byDistance) {
        List<Integer> targets = new ArrayList<>();
        for (int i = 0; i < texts.size(); i++) {
            String text = texts.get(i);
            if (isPlace(text)) {
                int said = Integer.parseInt(text.substring(Math.max(text.lastIndexOf(' '), text.lastIndexOf(',')) + 1));
                targets.add(byDistance ? said + i * Integer.BYTES : said);
            }
        }
        return targets;
    }

    private static boolean isPlace(String text) {
        return text.matches("(b|b\\.eq|b\\.ne|b\\.gt|cbz|cbnz|tbnz|adr) .*");
    }

    private static String run(String input, String... command) throws IOException, InterruptedException {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getOutputStream().write(input.getBytes(StandardCharsets.US_ASCII));
            process.getOutputStream().close();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            process.waitFor();
            return said;
        } catch (IOException missing) {
            return missing.toString();
        }
    }
}
