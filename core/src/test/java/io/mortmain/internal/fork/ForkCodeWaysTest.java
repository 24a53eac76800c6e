package io.mortmain.internal.fork;

import static org.assertj.core.api.Assertions.assertThat;

import io.mortmain.internal.linux.AddressSpace;
import io.mortmain.internal.linux.KernelThread;
import io.mortmain.internal.linux.Platform;
import io.mortmain.internal.words.MappedWords;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Ways through the fork code of this machine, called directly, with a bell of its own that nobody answers. */
class ForkCodeWaysTest {
    private static final long PAGE = AddressSpace.PAGE_SIZE;
    private static final int ANOTHER = 12_345;
    private static final MappedWords WORDS = MappedWords.INSTANCE;

    private final ForkCode code = ForkCode.of(Platform.current(), Math.toIntExact(PAGE));
    private final int me = KernelThread.id();
    private long start;

    @BeforeEach
    void load() {
        start = AddressSpace.reserve(ForkPages.PAGES * PAGE);
        byte[] bytes = code.bytes();
        try (Arena arena = Arena.ofConfined()) {
            AddressSpace.view(start, bytes.length, arena).copyFrom(MemorySegment.ofArray(bytes));
        }
        AddressSpace.makeExecutable(start, PAGE);
        WORDS.putLongRelease(start + PAGE + ForkPages.SLICE + Long.BYTES, ForkBell.SLICE_NANOS);
        set(ForkPages.LIMIT, 3);
    }

    @AfterEach
    void unload() {
        AddressSpace.unmap(start, ForkPages.PAGES * PAGE);
    }

    private void set(int offset, int value) {
        WORDS.putIntRelease(start + PAGE + offset, value);
    }

    private int get(int offset) {
        return WORDS.getIntVolatile(start + PAGE + offset);
    }

    private void prepare() {
        call(code.prepare());
    }

    private void parent() {
        call(code.parent());
    }

    private void call(int entry) {
        try {
            Linker.nativeLinker()
                    .downcallHandle(MemorySegment.ofAddress(start + entry), FunctionDescriptor.ofVoid())
                    .invokeExact();
        } catch (Throwable thrown) {
            throw new AssertionError(thrown);
        }
    }

    @Test
    void shouldLeaveTheTurnAloneWhereNobodyAnswers() {
        set(ForkPages.LIMIT, 0);
        prepare();
        assertThat(get(ForkPages.TURN)).isZero();
        parent();
        assertThat(get(ForkPages.TURN)).isZero();
    }

    @Test
    void shouldNotWaitForAnotherWhereNobodyAnswers() {
        set(ForkPages.LIMIT, 0);
        set(ForkPages.TURN, ANOTHER);
        prepare();
        parent();
        assertThat(get(ForkPages.TURN)).isEqualTo(ANOTHER);
        assertThat(get(ForkPages.MISSED)).isZero();
    }

    @Test
    void shouldSayThatItsForkIsOverThoughNobodyAnswersAnyMore() {
        prepare();
        assertThat(get(ForkPages.TURN)).isEqualTo(me);
        set(ForkPages.LIMIT, 0);
        parent();
        assertThat(get(ForkPages.TURN)).isEqualTo(me | ForkPages.RETURNED);
    }

    /** Else the fork that is begun next would be taken for one that nobody waits for. */
    @Test
    void shouldCountWhoGivesUpBeforeTheForkOnly() {
        prepare();
        assertThat(get(ForkPages.GAVE_UP)).isEqualTo(1);
        parent();
        assertThat(get(ForkPages.GAVE_UP)).isEqualTo(1);
    }

    @Test
    void shouldLeaveWhereItsForkIsOverAlready() {
        set(ForkPages.TURN, me | ForkPages.RETURNED);
        parent();
        assertThat(get(ForkPages.TURN)).isEqualTo(me | ForkPages.RETURNED);
        assertThat(get(ForkPages.NESTED)).isZero();
    }

    @Test
    void shouldMissTheTurnOfAnother() {
        set(ForkPages.TURN, ANOTHER);
        prepare();
        assertThat(get(ForkPages.MISSED)).isEqualTo(1);
        parent();
        assertThat(get(ForkPages.TURN)).isEqualTo(ANOTHER);
        assertThat(get(ForkPages.GAVE_UP)).isZero();
    }

    @Test
    void shouldCountForksWithinAFork() {
        for (int limit : new int[] {3, 0}) { // the last hook may be taken back in the midst of a fork
            for (int turn : new int[] {me, me | ForkPages.PREPARED}) {
                set(ForkPages.LIMIT, limit);
                set(ForkPages.TURN, turn);
                prepare();
                prepare();
                assertThat(get(ForkPages.NESTED))
                        .as("within %x, limit %d", turn, limit)
                        .isEqualTo(2);
                parent();
                parent();
                assertThat(get(ForkPages.NESTED)).isZero();
                assertThat(get(ForkPages.TURN)).as("the fork around").isEqualTo(turn);
                parent();
                assertThat(get(ForkPages.TURN)).isEqualTo(me | ForkPages.RETURNED);
            }
        }
    }

    @Test
    void shouldCountForksOfTheThreadThatAnswers() {
        set(ForkPages.SERVICE, me);
        prepare();
        parent();
        assertThat(get(ForkPages.BY_SERVICE)).isEqualTo(2);
        assertThat(get(ForkPages.TURN)).isZero();
    }
}
