/* Experiments with locks that are held while one thread forks: what the child and the parent can do. Included by experiments.c only. */

/* One mutex, one holder, one thing that the child does. */
struct heritage {
    int kind, flags, by_another;
    const char *deed;
};

static const char *DEEDS[] = {"unlock", "relock", "trylock", "relock after the release"};
enum { NUMBER_OF_DEEDS = 4 };

static const char *do_in_child(void *argument) {
    void **arguments = argument;
    pthread_mutex_t *mutex = arguments[0];
    const char *deed = arguments[1];
    if (strcmp(deed, "unlock") == 0) {
        return word_of(pthread_mutex_unlock(mutex));
    }
    return strcmp(deed, "trylock") == 0 ? word_of(pthread_mutex_trylock(mutex)) : next(mutex);
}

/* The child's own words: it waits until the parent has surely released. */
static const char *relock_after_release(void *argument) {
    void **arguments = argument;
    struct gate *released = arguments[2];
    if (!await_gate(released, PATIENCE_MILLIS)) {
        return "the parent did not release";
    }
    return next(arguments[0]);
}

static void say_of(const struct heritage *heritage, const char *deed, const char *value) {
    say(value, "%s %s %s, held by %s: %s", (heritage->flags & SHARED_MUTEX) != 0 ? "shared" : "private",
        (heritage->flags & ROBUST) != 0 ? "robust" : "plain", KINDS[heritage->kind].name,
        heritage->by_another ? "another thread" : "the forking thread", deed);
}

static const char *see_release(pthread_mutex_t *mutex, struct holder *holder) {
    char *shared = new_memory(PAGE, 1);
    struct gate *released = new_gate();
    void *arguments[] = {mutex, NULL, released};
    pid_t child = fork();
    if (child == 0) {
        be_a_child();
        snprintf(shared, PAGE, "%s", relock_after_release(arguments));
        _exit(0);
    }
    if (holder != NULL) {
        open_gate(holder->may_release);
        await_gate(holder->released, PATIENCE_MILLIS);
    } else {
        pthread_mutex_unlock(mutex);
    }
    open_gate(released);
    status_of(child);
    return shared;
}

static void see_heritage(const void *argument) {
    const struct heritage *heritage = argument;
    pthread_mutex_t *mutex = new_mutex(KINDS[heritage->kind].type, heritage->flags);
    struct holder *holder = heritage->by_another ? held_by_another(mutex) : NULL;
    if (holder == NULL) {
        pthread_mutex_lock(mutex);
    }
    if (strcmp(heritage->deed, "relock after the release") == 0) {
        say_of(heritage, heritage->deed, see_release(mutex, holder));
        return;
    }
    void *arguments[] = {mutex, (void *)heritage->deed};
    say_of(heritage, heritage->deed, said_by_child(do_in_child, arguments));
    if (strcmp(heritage->deed, "unlock") == 0) { /* who is harmed? The parent still believes that it holds. */
        arguments[1] = "trylock";
        say_of(heritage, "a third process, after the child's unlock", said_by_child(do_in_child, arguments));
    }
}

/* The child outlives its parent, and is this process's then, or ends by its alarm. */
static void be_an_orphan(pthread_mutex_t *mutex, struct gate *parent_is_dead, char *seen) {
    prctl(PR_SET_PDEATHSIG, 0);
    guard();
    snprintf(seen, PAGE, "%s", await_gate(parent_is_dead, PATIENCE_MILLIS) ? next(mutex) : "the parent was not killed");
    _exit(0);
}

/* A process locks, forks, and is killed: what does its child see? */
static void see_death_after_fork(const void *argument) {
    const struct kind *kind = argument;
    pthread_mutex_t *mutex = new_mutex(kind->type, SHARED_MUTEX | ROBUST);
    char *seen = new_memory(PAGE, 1);
    struct gate *has_forked = new_gate();
    struct gate *is_dead = new_gate();
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    pid_t parent = fork();
    if (parent == 0) {
        be_a_child();
        pthread_mutex_lock(mutex);
        if (fork() == 0) {
            be_an_orphan(mutex, is_dead, seen);
        }
        open_gate(has_forked);
        pause();
        _exit(1);
    }
    await_gate(has_forked, PATIENCE_MILLIS);
    kill(parent, SIGKILL);
    status_of(parent);
    open_gate(is_dead);
    await_all();
    say(seen, "shared robust %s, held by the forking thread: relock after its death", kind->name);
}

static void see_relock_without_fork(const void *unused) {
    pthread_mutex_t *mutex = new_mutex(PTHREAD_MUTEX_RECURSIVE, PLAIN);
    pthread_mutex_lock(mutex);
    say(word_of(pthread_mutex_lock(mutex)), "without a fork, recursive: relock by the same thread");
}

static void fork_locks(void) {
    static struct heritage all[NUMBER_OF_KINDS * NUMBER_OF_DEEDS * 8];
    int number = 0;
    for (int kind = 0; kind < NUMBER_OF_KINDS; kind++) {
        for (int deed = 0; deed < NUMBER_OF_DEEDS; deed++) {
            for (int bits = 0; bits < 8; bits++) {
                all[number] = (struct heritage){kind, bits & (SHARED_MUTEX | ROBUST), (bits & 4) != 0, DEEDS[deed]};
                isolated(see_heritage, &all[number++]);
            }
        }
    }
    for (int kind = 0; kind < NUMBER_OF_KINDS; kind++) {
        isolated(see_death_after_fork, &KINDS[kind]);
    }
    isolated(see_relock_without_fork, NULL);
    await_all();
}

static const char *threads_of_this_process(void *unused) {
    static char line[TEXT];
    FILE *status = fopen("/proc/self/status", "re");
    while (status != NULL && fgets(line, sizeof line, status) != NULL) {
        if (strncmp(line, "Threads:", 8) == 0) {
            snprintf(line, sizeof line, "%d", atoi(line + 8));
            return line;
        }
    }
    return "unknown";
}

static _Thread_local int MINE;

static const char *whose_copy(void *original) {
    return MINE == 7 && pthread_equal(pthread_self(), *(pthread_t *)original) ? "the forking thread" : "another";
}

static void *fork_here(void *unused) {
    pthread_t self = pthread_self();
    MINE = 7;
    say(threads_of_this_process(NULL), "threads in the parent");
    say(said_by_child(threads_of_this_process, NULL), "threads in the child");
    say(said_by_child(whose_copy, &self), "the child's thread is a copy of");
    return NULL;
}

/* The fork is not the main thread's: the child's only thread is the copy of the one that forked. */
static void threads(void) {
    pthread_t forker;
    held_by_another(new_mutex(PTHREAD_MUTEX_NORMAL, PLAIN));
    held_by_another(new_mutex(PTHREAD_MUTEX_NORMAL, PLAIN));
    pthread_create(&forker, NULL, fork_here, NULL);
    pthread_join(forker, NULL);
}
