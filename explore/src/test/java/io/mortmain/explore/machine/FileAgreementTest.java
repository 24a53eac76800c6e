package io.mortmain.explore.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The simulated files are as the real ones, and both as is written down here. That a real creator uses them so, and what is left when it is
 * killed at each of its system calls, is {@code RegionBirthTest}'s.
 */
class FileAgreementTest {
    private static String refusalOfSmall = "";

    @BeforeAll
    static void tryToMount() throws IOException {
        refusalOfSmall = RealFiles.refusalOfSmall();
    }

    static Stream<FileStory> stories() {
        return FileStory.all();
    }

    @ParameterizedTest
    @MethodSource("stories")
    void answersTheSameWay(FileStory story) throws Exception {
        List<String> expected = story.results();
        assertThat(SimulatedFiles.run(story)).as("the simulated machine").isEqualTo(expected);
        assumeTrue(refusalOfSmall.isEmpty() || !story.isTight(), refusalOfSmall);
        assertThat(RealFiles.run(story)).as("the real kernel").isEqualTo(expected);
    }
}
