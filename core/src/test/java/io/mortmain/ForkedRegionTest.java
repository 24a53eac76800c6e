package io.mortmain;

import static org.assertj.core.api.Assertions.assertThat;

import io.mortmain.testing.Forks;
import io.mortmain.testing.RobustList;
import io.mortmain.testing.TestRegion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** C1: what a child that is forked natively has of a region: nothing. */
class ForkedRegionTest {
    private static final int SIGSEGV = 11;

    /** Ways to make a region, which are mapped by different pieces of code. */
    enum Kind {
        PLAIN(RegionOptions.DEFAULT),
        SEVERAL_NAMESPACES(RegionOptions.DEFAULT.withSeveralPidNamespaces()),
        GROWING(RegionOptions.DEFAULT.withFirstCapacity(0));

        private final RegionOptions options;

        Kind(RegionOptions options) {
            this.options = options;
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldBeLeftOutOfAForkedChild(Kind kind) throws IOException {
        try (TestRegion name = new TestRegion();
                Region region = Region.create(name.name(), 1 << 20, kind.options)) {
            region.memory("data", 8);
            assertThat(piecesHere(name)).as("what this process has mapped").isNotEmpty();
            assertThat(Forks.piecesInChild(inode(name)))
                    .as("pieces in the child")
                    .isZero();
        }
    }

    @ParameterizedTest
    @EnumSource(names = "PLAIN")
    void shouldNotLetAChildFreeTheMutexOfItsParent(Kind kind) {
        try (TestRegion name = new TestRegion();
                Region region = Region.create(name.name(), 0, kind.options)) {
            RobustMutex mutex = region.mutex("m");
            long word = mutex.pthreadMutex().address();
            try (Hold hold = mutex.lock()) {
                int before = RobustList.word(word);
                assertThat(Forks.callAt("child_frees", word)).isEqualTo(Forks.SIGNALLED + SIGSEGV);
                assertThat(RobustList.word(word)).as("the word of the parent").isEqualTo(before);
                assertThat(hold.predecessorDied()).isFalse();
            }
            try (Hold again = mutex.lock()) {
                assertThat(again.predecessorDied())
                        .as("told of the child's end")
                        .isFalse();
            }
        }
    }

    /** It is open as long as the region is, so that it can be handed over. */
    @ParameterizedTest
    @EnumSource
    void shouldHaveNoDescriptorOfARegionWithoutAName(Kind kind) throws IOException {
        Set<Integer> before = nameless();
        try (Region region = Region.createAnonymous(1 << 20, kind.options)) {
            Set<Integer> own = nameless();
            own.removeAll(before);
            assertThat(own).as("descriptors of " + region).isNotEmpty().allMatch(ForkedRegionTest::isClosedInChild);
        }
    }

    private static boolean isClosedInChild(int descriptor) {
        return Forks.call("closed_in_child", descriptor) == 1;
    }

    private static Set<Integer> nameless() throws IOException {
        Set<Integer> found = new TreeSet<>();
        try (DirectoryStream<Path> open = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
            for (Path descriptor : open) {
                if (Files.exists(descriptor, LinkOption.NOFOLLOW_LINKS)
                        && Files.readSymbolicLink(descriptor).toString().startsWith("/memfd:")) {
                    found.add(Integer.parseInt(descriptor.getFileName().toString()));
                }
            }
        }
        return found;
    }

    private static List<String> piecesHere(TestRegion name) throws IOException {
        return Files.readAllLines(Path.of("/proc/self/maps")).stream()
                .filter(line -> line.contains(inode(name)))
                .toList();
    }

    /** As /proc/self/maps has it: there the file goes by the name that it had when it was mapped, and that was none. */
    private static String inode(TestRegion name) {
        try {
            return " " + Files.getAttribute(Path.of(name.path()), "unix:ino") + " ";
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
