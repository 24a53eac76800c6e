package io.mortmain.internal.lock;

import io.mortmain.internal.layout.GlibcMutexLayout;
import java.nio.ByteBuffer;

/** What a reboot does to a mutex that is in a file: nobody who used it lives, and its bytes may be of different moments. */
public final class RebootMark {
    private RebootMark() {}

    /**
     * Marks the mutex as its holder's death would have, though it may have been free; one that was not recoverable stays so, and one that
     * was never made stays untouched.
     *
     * @param locks little-endian
     * @param mutex where it begins there
     */
    public static void mark(ByteBuffer locks, int mutex) {
        if (locks.getInt(mutex + GlibcMutexLayout.KIND) == 0) {
            return;
        }
        boolean lost = locks.getInt(mutex + GlibcMutexLayout.OWNER) == GlibcMutexLayout.OWNER_NOT_RECOVERABLE;
        locks.putInt(mutex + GlibcMutexLayout.LOCK, lost ? 0 : GlibcMutexLayout.OWNER_DIED);
        locks.putInt(
                mutex + GlibcMutexLayout.OWNER,
                lost ? GlibcMutexLayout.OWNER_NOT_RECOVERABLE : GlibcMutexLayout.OWNER_REBOOTED);
        locks.putInt(mutex + GlibcMutexLayout.COUNT, 0);
        locks.putInt(mutex + GlibcMutexLayout.USERS, lost ? 0 : 1); // the dead one's: its heir does not count itself
        locks.putLong(mutex + GlibcMutexLayout.PREVIOUS, 0);
        locks.putLong(mutex + GlibcMutexLayout.NODE, 0);
    }
}
