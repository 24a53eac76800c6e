package io.mortmain.internal.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.mortmain.testing.CProgram;
import io.mortmain.testing.Commands;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The table of error numbers, against the machine's headers, and the sentences made of it. */
class ErrnoTest {
    @Test
    void shouldHaveTheNumbersOfTheMachinesHeaders() {
        String ours = Arrays.stream(Errno.values())
                .filter(errno -> errno != Errno.OTHER)
                .map(errno -> errno.name() + " " + errno.number())
                .collect(Collectors.joining("\n", "", "\n"));
        assertThat(Commands.run(List.of(CProgram.compile("errno_table").toString()))
                        .said())
                .isEqualTo(ours);
        for (Errno errno : Errno.values()) {
            assertThat(Errno.of(errno.number())).isEqualTo(errno);
            assertThat(errno.meaning()).isNotBlank();
            assertThat(errno.cure()).isNotBlank();
        }
    }

    @Test
    void shouldNameCallObjectErrorAndCure() {
        LinuxException failed =
                catchThrowableOfType(LinuxException.class, () -> OpenFile.existing("/dev/shm/mortmain-test-none"));
        assertThat(failed.errno()).isEqualTo(Errno.ENOENT);
        assertThat(failed)
                .hasMessage("open failed for /dev/shm/mortmain-test-none: there is no such file (ENOENT);"
                        + " check the name, or create it first");
        assertThat(new LinuxException("call", "object", 9999)).hasMessageContainingAll("errno 9999", "see errno(3)");
        assertThat(Errno.of(9999)).isEqualTo(Errno.OTHER);
    }
}
