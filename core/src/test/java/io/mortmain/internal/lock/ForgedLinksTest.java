package io.mortmain.internal.lock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mortmain.Hold;
import io.mortmain.Region;
import io.mortmain.RobustMutex;
import io.mortmain.errors.MortmainException;
import io.mortmain.internal.layout.GlibcMutexLayout;
import io.mortmain.internal.layout.RobustListLayout;
import io.mortmain.internal.linux.AddressSpace;
import io.mortmain.internal.linux.KernelThread;
import io.mortmain.internal.words.MappedWords;
import io.mortmain.testing.CMutexes;
import io.mortmain.testing.OwnThread;
import io.mortmain.testing.RobustList;
import io.mortmain.testing.TestRegion;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * D8: words and links of held mutexes are forged so that others would fall off the list, or come onto it. The sound ones, of Java and of C,
 * stay. {@code SpoiltListTest} does it at random.
 */
class ForgedLinksTest {
    private static final MappedWords WORDS = MappedWords.INSTANCE;
    private static final long GARBAGE = 8;
    /** So much memory has an end that no mutex of one region is near. */
    private static final long FAR_AWAY = 1 << 28;

    private final TestRegion name = new TestRegion();
    private final Region region = Region.create(name.name(), 0);
    private final RobustMutex older = region.mutex("older");
    private final RobustMutex newer = region.mutex("newer");
    private final RobustMutex hostile = region.mutex("hostile");
    private final long forged = address(region.mutex("forged"));

    @AfterEach
    void remove() {
        name.close(); // the region stays open: threads have died holding its mutexes
    }

    private static long address(RobustMutex mutex) {
        return mutex.pthreadMutex().address();
    }

    private static long node(long mutex) {
        return mutex + GlibcMutexLayout.NODE;
    }

    private static void setWord(long mutex, int word) {
        WORDS.putIntRelease(mutex + GlibcMutexLayout.LOCK, word);
    }

    private static void setNext(long mutex, long next) {
        WORDS.putLongRelease(node(mutex), next);
    }

    private static void setPrevious(long mutex, long previous) {
        WORDS.putLongRelease(mutex + GlibcMutexLayout.PREVIOUS, previous);
    }

    /** What pthread_cond_wait does with a mutex. */
    private static void waitForCondition(long mutex) {
        CMutexes.unlock(mutex);
        CMutexes.lock(mutex);
    }

    /** What the kernel's walk would come to. */
    private static List<Long> walk() {
        long head = KernelThread.robustListHead();
        List<Long> seen = new ArrayList<>();
        for (long node = WORDS.getLongPlain(head + RobustListLayout.FIRST) & ~GlibcMutexLayout.LINK_PI;
                node != head && node != 0 && seen.size() < 8;
                node = WORDS.getLongPlain(node) & ~GlibcMutexLayout.LINK_PI) {
            seen.add(node - GlibcMutexLayout.NODE);
        }
        return seen;
    }

    /**
     * Both are spoilt; at the newer one's release the older one is not found again, and is no longer in the list. Then both look as if this
     * thread held them, the newer one under the older.
     */
    @Test
    void shouldNotPutOnTheListWhatFollowsANodeThatIsNotOnIt() throws InterruptedException {
        OwnThread.run(() -> {
            Hold first = older.lock();
            Hold second = newer.lock();
            setWord(address(older), 0);
            setWord(address(newer), 0);
            setNext(address(newer), GARBAGE);
            setPrevious(address(newer), GARBAGE);
            assertThatThrownBy(second::close).isInstanceOf(MortmainException.class);
            setWord(address(older), KernelThread.id());
            setNext(address(older), node(address(newer)));
            setPrevious(address(older), GARBAGE);
            setWord(address(newer), KernelThread.id());
            setNext(address(newer), GARBAGE);
            setPrevious(address(newer), node(address(older)));
            first.close();
            assertThat(LockThread.current().depth()).isZero();
            assertThat(RobustList.isEmpty(KernelThread.robustListHead())).isTrue();
        });
    }

    /** The link of a node that is on the list leads to one that is not, which looks as if C code had locked it. */
    @Test
    void shouldNotFollowALinkThatLeadsOutOfTheList() throws InterruptedException {
        OwnThread.run(() -> {
            Hold bottom = older.lock();
            Hold top = hostile.lock();
            setWord(forged, KernelThread.id());
            setNext(forged, GARBAGE);
            setPrevious(forged, node(address(hostile)));
            setNext(address(hostile), node(forged));
            setPrevious(address(hostile), KernelThread.robustListHead());
            setPrevious(address(older), GARBAGE);
            top.close();
            assertThat(walk()).containsExactly(address(older));
            bottom.close();
            assertThat(RobustList.isEmpty(KernelThread.robustListHead())).isTrue();
        });
    }

    @Test
    void shouldKeepWhatCHoldsAboveAnotherOfItsMutexesThatIsSpoilt() throws InterruptedException {
        long c = CMutexes.create();
        OwnThread.run(() -> {
            Hold hold = older.lock();
            CMutexes.lock(address(hostile));
            CMutexes.lock(c);
            waitForCondition(address(older));
            assertThat(walk()).containsExactly(address(older), c, address(hostile));
            setWord(address(hostile), 0);
            hold.close();
            assertThat(walk()).startsWith(c);
        });
    }

