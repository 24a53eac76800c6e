package io.mortmain.explore.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mortmain.explore.machine.Access.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@link History}: its invariants, and which ways to one place are one. */
class HistoryTest {
    private static final long WORD = MemoryMap.ownWord(0);
    /** Looks at a word, does one thing more where it is not 0, and ends. */
    private static final Script SCRIPT = player -> {
        if (player.ask(Kind.LOAD, WORD, 0, 0) != 0) {
            player.ask(Kind.STORE, WORD, 0, 0);
        }
        player.landmark(1);
        player.ask(Kind.WAKE, WORD, 1, 0);
    };

    private final Player player = new Player(0, new Actor("thread A", 101, 0, SCRIPT), new MemoryMap(1, 1, 0));

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldHoldItsInvariantsWhateverIsAnswered(boolean merges) {
        History.Book book = new History.Book(merges);
        History beginning = book.beginning(player, SCRIPT);
        wayToWake(book, beginning, 0);
        wayToWake(book, beginning, 1);
        wayToWake(book, beginning, 1);
        book.checkInvariants();
    }

    @Test
    void shouldKnowOnePlaceAgain() {
        History.Book book = new History.Book(false);
        History beginning = book.beginning(player, SCRIPT);
        assertThat(wayToWake(book, beginning, 1))
                .isSameAs(wayToWake(book, beginning, 1))
                .isNotSameAs(wayToWake(book, beginning, 0));
    }

    @Test
    void shouldTakeWaysToALandmarkForOne() {
        History.Book book = new History.Book(true);
        History beginning = book.beginning(player, SCRIPT);
        assertThat(wayToWake(book, beginning, 1)).isSameAs(wayToWake(book, beginning, 0));
    }

    /** What it was told before the landmark makes a difference later. */
    @Test
    void shouldRefuseToMergeWaysThatDoNotGoOnAlike() {
        Script remembers = player -> {
            long told = player.ask(Kind.LOAD, WORD, 0, 0);
            player.landmark(1);
            player.ask(Kind.WAKE, WORD, 1, 0);
            player.ask(Kind.STORE, WORD, told, 0);
        };
        History.Book book = new History.Book(true);
        History beginning = book.beginning(player, remembers);
        History known = book.afterLandmark(book.after(beginning, 5, 0, player, remembers), 0, player, remembers);
        assertThat(known.next().kind()).isEqualTo(Kind.WAKE);
        History other = book.after(beginning, 6, 0, player, remembers);
        assertThatThrownBy(() -> book.afterLandmark(other, 0, player, remembers))
                .isInstanceOf(MergedWrongly.class)
                .hasMessageContaining("thread A were merged wrongly")
                .hasMessageContaining(
                        "after the same 1 answers one asks for STORE word 0 5 0, and the other for STORE word 0 6 0");
    }

    private History wayToWake(History.Book book, History beginning, long answer) {
        History history = book.after(beginning, answer, 0, player, SCRIPT);
        while (history.next().kind() == Kind.STORE) {
            history = book.after(history, 0, 0, player, SCRIPT);
        }
        assertThat(history.next().kind()).isEqualTo(Kind.LANDMARK);
        history = book.afterLandmark(history, 0, player, SCRIPT);
        assertThat(history.next().kind()).isEqualTo(Kind.WAKE);
        return history;
    }
}
