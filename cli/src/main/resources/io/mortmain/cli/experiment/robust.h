/* Experiments with robust mutexes and the list that the kernel walks. Included by experiments.c only. */

/* A mutex in a file that each process maps for itself, as unrelated programs do. */
struct scene {
    int file;
    int type, flags;
    const char *name;
    void (*fault)(struct scene *);
    pthread_mutex_t *mutex;
};

static pthread_mutex_t *map_at(const struct scene *scene, int page, void *address) {
    int fixed = address != NULL ? MAP_FIXED : 0;
    return mmap(address, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | fixed, scene->file, (off_t)page * PAGE);
}

static pthread_mutex_t *map(const struct scene *scene, int page) {
    return map_at(scene, page, NULL);
}

static void new_file(struct scene *scene, int pages) {
    scene->file = memfd_create("claims", MFD_CLOEXEC);
    if (ftruncate(scene->file, (off_t)pages * PAGE) != 0) {
        _exit(1);
    }
    for (int page = 0; page < pages; page++) {
        pthread_mutex_t *mutex = map(scene, page);
        init_mutex(mutex, scene->type, scene->flags);
        munmap(mutex, PAGE);
    }
}

static void be_killed(struct scene *scene) {
    kill(getpid(), SIGKILL);
    pause();
}

static void crash(struct scene *scene) {
    raise(SIGSEGV);
}

static void leave(struct scene *scene) {
    exit(0);
}

static void unmap_and_be_killed(struct scene *scene) {
    munmap(scene->mutex, PAGE);
    be_killed(scene);
}

/* Steps 6 and 7 of the text's program, and its end. */
static void unmap_close_and_leave(struct scene *scene) {
    munmap(scene->mutex, PAGE);
    close(scene->file);
    exit(0);
}

static void close_and_leave(struct scene *scene) {
    close(scene->file);
    exit(0);
}

static void unmap_map_again_and_leave(struct scene *scene) {
    munmap(scene->mutex, PAGE);
    map_at(scene, 0, scene->mutex);
    exit(0);
}

static void map_elsewhere_and_leave(struct scene *scene) {
    map(scene, 0);
    munmap(scene->mutex, PAGE);
    exit(0);
}

static void protect_and_be_killed(struct scene *scene) {
    mprotect(scene->mutex, PAGE, PROT_READ);
    be_killed(scene);
}

static void exec_idle(void) {
    execl("/proc/self/exe", "experiments", "quit", "0", (char *)NULL);
}

static void exec(struct scene *scene) {
    exec_idle();
}

static void *lock_and_exec(void *mutex) {
    pthread_mutex_lock(mutex);
    exec_idle();
    return NULL;
}

/* By a thread that is not the main one, and holds. */
static void exec_by_another_thread(struct scene *scene) {
    pthread_t ignored;
    pthread_mutex_unlock(scene->mutex);
    pthread_create(&ignored, NULL, lock_and_exec, scene->mutex);
    pause();
}

static void *unmap_in_thread(void *argument) {
    unmap_and_be_killed(argument);
    return NULL;
}

/* The holder has forgotten nothing: it is in its section, and others of its process clean up. */
static void another_thread_unmaps(struct scene *scene) {
    pthread_t ignored;
    pthread_create(&ignored, NULL, unmap_in_thread, scene);
    pause();
}

static void lock_and_fail(struct scene *scene) {
    pid_t child = fork();
    if (child == 0) {
        be_a_child();
        scene->mutex = map(scene, 0);
        pthread_mutex_lock(scene->mutex);
        scene->fault(scene);
        _exit(0);
    }
    status_of(child);
}

static void see_a_death(const void *argument) {
    struct scene scene = *(const struct scene *)argument;
    new_file(&scene, 1);
    lock_and_fail(&scene);
    say(next(map(&scene, 0)), "%s", scene.name);
}

static const struct scene DEATHS[] = {
    {0, PTHREAD_MUTEX_NORMAL, SHARED_MUTEX | ROBUST, "killed, normal", be_killed},
    {0, PTHREAD_MUTEX_RECURSIVE, SHARED_MUTEX | ROBUST, "killed, recursive", be_killed},
    {0, PTHREAD_MUTEX_ERRORCHECK, SHARED_MUTEX | ROBUST, "killed, error-checking", be_killed},
    {0, PTHREAD_MUTEX_NORMAL, SHARED_MUTEX | ROBUST, "crashed", crash},
    {0, PTHREAD_MUTEX_NORMAL, SHARED_MUTEX | ROBUST, "exited", leave},
    {0, PTHREAD_MUTEX_NORMAL, SHARED_MUTEX, "not robust, killed", be_killed},
    {0, PTHREAD_MUTEX_NORMAL, SHARED_MUTEX | ROBUST, "unmapped, killed", unmap_and_be_killed},
    {0, PTHREAD_MUTEX_NORMAL, SHARED_MUTEX | ROBUST, "unmapped, closed, exited", unmap_close_and_leave},
    {0, PTHREAD_MUTEX_NORMAL, SHARED_MUTEX | ROBUST, "closed, exited", close_and_leave},
    {0, PTHREAD_MUTEX_NORMAL, SHARED_MUTEX | ROBUST, "mapped again at the address, exited", unmap_map_again_and_leave},
    {0, PTHREAD_MUTEX_NORMAL, SHARED_MUTEX | ROBUST, "mapped elsewhere, exited", map_elsewhere_and_leave},
    {0, PTHREAD_MUTEX_NORMAL, SHARED_MUTEX | ROBUST, "read-only, killed", protect_and_be_killed},
    {0, PTHREAD_MUTEX_NORMAL, SHARED_MUTEX | ROBUST, "exec by the main thread", exec},
    {0, PTHREAD_MUTEX_NORMAL, SHARED_MUTEX | ROBUST, "exec by a holder that is not the main thread", exec_by_another_thread},
    {0, PTHREAD_MUTEX_NORMAL, SHARED_MUTEX | ROBUST, "another thread unmapped, killed", another_thread_unmaps},
};

