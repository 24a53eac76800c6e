package io.mortmain;

import static org.assertj.core.api.Assertions.assertThat;

import io.mortmain.internal.guarded.GuardedBlock;
import io.mortmain.internal.guarded.Lender;
import io.mortmain.internal.layout.GlibcMutexLayout;
import io.mortmain.internal.words.MappedWords;
import io.mortmain.testing.TestRegion;

/** A guarded value whose mutex is real, and whose bytes are not: the mutex has as much to say of the predecessor as is wanted. */
final class GuardedScene implements AutoCloseable {
    private static final int SOMEBODY = 4711;

    private final TestRegion name = new TestRegion();
    private final Region region = Region.create(name.name(), 4_096);
    private final long sequence = region.memory("sequence", 64).address();
    private Repair repair = _ -> {};
    private final RobustMutex mutex = region.mutex("m", death -> repair.repair(death));
    private final long word = mutex.pthreadMutex().address();

    /** What the mutex says to its next acquirer. */
    enum Told {
        /** Nothing: the predecessor released it, or declared the data consistent. */
        NOTHING(0, 0),
        DEATH(GlibcMutexLayout.OWNER_DIED, SOMEBODY),
        /** Of one who was told himself. */
        DEATH_OF_AN_HEIR(GlibcMutexLayout.OWNER_DIED, GlibcMutexLayout.OWNER_INCONSISTENT),
        REBOOT(GlibcMutexLayout.OWNER_DIED, GlibcMutexLayout.OWNER_REBOOTED);

        private final int lock;
        private final int owner;

        Told(int lock, int owner) {
            this.lock = lock;
            this.owner = owner;
        }
    }

    /** As a process uses it that has just opened the region. */
    <T> Guarded<T> guarded(GuardedBlock block, Lender<T> lender, Told told) {
        repair = GuardedLock.repair(block);
        MappedWords words = MappedWords.INSTANCE;
        words.putIntRelease(word + GlibcMutexLayout.COUNT, 0);
        words.putIntRelease(word + GlibcMutexLayout.USERS, told.lock == 0 ? 0 : 1);
        words.putIntRelease(word + GlibcMutexLayout.OWNER, told.owner);
        words.putIntRelease(word + GlibcMutexLayout.LOCK, told.lock);
        return new Guarded<>(new GuardedLock(mutex, block, sequence), block, lender);
    }

    /** That whoever came to his end has left a mutex that is free and sound. */
    void requireFree(String which) {
        assertThat(MappedWords.INSTANCE.getIntPlain(word + GlibcMutexLayout.LOCK))
                .as(which)
                .isZero();
        assertThat(MappedWords.INSTANCE.getIntPlain(word + GlibcMutexLayout.OWNER))
                .as(which)
                .isZero();
    }

    @Override
    public void close() {
        region.close();
        name.close();
    }
}
