package io.mortmain.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.mortmain.internal.linux.OwnDescriptor;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A name means the file that it was given for, and no other that has its number by now. */
class AnnouncementTest {
    @Test
    void shouldTakeNoOtherFileForTheOneOfTheName() {
        OwnDescriptor.Ends pipe = OwnDescriptor.pipe();
        OwnDescriptor.Ends other = OwnDescriptor.pipe();
        try {
            int number = pipe.first().number();
            String right = Announcement.of(Map.of("a", number), Map.of("a", number));
            assertThat(Announcement.read(right)).isEqualTo(Map.of("a", number));
            String stale = Announcement.of(
                    Map.of("a", number), Map.of("a", other.first().number()));
            assertThat(Announcement.read(stale)).isEmpty();
            String closed = Announcement.of(Map.of("a", 19_999), Map.of("a", number));
            assertThat(Announcement.read(closed)).isEmpty();
        } finally {
            pipe.first().close();
            pipe.second().close();
            other.first().close();
            other.second().close();
        }
    }

    @Test
    void shouldPassOverWhatCannotBeRead() {
        for (String broken :
                new String[] {"", ",", "=", "a=", "a=@", "a=x@1:2", "a=-1@1:2", "=3@1:2", "a=99999999999@1:2"}) {
            assertThat(Announcement.read(broken)).as(broken).isEmpty();
        }
    }
}