static void *lock_and_end(void *mutex) {
    pthread_mutex_lock(mutex);
    return NULL;
}

static void see_a_thread_end(const void *unused) {
    pthread_t thread;
    pthread_mutex_t *mutex = new_mutex(PTHREAD_MUTEX_NORMAL, ROBUST);
    pthread_create(&thread, NULL, lock_and_end, mutex);
    pthread_join(thread, NULL);
    /* The thread can be joined just before the kernel marks the mutex. */
    say(word_of(lock_in(mutex, PATIENCE_MILLIS)), "thread ended");
}

/* Told, and then repaired or not. */
static void see_what_repair_does(const void *consistent) {
    struct scene scene = {0, PTHREAD_MUTEX_NORMAL, SHARED_MUTEX | ROBUST, "", be_killed};
    new_file(&scene, 1);
    lock_and_fail(&scene);
    pthread_mutex_t *mutex = map(&scene, 0);
    pthread_mutex_lock(mutex);
    if (consistent != NULL) {
        pthread_mutex_consistent(mutex);
    }
    pthread_mutex_unlock(mutex);
    say(next(mutex), "%s", consistent != NULL ? "declared consistent" : "given up");
}

/* A lock taken earlier, in memory that stays mapped, and a later one in memory that does not. */
static void see_an_older_lock(const void *unused) {
    struct scene scene = {0, PTHREAD_MUTEX_NORMAL, SHARED_MUTEX | ROBUST};
    new_file(&scene, 2);
    pid_t child = fork();
    if (child == 0) {
        be_a_child();
        pthread_mutex_lock(map(&scene, 0));
        pthread_mutex_t *later = map(&scene, 1);
        pthread_mutex_lock(later);
        munmap(later, PAGE);
        _exit(0);
    }
    status_of(child);
    say(next(map(&scene, 0)), "older lock");
}

/* How many of the mutexes that one thread held are marked after its death. */
static void see_many(const void *argument) {
    int number = *(const int *)argument, marked = 0;
    pthread_mutex_t *mutexes = new_memory((size_t)number * sizeof *mutexes, 1);
    for (int i = 0; i < number; i++) {
        init_mutex(&mutexes[i], PTHREAD_MUTEX_NORMAL, SHARED_MUTEX | ROBUST);
    }
    pid_t child = fork();
    if (child == 0) {
        be_a_child();
        for (int i = 0; i < number; i++) {
            pthread_mutex_lock(&mutexes[i]);
        }
        _exit(0);
    }
    status_of(child);
    for (int i = 0; i < number; i++) {
        marked += pthread_mutex_trylock(&mutexes[i]) == EOWNERDEAD;
    }
    char text[TEXT];
    snprintf(text, sizeof text, "%d marked", marked);
    say(text, "%d held", number);
}

static struct robust_list_head *list_of(pid_t thread) {
    struct robust_list_head *head = NULL;
    size_t size;
    syscall(SYS_get_robust_list, thread, &head, &size);
    return head;
}

static int entries(const struct robust_list_head *head) {
    int number = 0;
    for (const struct robust_list *entry = head->list.next; entry != &head->list && number < 100; entry = entry->next) {
        number++;
    }
    return number;
}

static void say_entries(const char *name, const struct robust_list_head *head) {
    char text[TEXT];
    snprintf(text, sizeof text, "%d", entries(head));
    say(text, "list, %s", name);
}

static void *say_own_list(void *unused) {
    say_entries("of another thread", list_of(0));
    return NULL;
}

