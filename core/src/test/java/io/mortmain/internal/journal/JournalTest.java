package io.mortmain.internal.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mortmain.errors.TransactionTooLargeException;
import io.mortmain.internal.journal.Change.Addition;
import io.mortmain.internal.journal.Change.Style;
import io.mortmain.internal.layout.GuardedBlockLayout;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the journal refuses, and what it does without a death. */
class JournalTest {
    private final LateBytes memory = new LateBytes(Block.born(), Block.USED, LateBytes.NEVER);
    private final Journal journal = Block.journal(memory);

    @ParameterizedTest
    @EnumSource(Style.class)
    void shouldStoreNothingForATransactionThatChangesNothing(Style style) {
        Change nothing = new Change(style, List.of(new Addition(1, 0), new Addition(2, 0)));
        nothing.write(memory, journal);
        assertThat(memory.whole().words()).satisfies(words -> {
            assertThat(Block.data(words)).isEqualTo(Block.data(Block.born()));
            assertThat(Block.used(words)).isZero();
        });
        if (style != Style.BIT_BY_BIT) {
            assertThat(memory.whole().words()).isEqualTo(Block.born());
        }
    }

    @Test
    void shouldHaveRoomForAsManyWordsAsItHasEntries() {
        journal.requireRoom(Block.CAPACITY, "buy a larger one");
        assertThatThrownBy(() -> journal.requireRoom(Block.CAPACITY + 1, "buy a larger one"))
                .isInstanceOf(TransactionTooLargeException.class)
                .hasMessage(
                        "object \"data\" of a test cannot be changed: the transaction changes 9 words of 8 bytes, and its journal"
                                + " has room for 8; change less at once, or buy a larger one");
        assertThat(journal.capacity()).isEqualTo(Block.CAPACITY);
    }

    @Test
    void shouldStoreNothingOfATransactionThatIsTooLarge() {
        Journal small = new Journal(memory, Block.BEGIN, 2, Block.DATA, Block.DATA_SIZE, "it");
        WordChanges changes = new WordChanges(memory, Block.BEGIN, small);
        long[] before = Block.data(Block.born());
        long[] after = Arrays.stream(before).map(value -> value + 1).toArray();
        assertThatThrownBy(() -> changes.replace(Block.DATA, before, after))
                .isInstanceOf(TransactionTooLargeException.class);
        long[] offsets = IntStream.range(0, 3).mapToLong(Block::offset).toArray();
        assertThatThrownBy(() -> changes.write(offsets, after, 3)).isInstanceOf(TransactionTooLargeException.class);
        assertThat(memory.steps()).isZero();
        changes.write(offsets, after, 2);
        assertThat(memory.getLong(Block.BEGIN + Block.offset(1))).isEqualTo(after[1]);
    }

    /** What is behind the transaction's count is not written, and its offset not looked at. */
    @Test
    void shouldWriteNoMoreThanItsCount() {
        WordChanges changes = new WordChanges(memory, Block.BEGIN, journal);
        changes.write(new long[] {Block.offset(5), Block.offset(6), -1}, new long[] {7, 8, 9}, 2);
        assertThat(memory.getLong(Block.BEGIN + Block.offset(5))).isEqualTo(7);
        assertThat(memory.getLong(Block.BEGIN + Block.offset(6))).isEqualTo(8);
    }

    @ParameterizedTest
    @ValueSource(
            longs = {
                Block.DATA - 8,
                Block.DATA + 1,
                Block.DATA + 7,
                Block.DATA + Block.DATA_SIZE,
                0,
                8,
                -8,
                Long.MAX_VALUE - 7,
                Long.MIN_VALUE
            })
    void shouldLogNoWordOutsideOfTheData(long word) {
        assertThatIllegalArgumentException().isThrownBy(() -> journal.log(0, word, 0));
        assertThat(memory.steps()).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, Block.CAPACITY, Integer.MAX_VALUE, Integer.MIN_VALUE})
    void shouldHaveNoEntryBeyondItsRoom(int index) {
        assertThatIllegalArgumentException().isThrownBy(() -> journal.log(index, Block.DATA, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> journal.publish(index + 1));
        assertThat(memory.steps()).isZero();
    }

    @Test
    void shouldNotStandAcrossTheData() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Journal(memory, 64, 13, Block.DATA, Block.DATA_SIZE, "it"));
        assertThatIllegalArgumentException().isThrownBy(() -> new Journal(memory, 64, 8, Block.DATA + 4, 8, "it"));
        assertThatIllegalArgumentException().isThrownBy(() -> new Journal(memory, 60, 8, Block.DATA, 8, "it"));
        assertThatIllegalArgumentException().isThrownBy(() -> new Journal(memory, 64, -1, Block.DATA, 8, "it"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Journal(memory, 64, 8, Block.DATA, Long.MAX_VALUE - 7, "it"));
        assertThat(GuardedBlockLayout.data(12, 0)).isEqualTo(Block.DATA);
        assertThat(GuardedBlockLayout.data(12, 1)).isEqualTo(Block.DATA + GuardedBlockLayout.ALIGNMENT);
    }

    @Test
    void shouldUndoOnceAndSayWhether() {
        assertThat(journal.rollBack()).isFalse();
        journal.log(0, Block.offset(3), 103);
        journal.publish(1);
        memory.putLong(Block.BEGIN + Block.offset(3), 1);
        assertThat(journal.isEmpty()).isFalse();
        assertThat(journal.rollBack()).isTrue();
        assertThat(journal.isEmpty()).isTrue();
        assertThat(journal.rollBack()).isFalse();
        assertThat(Block.data(memory.whole().words())).isEqualTo(Block.data(Block.born()));
    }
}
