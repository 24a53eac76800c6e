package io.mortmain.cli.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import org.junit.jupiter.api.Test;

/** What is left of several children that do the same, where not all come to their end. */
class ChildNotesTest {
    private static final String REFUSED = "refused, FORKED_CHILD";
    private static final int LAST = 15;

    private final ChildNotes notes = new ChildNotes(Arena.ofAuto().allocate(ChildNotes.PAGE));

    @Test
    void shouldKeepTheFirstThatWasNotRefused() {
        notes.note(0, REFUSED);
        notes.note(1, "not refused");
        notes.forgetRefusals();
        assertThat(notes.text(0)).isEqualTo("the child died");
        notes.note(0, "not refused");
        notes.note(1, REFUSED);
        notes.note(LAST, REFUSED);
        notes.forgetRefusals();
        notes.note(0, REFUSED);
        assertThat(notes.text(0)).isEqualTo("not refused");
        assertThat(notes.text(1)).isEqualTo("not refused");
        assertThat(notes.text(LAST)).isEqualTo("the child died");
    }

    @Test
    void shouldForgetAllBeforeOtherActs() {
        notes.note(1, "not refused");
        notes.forgetAll();
        notes.note(1, REFUSED);
        assertThat(notes.text(1)).isEqualTo(REFUSED);
    }

    @Test
    void shouldNotLetALongTextRunIntoTheNext() {
        notes.note(0, "x".repeat(1000));
        assertThat(notes.text(0)).hasSize(254);
        assertThat(notes.text(1)).isEqualTo("the child died");
    }
}
