/* Experiments with children whose only thread glibc takes for their parent's: of a bare clone, and of vfork. Included by experiments.c only. */

static pid_t bare_clone(void) {
    return (pid_t)syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);
}

/* The child of a bare clone is not known to glibc, which keeps the thread's number in its memory. */
static const char *said_by_bare_clone(pthread_mutex_t *mutex, const char *deed) {
    void *arguments[] = {mutex, (void *)deed};
    return said_by_child_of(bare_clone, do_in_child, arguments);
}

static void see_bare_relock(const void *unused) {
    pthread_mutex_t *mutex = new_mutex(PTHREAD_MUTEX_RECURSIVE, SHARED_MUTEX | ROBUST);
    pthread_mutex_lock(mutex);
    say(said_by_bare_clone(mutex, "relock"), "bare clone, shared robust recursive: relock");
}

static void see_bare_unlock(const void *unused) {
    pthread_mutex_t *mutex = new_mutex(PTHREAD_MUTEX_ERRORCHECK, SHARED_MUTEX | ROBUST);
    void *arguments[] = {mutex, "trylock"};
    pthread_mutex_lock(mutex);
    say(said_by_bare_clone(mutex, "unlock"), "bare clone, shared robust error-checking: unlock");
    say(said_by_child(do_in_child, arguments), "bare clone, shared robust error-checking: a third process, after the child's unlock");
}

/* The child of vfork has the memory of its parent's thread, its number and its list of robust mutexes included. */
static void see_vfork_lock(const void *unused) {
    pthread_mutex_t *mutex = new_mutex(PTHREAD_MUTEX_ERRORCHECK, SHARED_MUTEX | ROBUST);
    void *arguments[] = {mutex, "relock"};
    pid_t child = vfork();
    if (child == 0) {
        pthread_mutex_lock(mutex);
        _exit(0);
    }
    status_of(child);
    say(next(mutex), "vfork, the child locked and ended: its parent locks");
    say(said_by_child(do_in_child, arguments), "vfork, the child locked and ended: a third process locks");
}

static void see_vfork_unlock(const void *unused) {
    pthread_mutex_t *mutex = new_mutex(PTHREAD_MUTEX_ERRORCHECK, SHARED_MUTEX | ROBUST);
    void *arguments[] = {mutex, "trylock"};
    pthread_mutex_lock(mutex);
    pid_t child = vfork();
    if (child == 0) {
        pthread_mutex_unlock(mutex);
        _exit(0);
    }
    status_of(child);
    say(said_by_child(do_in_child, arguments), "vfork, the child unlocks what its parent holds: a third process");
}

static void identities(void) {
    isolated(see_bare_relock, NULL);
    isolated(see_bare_unlock, NULL);
    isolated(see_vfork_lock, NULL);
    isolated(see_vfork_unlock, NULL);
    await_all();
}