static void see_the_list(const void *unused) {
    pthread_t another;
    struct robust_list_head *head = list_of(0);
    pthread_mutex_t *robust = new_mutex(PTHREAD_MUTEX_NORMAL, ROBUST), *second = new_mutex(PTHREAD_MUTEX_NORMAL, ROBUST);
    say_entries("nothing held", head);
    pthread_mutex_lock(new_mutex(PTHREAD_MUTEX_NORMAL, PLAIN));
    say_entries("a plain mutex held", head);
    pthread_mutex_lock(robust);
    pthread_mutex_lock(second);
    say_entries("two robust mutexes held", head);
    pthread_create(&another, NULL, say_own_list, NULL);
    pthread_join(another, NULL);
    ptrdiff_t distance = (char *)head - (char *)pthread_self();
    say(distance > 0 && distance < PAGE ? "in the thread's own memory" : "elsewhere", "list head");
    char *first = (char *)head->list.next;
    say(first > (char *)second && first < (char *)(second + 1) ? "in the mutex" : "elsewhere", "list entry");
    pthread_mutex_unlock(second);
    say_entries("one unlocked", head);
}

/* Taken, but not yet on the list: a thread that dies in the middle of pthread_mutex_lock. */
static void *die_before_it_is_linked(void *argument) {
    pthread_mutex_t *mutex = argument;
    struct robust_list_head *head = list_of(0);
    head->list_op_pending = (struct robust_list *)(void *)((char *)mutex - head->futex_offset);
    *(int *)(void *)mutex = gettid();
    syscall(SYS_exit, 0);
    return NULL;
}

static void see_the_pending_word(const void *unused) {
    pthread_t thread;
    pthread_mutex_t *mutex = new_mutex(PTHREAD_MUTEX_NORMAL, ROBUST);
    pthread_create(&thread, NULL, die_before_it_is_linked, mutex);
    pthread_join(thread, NULL);
    say(word_of(lock_in(mutex, PATIENCE_MILLIS)), "died in the middle of locking");
}

struct sleeper {
    const char *name;
    int flags;
    long patience;
};

/* A waiter of another process, and an unlock: does it wake the waiter? */
static void see_a_wake_up(const void *argument) {
    const struct sleeper *sleeper = argument;
    pthread_mutex_t *mutex = new_memory(PAGE, 1);
    init_mutex(mutex, PTHREAD_MUTEX_NORMAL, sleeper->flags);
    pthread_mutex_lock(mutex);
    pid_t child = fork();
    if (child == 0) {
        be_a_child();
        say(word_of(lock_in(mutex, sleeper->patience)), "waiter in another process, %s", sleeper->name);
        _exit(0);
    }
    unsigned announced = (sleeper->flags & ROBUST) != 0 ? FUTEX_WAITERS : 2;
    while ((*(volatile unsigned *)(void *)mutex & announced) == 0) { /* until it has said that it will sleep */
        sleep_millis(1);
    }
    sleep_millis(50);
    pthread_mutex_unlock(mutex);
    status_of(child);
}

static void robust(void) {
    static const int NUMBERS[] = {3, 2048, 2100};
    static const struct sleeper SLEEPERS[] = {
        {"process-shared", SHARED_MUTEX, PATIENCE_MILLIS}, {"not process-shared", 0, 2 * HANGS_MILLIS}, {"robust only", ROBUST, PATIENCE_MILLIS}};
    for (size_t i = 0; i < sizeof DEATHS / sizeof DEATHS[0]; i++) {
        isolated(see_a_death, &DEATHS[i]);
    }
    for (int i = 0; i < 3; i++) {
        isolated(see_many, &NUMBERS[i]);
        isolated(see_a_wake_up, &SLEEPERS[i]);
    }
    isolated(see_a_thread_end, NULL);
    isolated(see_what_repair_does, NULL);
    isolated(see_what_repair_does, "consistent");
    isolated(see_an_older_lock, NULL);
    isolated(see_the_list, NULL);
    isolated(see_the_pending_word, NULL);
    await_all();
}

static void *unmap_place(void *argument) {
    munmap(argument, PAGE);
    return NULL;
}

/* A holder for the Java side: locks the mutex at the offset of a file, a page at most, and ends in the way named. */
static int hold_and_fail(const char *path, long offset, const char *how) {
    pthread_t thread;
    int file = open(path, O_RDWR | O_CLOEXEC);
    long start = offset / PAGE * PAGE;
    char *memory = file < 0 ? MAP_FAILED : mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, file, start);
    pthread_mutex_t *mutex = (pthread_mutex_t *)(void *)(memory + offset - start);
    if (memory == MAP_FAILED || pthread_mutex_lock(mutex) != 0) {
        return 1;
    }
    if (strcmp(how, "unmap") == 0) {
        munmap(memory, PAGE);
    } else if (strcmp(how, "unmap-by-another") == 0) {
        pthread_create(&thread, NULL, unmap_place, memory);
        pthread_join(thread, NULL);
    } else if (strcmp(how, "older") == 0) {
        pthread_mutex_t *later = new_mutex(PTHREAD_MUTEX_NORMAL, SHARED_MUTEX | ROBUST);
        pthread_mutex_lock(later);
        munmap(later, PAGE);
    } else if (strcmp(how, "exec") == 0) {
        exec_by_another_thread(&(struct scene){.mutex = mutex});
    }
    return 0;
}
