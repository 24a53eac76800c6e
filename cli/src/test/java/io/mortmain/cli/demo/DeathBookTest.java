package io.mortmain.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.mortmain.cli.demo.DeathBook.Place;
import io.mortmain.cli.demo.ToldLog.Told;
import java.util.List;
import org.junit.jupiter.api.Test;

class DeathBookTest {
    private static final long ALICE = 65;
    private static final long BOB = 66;
    private static final long CAROL = 67;

    private final DeathBook book = new DeathBook();

    @Test
    void shouldJoinATellingToTheOneItNames() {
        book.told(List.of(new Told(150, ALICE << 1, BOB, 7)));
        assertThat(book.groundless()).isEqualTo(1);
        book.died(ALICE, DeathKind.SIGKILL, Phase.HOLDING, 100, 9);
        assertThat(book.groundless()).isZero();
        assertThat(book.untold()).isZero();
        assertThat(book.latencies(death -> true)).isEqualTo(new Latencies(1, 50, 50, 50));
    }

    @Test
    void shouldFindThatOneWhoSeemedToWaitDidHold() {
        book.died(ALICE, DeathKind.SIGKILL, Phase.ACQUIRING, 100, 7);
        assertThat(book.count(Place.WAITING)).isEqualTo(1);
        book.told(List.of(new Told(150, CAROL << 1 | 1, BOB, 7)));
        assertThat(book.count(Place.WAITING)).isZero();
        assertThat(book.count(DeathKind.SIGKILL, Place.HOLDING)).isEqualTo(1);
    }

    @Test
    void shouldNotExplainATellingByAWaiterAfterWhomOthersHadTurns() {
        book.died(ALICE, DeathKind.SIGKILL, Phase.ACQUIRING, 100, 7);
        book.told(List.of(new Told(150, CAROL << 1 | 1, BOB, 8)));
        assertThat(book.groundless()).isEqualTo(1);
        assertThat(book.count(Place.WAITING)).isEqualTo(1);
    }

    @Test
    void shouldNotExplainTwoTellingsByOneDeath() {
        book.died(ALICE, DeathKind.EXIT, Phase.HOLDING, 100, 7);
        book.told(List.of(new Told(150, ALICE << 1, BOB, 7), new Told(160, ALICE << 1, CAROL, 7)));
        assertThat(book.groundless()).isEqualTo(1);
        book.died(BOB, DeathKind.SIGKILL, Phase.ACQUIRING, 155, 7);
        assertThat(book.groundless()).isZero();
        assertThat(book.count(Place.HOLDING)).isEqualTo(2);
    }

    @Test
    void shouldMissTheTellingOfACertainDeath() {
        book.died(ALICE, DeathKind.EXEC, Phase.HOLDING, 100, 7);
        book.died(BOB, DeathKind.SIGKILL, Phase.WRITING, 200, 7);
        assertThat(book.untold()).isEqualTo(2);
        assertThat(book.halfWritten()).isEqualTo(1);
    }

    @Test
    void shouldCountOneWhoDiedBetweenLivesAsElsewhere() {
        book.died(Slot.NOBODY, DeathKind.SIGKILL, Phase.ELSEWHERE, 100, 7);
        assertThat(book.count(Place.ELSEWHERE)).isEqualTo(1);
        assertThat(book.untold()).isZero();
    }

    @Test
    void shouldTakeQuantilesFromTheValues() {
        long[] hundred = new long[100];
        for (int i = 0; i < hundred.length; i++) {
            hundred[i] = i + 1;
        }
        assertThat(Latencies.of(hundred)).isEqualTo(new Latencies(100, 50, 99, 100));
        assertThat(Latencies.of(new long[0])).isEqualTo(new Latencies(0, 0, 0, 0));
    }
}
