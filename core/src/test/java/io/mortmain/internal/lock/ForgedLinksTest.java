package io.mortmain.internal.lock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mortmain.Hold;
import io.mortmain.Region;
import io.mortmain.RobustMutex;
import io.mortmain.errors.MortmainException;
import io.mortmain.internal.layout.GlibcMutexLayout;
import io.mortmain.internal.layout.RobustListLayout;
import io.mortmain.internal.linux.KernelThread;
import io.mortmain.internal.words.MappedWords;
import io.mortmain.testing.RobustList;
import io.mortmain.testing.TestRegion;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** D8: words and links of held mutexes are forged so that they look like those of C code on the same thread. */
class ForgedLinksTest {
    private static final MappedWords WORDS = MappedWords.INSTANCE;
    private static final long GARBAGE = 8;

    private final TestRegion name = new TestRegion();
    private final Region region = Region.create(name.name(), 0);
    private final RobustMutex older = region.mutex("older");
    private final RobustMutex newer = region.mutex("newer");

    @AfterEach
    void remove() {
        region.close();
        name.close();
    }

    private static long node(RobustMutex mutex) {
        return mutex.pthreadMutex().address() + GlibcMutexLayout.NODE;
    }

    private static void setWord(RobustMutex mutex, int word) {
        WORDS.putIntRelease(mutex.pthreadMutex().address() + GlibcMutexLayout.LOCK, word);
    }

    private static void setLinks(RobustMutex mutex, long next, long previous) {
        WORDS.putLongRelease(node(mutex), next);
        WORDS.putLongRelease(node(mutex) + GlibcMutexLayout.NODE_TO_PREVIOUS, previous);
    }

    /**
     * Both are spoilt; at the newer one's release the older one is not found again, and is no longer in the list. Then both look as if this
     * thread held them, the newer one under the older.
     */
    @Test
    void shouldNotPutOnTheListWhatFollowsANodeThatIsNotOnIt() {
        Hold first = older.lock();
        Hold second = newer.lock();
        setWord(older, 0);
        setWord(newer, 0);
        setLinks(newer, GARBAGE, GARBAGE);
        assertThatThrownBy(second::close).isInstanceOf(MortmainException.class);
        setWord(older, KernelThread.id());
        setLinks(older, node(newer), GARBAGE);
        setWord(newer, KernelThread.id());
        setLinks(newer, GARBAGE, node(older));
        first.close();
        assertThat(LockThread.current().depth()).isZero();
        assertThat(RobustList.isEmpty(KernelThread.robustListHead())).isTrue();
        setWord(newer, 0);
    }

    /** The link of a node that is on the list leads to one that is not, which looks as if C code had locked it. */
    @Test
    void shouldNotFollowALinkThatLeadsOutOfTheList() {
        Hold bottom = older.lock();
        RobustMutex middle = region.mutex("middle");
        try (Hold top = middle.lock()) {
            setWord(newer, KernelThread.id());
            setLinks(newer, GARBAGE, node(middle));
            setLinks(middle, node(newer), KernelThread.robustListHead());
            WORDS.putLongRelease(node(older) + GlibcMutexLayout.NODE_TO_PREVIOUS, GARBAGE);
            assertThat(top.mutex()).isSameAs(middle);
        }
        long head = KernelThread.robustListHead();
        assertThat(WORDS.getLongPlain(head + RobustListLayout.FIRST)).isEqualTo(node(older));
        bottom.close();
        assertThat(RobustList.isEmpty(head)).isTrue();
        setWord(newer, 0);
    }
}
