package io.mortmain;

import io.mortmain.internal.layout.GlibcMutexLayout;

/**
 * What happens when the holder of a mutex locks it again, or tries to. The kind is chosen when the mutex is created and is the same for every
 * process, C programs included ({@code pthread_mutexattr_settype}).
 */
public enum MutexKind {
    /** The thread waits for itself, for ever unless it is interruptible or timed; {@code tryLock} finds it held ({@code PTHREAD_MUTEX_NORMAL}). */
    NORMAL(GlibcMutexLayout.KIND_NORMAL),
    /** An error: {@code LockException} with reason {@code WOULD_DEADLOCK} ({@code PTHREAD_MUTEX_ERRORCHECK}). The default. */
    ERROR_CHECKING(GlibcMutexLayout.KIND_ERROR_CHECKING),
    /** It is counted; as many releases as acquisitions free the mutex ({@code PTHREAD_MUTEX_RECURSIVE}). */
    RECURSIVE(GlibcMutexLayout.KIND_RECURSIVE);

    private final int type;

    MutexKind(int type) {
        this.type = type;
    }

    /** The kind word of a robust, process-shared mutex of this kind. */
    int word() {
        return type | GlibcMutexLayout.KIND_ROBUST | GlibcMutexLayout.KIND_PROCESS_SHARED;
    }

    static MutexKind ofWord(int word) {
        return switch (word & GlibcMutexLayout.KIND_TYPE_MASK) {
            case GlibcMutexLayout.KIND_RECURSIVE -> RECURSIVE;
            case GlibcMutexLayout.KIND_ERROR_CHECKING -> ERROR_CHECKING;
            default -> NORMAL;
        };
    }
}
