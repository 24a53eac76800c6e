package io.mortmain.internal.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The sentence that each machine gets on which Mortmain cannot work. */
class PlatformRefusalTest {
    private static final Optional<String> GLIBC = Optional.of("2.36");
    private static final Optional<String> MUSL = Optional.empty();

    @Test
    void shouldAcceptBothArchitecturesUnderEitherName() {
        assertThat(Platform.refusalFor("Linux", "amd64", 64, GLIBC)).isEmpty();
        assertThat(Platform.refusalFor("Linux", "x86_64", 64, GLIBC)).isEmpty();
        assertThat(Platform.refusalFor("Linux", "aarch64", 64, GLIBC)).isEmpty();
    }

    @Test
    void shouldAcceptTheOldestGlibcAndEveryLaterOne() {
        assertThat(Platform.refusalFor("Linux", "amd64", 64, Optional.of("2.31")))
                .isEmpty();
        assertThat(Platform.refusalFor("Linux", "amd64", 64, Optional.of("2.31-0ubuntu9.9")))
                .isEmpty();
        assertThat(Platform.refusalFor("Linux", "amd64", 64, Optional.of("2.43.9000")))
                .isEmpty();
    }

    @Test
    void shouldRefuseMusl() {
        assertThat(Platform.refusalFor("Linux", "amd64", 64, MUSL))
                .isEqualTo("the C library of this process is not glibc (musl, as in Alpine?), and its mutexes have"
                        + " another layout; use a glibc image, e.g. eclipse-temurin:25");
    }

    @Test
    void shouldRefuseAnUnknownArchitecture() {
        assertThat(Platform.refusalFor("Linux", "riscv64", 64, GLIBC))
                .isEqualTo("Mortmain knows the mutex layouts of x86_64 and aarch64 only and this JVM is riscv64 with"
                        + " 64 bits; use a 64-bit JDK for one of the two");
    }

    @Test
    void shouldRefuse32Bits() {
        assertThat(Platform.refusalFor("Linux", "amd64", 32, GLIBC))
                .isEqualTo("Mortmain knows the mutex layouts of x86_64 and aarch64 only and this JVM is amd64 with"
                        + " 32 bits; use a 64-bit JDK for one of the two");
    }

    @Test
    void shouldRefuseAnOldGlibc() {
        assertThat(Platform.refusalFor("Linux", "amd64", 64, Optional.of("2.28")))
                .isEqualTo("glibc 2.28 is too old; Mortmain needs 2.31 or later");
        assertThat(Platform.refusalFor("Linux", "aarch64", 64, Optional.of("2.30")))
                .isEqualTo("glibc 2.30 is too old; Mortmain needs 2.31 or later");
    }

    @Test
    void shouldRefuseAGlibcWhoseVersionCannotBeRead() {
        assertThat(Platform.refusalFor("Linux", "amd64", 64, Optional.of("unknown")))
                .isEqualTo("glibc unknown is too old; Mortmain needs 2.31 or later");
        assertThat(Platform.refusalFor("Linux", "amd64", 64, Optional.of("2.")))
                .isEqualTo("glibc 2. is too old; Mortmain needs 2.31 or later");
    }

    @Test
    void shouldRefuseAnotherSystem() {
        assertThat(Platform.refusalFor("Mac OS X", "aarch64", 64, MUSL))
                .isEqualTo("Mortmain works on Linux only and this is Mac OS X; run it in a Linux container, e.g."
                        + " docker run --rm -it -v \"$PWD\":/w -w /w eclipse-temurin:25 ./mortmain demo");
        assertThat(Platform.refusalFor("Windows 11", "amd64", 64, MUSL))
                .startsWith("Mortmain works on Linux only and this is Windows 11; run it in a Linux container");
    }

    @Test
    void shouldNameAbisForMessages() {
        assertThat(Platform.abiName(1)).isEqualTo("glibc on x86_64");
        assertThat(Platform.abiName(2)).isEqualTo("glibc on aarch64");
        assertThat(Platform.abiName(7)).isEqualTo("unknown ABI 7");
    }
}
