package io.mortmain.internal.heap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.mortmain.errors.RegionException;
import io.mortmain.internal.heap.HeapMemory.State;
import io.mortmain.internal.journal.MortalMemory;
import io.mortmain.internal.journal.WordChanges;
import io.mortmain.internal.layout.HeapLayout;
import io.mortmain.internal.words.SharedBytes;
import java.util.function.Consumer;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Memory or stack run out in the middle of a change, and the function that a program gave catches it. */
class HalfDoneTest {
    private static final long FIRST = HeapLayout.BLOCKS + HeapLayout.HEADER_SIZE;
    private static final long SECOND = FIRST + 16;

    /** What is done to a heap that has the root, one more block of 8 bytes, and a free one of 40. */
    enum Change {
        ALLOCATE_FREED(3, heap -> heap.allocate(40)),
        ALLOCATE_AT_TOP(3, heap -> heap.allocate(8)),
        ALLOCATE_GROWING(4, heap -> heap.allocate(1_000)),
        FREE(3, heap -> heap.free(SECOND)),
        SET_ROOT(1, heap -> heap.setRoot(SECOND)),
        PUT_LONG(1, heap -> heap.contents().putLong(SECOND, 0, 7)),
        PUT_INT(1, heap -> heap.contents().putInt(SECOND, 4, 7)),
        PUT_BYTE(1, heap -> heap.contents().putByte(SECOND, 5, (byte) 7)),
        PUT_BYTES(8, heap -> heap.contents().putBytes(SECOND, 0, new byte[] {1, 2, 3, 4, 5, 6, 7, 8}));

        private final int leastPuts;
        private final Consumer<Heap> change;

        Change(int leastPuts, Consumer<Heap> change) {
            this.leastPuts = leastPuts;
            this.change = change;
        }
    }

    /** Lets some words be put, and fails at the next. */
    private static final class Failing extends StagedWords {
        private int left = Integer.MAX_VALUE;

        Failing(SharedBytes bytes, long data, WordChanges changes) {
            super(bytes, data, changes);
        }

        @Override
        void put(long offset, long value) {
            if (left-- == 0) {
                throw new OutOfMemoryError("a test's");
            }
            super.put(offset, value);
        }
    }

    private final Failing[] words = new Failing[1];
    private final HeapMemory memory = new HeapMemory(
            State.born(), (bytes, data, changes) -> words[0] = new Failing(bytes, data, changes), MortalMemory.NEVER);
    private final Heap heap = memory.heap();

    HalfDoneTest() {
        heap.begin();
        heap.setRoot(heap.allocate(8));
        long second = heap.allocate(8);
        heap.free(heap.allocate(40));
        assertThat(second).isEqualTo(SECOND);
        assertThat(heap.commit()).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void shouldCommitNothingWhereverAChangeFails(Change what) {
        long[] before = wordsNow();
        int failures = 0;
        while (fails(what.change, failures)) {
            failures++;
            assertThatIllegalStateException().isThrownBy(heap::commit).withMessageContaining("half done");
            assertThatIllegalStateException().isThrownBy(() -> heap.setRoot(0));
            assertThatIllegalStateException().isThrownBy(heap::commit);
            assertThat(wordsNow()).isEqualTo(before);
        }
        assertThat(failures).isGreaterThanOrEqualTo(what.leastPuts);
        assertThat(heap.commit()).isTrue();
        heap.begin();
        assertThat(heap.checkInvariants()).isBetween(1L, 3L);
    }

    /** Whether it failed when so many words were put. */
    private boolean fails(Consumer<Heap> change, int puts) {
        heap.begin();
        words[0].left = puts;
        try {
            change.accept(heap);
            return false;
        } catch (OutOfMemoryError expected) {
            return true;
        } finally {
            words[0].left = Integer.MAX_VALUE;
        }
    }

    /** The memory as those see it who come later. */
    private long[] wordsNow() {
        return memory.whole(new HeapModel(), new HeapModel()).state().words();
    }

    @Test
    void shouldGoOnAfterARefusal() {
        heap.begin();
        refuses(() -> heap.allocate(-1));
        refuses(() -> heap.allocate(HeapMemory.DATA_SIZE - HeapLayout.BLOCKS));
        refuses(() -> heap.allocate(Long.MAX_VALUE));
        refuses(() -> heap.free(FIRST));
        refuses(() -> heap.free(FIRST + 8));
        refuses(() -> heap.setRoot(1));
        refuses(() -> heap.contents().putLong(1, 0, 1));
        assertThatExceptionOfType(IndexOutOfBoundsException.class)
                .isThrownBy(() -> heap.contents().putBytes(SECOND, 1, new byte[8]));
        heap.contents().putLong(SECOND, 0, 7);
        assertThat(heap.commit()).isTrue();
        heap.begin();
        assertThat(heap.contents().getLong(SECOND, 0)).isEqualTo(7);
    }

    private static void refuses(ThrowingCallable change) {
        assertThatExceptionOfType(RegionException.class).isThrownBy(change);
    }
}
