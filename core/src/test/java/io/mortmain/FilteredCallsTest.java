package io.mortmain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mortmain.errors.LockException;
import io.mortmain.errors.RegionException;
import io.mortmain.testing.CProgram;
import io.mortmain.testing.Commands;
import io.mortmain.testing.TestRegion;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A17: a JVM whose system calls are refused, as by an emulator or a filter for containers, gets a typed refusal with the reason and the
 * cure, at the first use and at each later one, and makes nothing.
 */
class FilteredCallsTest {
    /** Tries it twice: what failed in a static initialiser would be another error at the second time. */
    public static void main(String[] arguments) {
        for (int i = 0; i < 2; i++) {
            try (Region region = Region.openOrCreate(arguments[0], 0)) {
                region.mutex("m").lock().close();
                System.out.println("works");
            } catch (LockException refused) {
                System.out.println(refused.reason() + ": " + refused.getMessage());
            } catch (RegionException refused) {
                System.out.println(refused.reason() + ": " + refused.getMessage());
            } catch (RuntimeException | Error another) {
                System.out.println(another);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"set_robust_list", "get_robust_list", "set_robust_list,get_robust_list"})
    void shouldRefuseThreadsWithoutARobustList(String calls) {
        assertThat(refusals(calls))
                .hasSize(2)
                .allSatisfy(line -> assertThat(line)
                        .startsWith("UNSUPPORTED_THREAD: this process cannot use Mortmain: thread ")
                        .containsAnyOf("not under an emulator", "allow the call in the seccomp profile"));
    }

    @ParameterizedTest
    @CsvSource({"process_vm_readv, process_vm_readv", "madvise, madvise"})
    void shouldRefuseWhereTheSelfTestFails(String call, String named) {
        assertThat(refusals(call))
                .hasSize(2)
                .allSatisfy(line -> assertThat(line)
                        .startsWith("SYSTEM: Mortmain's self-test failed (")
                        .contains(named, "in the seccomp profile"));
    }

    @Test
    void shouldWorkWithoutAFilter() {
        try (TestRegion name = new TestRegion()) {
            assertThat(run(List.of("env"), name)).containsExactly("works", "works");
        }
    }

    private static List<String> refusals(String calls) {
        try (TestRegion name = new TestRegion()) {
            String filtered = CProgram.compile("filtered").toString();
            String refusal = Commands.refusalOf(filtered, calls, "true");
            assumeTrue(refusal.isEmpty(), refusal);
            List<String> said = run(List.of(filtered, calls), name);
            assertThat(Path.of(name.path())).doesNotExist();
            return said;
        }
    }

    private static List<String> run(List<String> wrapper, TestRegion name) {
        List<String> command = Commands.under(wrapper, Commands.java(FilteredCallsTest.class, name.name()));
        return Commands.run(command).said().lines().toList();
    }
}
