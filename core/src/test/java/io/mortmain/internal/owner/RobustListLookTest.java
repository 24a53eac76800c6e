package io.mortmain.internal.owner;

import static io.mortmain.internal.layout.GlibcMutexLayout.LINK_PI;
import static io.mortmain.internal.layout.GlibcMutexLayout.NODE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mortmain.Hold;
import io.mortmain.Region;
import io.mortmain.RobustMutex;
import io.mortmain.internal.layout.RobustListLayout;
import io.mortmain.internal.linux.Facility;
import io.mortmain.internal.linux.KernelThread;
import io.mortmain.internal.owner.RobustListLook.Verdict;
import io.mortmain.internal.words.MappedWords;
import io.mortmain.testing.TestRegion;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What one look says of a thread that sleeps, for each place where the mutex can stand: its list, its pending word, both, or none. */
class RobustListLookTest {
    private final TestRegion name = new TestRegion();
    private final TestRegion otherName = new TestRegion();
    private final Region region = Region.create(name.name(), 0);
    private final Region otherRegion = Region.create(otherName.name(), 0);
    private final RobustMutex mutex = region.mutex("looked for");
    private final RobustMutex beside = region.mutex("beside");
    private final RobustMutex foreign = otherRegion.mutex("of another file");
    private final long node = node(mutex);

    private static long node(RobustMutex of) {
        return of.pthreadMutex().address() + NODE;
    }

    @BeforeEach
    void requireLooks() {
        assumeTrue(Facility.FOREIGN_LISTS.isAllowed());
    }

    @AfterEach
    void removeRegions() {
        otherRegion.close();
        otherName.close();
        region.close();
        name.close();
    }

    private Verdict lookAt(ListOwner owner) {
        try (owner) {
            owner.awaitRest();
            return RobustListLook.at(owner.threadId(), mutex.pthreadMutex().address());
        }
    }

    private static Consumer<Runnable> holding(RobustMutex held) {
        return rest -> {
            try (Hold _ = held.lock()) {
                rest.run();
            }
        };
    }

    @Test
    void shouldNotSeeItWhereNothingLeadsToIt() {
        assertThat(lookAt(new ListOwner(Runnable::run))).isEqualTo(Verdict.ABSENT);
        assertThat(lookAt(new ListOwner(holding(beside)))).isEqualTo(Verdict.ABSENT);
        assertThat(lookAt(ListOwner.withPending(node(beside), Runnable::run))).isEqualTo(Verdict.ABSENT);
    }

    @Test
    void shouldSeeItOnTheList() {
        assertThat(lookAt(new ListOwner(holding(mutex)))).isEqualTo(Verdict.HOLDS);
    }

    @Test
    void shouldSeeItInThePendingWord() {
        assertThat(lookAt(ListOwner.withPending(node, Runnable::run))).isEqualTo(Verdict.PENDING);
    }

    /** A holder that locks it again. */
    @Test
    void shouldBelieveTheListBeforeThePendingWord() {
        assertThat(lookAt(new ListOwner(rest -> holding(mutex).accept(() -> {
                    MappedWords.INSTANCE.putLongRelease(KernelThread.robustListHead() + RobustListLayout.PENDING, node);
                    rest.run();
                }))))
                .isEqualTo(Verdict.HOLDS);
    }

    /** The kernel gives it to a thread that sleeps. */
    @Test
    void shouldTakeAPendingWordWithPriorityInheritanceForAHold() {
        assertThat(lookAt(ListOwner.withPending(node | LINK_PI, Runnable::run))).isEqualTo(Verdict.HOLDS);
    }

    /** Whoever writes the other file may have cut the mutex off the list. */
    @Test
    void shouldNotBelieveAListThroughAnotherFile() {
        assertThat(lookAt(new ListOwner(holding(foreign)))).isEqualTo(Verdict.MOVING);
        assertThat(lookAt(new ListOwner(rest -> holding(foreign).accept(() -> {
                    MappedWords.INSTANCE.putLongRelease(KernelThread.robustListHead() + RobustListLayout.PENDING, node);
                    rest.run();
                }))))
                .isEqualTo(Verdict.MOVING);
    }

    @Test
    void shouldTakeTheCallersPendingWordForItsOwnOperation() {
        long pending = KernelThread.robustListHead() + RobustListLayout.PENDING;
        MappedWords.INSTANCE.putLongRelease(pending, node);
        Verdict verdict = RobustListLook.atCaller(mutex.pthreadMutex().address());
        MappedWords.INSTANCE.putLongRelease(pending, 0);
        assertThat(verdict).isEqualTo(Verdict.ABSENT);
    }
}