    @Test
    void shouldKeepWhatCHoldsWhereItReleasedWhatWasRemembered() throws InterruptedException {
        long c = CMutexes.create();
        long remembered = CMutexes.create();
        OwnThread.run(() -> {
            older.lock();
            CMutexes.lock(address(hostile));
            CMutexes.lock(c);
            CMutexes.lock(remembered);
            Hold hold = newer.lock();
            CMutexes.unlock(remembered);
            setWord(address(hostile), 0);
            hold.close();
            assertThat(walk()).contains(c);
        });
    }

    @Test
    void shouldKeepTheOlderOneWhenCWaitedWithTheNewer() throws InterruptedException {
        OwnThread.run(() -> {
            older.lock();
            newer.lock();
            Hold hold = hostile.lock();
            waitForCondition(address(newer));
            setNext(address(hostile), GARBAGE);
            hold.close();
            assertThat(walk()).containsExactly(address(newer), address(older));
        });
    }

    @Test
    void shouldKeepNewerOnesWhenCWaitedWithTheSpoiltOne() throws InterruptedException {
        OwnThread.run(() -> {
            Hold hold = hostile.lock();
            older.lock();
            newer.lock();
            waitForCondition(address(hostile));
            setNext(address(hostile), GARBAGE);
            hold.close();
            assertThat(walk()).containsExactly(address(newer), address(older));
        });
    }

    @Test
    void shouldKeepTheOthersWhenJavaReleasesWhatCLocked() throws InterruptedException {
        OwnThread.run(() -> {
            older.lock();
            newer.lock();
            CMutexes.lock(address(hostile));
            setNext(address(hostile), GARBAGE);
            hostile.asLock().unlock();
            assertThat(walk()).containsExactly(address(newer), address(older));
        });
    }

    /** A forged one leads past a sound one, or back to the one that is released. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldKeepWhatAForgedOneLeadsPast(boolean backToItself) throws InterruptedException {
        long c = CMutexes.create();
        OwnThread.run(() -> {
            older.lock();
            newer.lock();
            CMutexes.lock(c);
            Hold hold = hostile.lock();
            CMutexes.unlock(c);
            setWord(forged, KernelThread.id());
            setPrevious(forged, node(address(hostile)));
            setNext(forged, node(address(backToItself ? hostile : older)));
            setNext(address(hostile), node(forged));
            hold.close();
            assertThat(walk()).containsExactly(address(newer), address(older));
        });
    }

    /** The node under the hostile one has gone, from elsewhere: that the list ends under it is not known, and must not be believed. */
    @Test
    void shouldKeepWhatCHoldsUnderOneThatSaysToBeTheLast() throws InterruptedException {
        long c = CMutexes.create();
        OwnThread.run(() -> {
            CMutexes.lock(c);
            Hold hold = older.lock();
            Hold top = hostile.lock();
            waitForCondition(address(older));
            hold.close();
            assertThat(walk()).containsExactly(address(hostile), c);
            setNext(address(hostile), KernelThread.robustListHead());
            top.close();
            assertThat(walk()).containsExactly(c);
        });
    }

    /**
     * Two mutexes were freed under their holder, and another thread has locked them: its list leads through them, and by links of which both
     * ends agree to its head. That is no node of C code.
     */
    @Test
    void shouldNotTakeTheHeadOfAnotherThreadsListForANode() throws InterruptedException {
        long memory = AddressSpace.reserve(FAR_AWAY);
        long below = memory + AddressSpace.PAGE_SIZE;
        long above = memory + FAR_AWAY - AddressSpace.PAGE_SIZE;
        long head = Math.abs(below - forged) > Math.abs(above - forged) ? below : above;
        OwnThread.run(() -> {
            Hold sound = older.lock();
            Hold second = newer.lock();
            Hold third = hostile.lock();
            setNext(address(newer), head);
            setPrevious(address(hostile), head);
            WORDS.putLongRelease(head + RobustListLayout.FIRST, node(address(hostile)));
            WORDS.putLongRelease(head + GlibcMutexLayout.NODE_TO_PREVIOUS, node(address(newer)));
            second.close();
            assertThat(walk()).containsExactly(address(hostile), address(older));
            third.close();
            assertThat(walk()).containsExactly(address(older));
            sound.close();
            assertThat(walk()).isEmpty();
        });
        AddressSpace.unmap(memory, FAR_AWAY);
    }

    /** For a node whose link has the bit of priority inheritance the kernel wakes nobody. */
    @Test
    void shouldNotTakeAMutexOfJavaForOneWithPriorityInheritance() throws InterruptedException {
        long c = CMutexes.create();
        OwnThread.run(() -> {
            older.lock();
            newer.lock();
            CMutexes.lock(c);
            Hold hold = hostile.lock();
            CMutexes.unlock(c);
            setNext(address(hostile), node(address(newer)) | GlibcMutexLayout.LINK_PI);
            hold.close();
            assertThat(WORDS.getLongPlain(KernelThread.robustListHead() + RobustListLayout.FIRST))
                    .isEqualTo(node(address(newer)));
        });
    }
}
