/* Experiments with what comes between fork and exec, with exec, and with posix_spawn. Included by experiments.c only. */

enum { PROGRAMS = 20, ANSWER = 7, CANNOT_EXECUTE = 127 };

static void *allocate_for_ever(void *unused) {
    for (;;) {
        free(malloc(1000));
    }
    return unused;
}

static void *hold_stream(void *held) {
    flockfile(stdout);
    open_gate(held);
    pause();
    return NULL;
}

static pid_t READER;

static void *read_time_zone(void *begun) {
    READER = gettid();
    open_gate(begun);
    tzset(); /* opens the pipe that TZ names, and waits there, with the lock of the C library's time zone */
    return NULL;
}

static char PIPE[TEXT];

/* Another thread holds a lock within the C library, for as long as the process lives. */
static void hold_time_zone(void) {
    pthread_t thread;
    char folder[TEXT / 2];
    snprintf(PIPE, sizeof PIPE, ":%s/time-zone-%d", getcwd(folder, sizeof folder) == NULL ? "/tmp" : folder, getpid());
    mkfifo(PIPE + 1, 0600);
    setenv("TZ", PIPE, 1);
    struct gate *begun = new_gate();
    pthread_create(&thread, NULL, read_time_zone, begun);
    await_gate(begun, PATIENCE_MILLIS);
    do {
        sleep_millis(20);
    } while (!is_in_call(READER, SYS_openat));
}

static struct holder *PRIVATE_HOLDER, *ROBUST_HOLDER;

/* Other threads hold, or use without a pause, whatever there is to be held. */
static void hold_everything(void) {
    pthread_t thread;
    struct gate *held = new_gate();
    PRIVATE_HOLDER = held_by_another(new_mutex(PTHREAD_MUTEX_NORMAL, PLAIN));
    ROBUST_HOLDER = held_by_another(new_mutex(PTHREAD_MUTEX_NORMAL, SHARED_MUTEX | ROBUST));
    hold_time_zone();
    pthread_create(&thread, NULL, hold_stream, held);
    await_gate(held, PATIENCE_MILLIS);
    pthread_create(&thread, NULL, allocate_for_ever, NULL);
    pthread_create(&thread, NULL, allocate_for_ever, NULL);
}

static void say_number(int number, const char *name) {
    char text[TEXT];
    snprintf(text, sizeof text, "%d of %d", number, PROGRAMS);
    say(text, "%s", name);
}

static int answered(pid_t child) {
    int status = child < 0 ? -1 : status_of(child);
    return WIFEXITED(status) && WEXITSTATUS(status) == ANSWER;
}

static int is_unharmed(struct holder *holder) {
    if (pthread_mutex_trylock(holder->mutex) != EBUSY) {
        return 0;
    }
    open_gate(holder->may_release);
    return await_gate(holder->released, PATIENCE_MILLIS) && pthread_mutex_trylock(holder->mutex) == 0;
}

static void see_exec(const void *unused) {
    int ran = 0;
    hold_everything();
    for (int i = 0; i < PROGRAMS; i++) {
        pid_t child = fork();
        if (child == 0) {
            execl("/proc/self/exe", "experiments", "quit", "7", (char *)NULL);
            _exit(CANNOT_EXECUTE);
        }
        ran += answered(child);
    }
    say_number(ran, "exec at once, everything held by others");
    say(is_unharmed(PRIVATE_HOLDER) && is_unharmed(ROBUST_HOLDER) ? "unharmed" : "harmed", "the parent's locks after exec in the child");
    unlink(PIPE + 1);
}

/* Only calls of the list of async-signal-safe functions, and then exec. */
static void see_safe_calls(const void *unused) {
    int ran = 0;
    hold_everything();
    for (int i = 0; i < PROGRAMS; i++) {
        pid_t child = fork();
        if (child == 0) {
            struct sigaction ordinary = {.sa_handler = SIG_DFL};
            sigset_t none;
            sigemptyset(&none);
            int file = open("/dev/null", O_RDWR);
            if (file >= 0 && dup2(file, 0) == 0 && write(file, "x", 1) == 1 && sigaction(SIGUSR1, &ordinary, NULL) == 0
                && pthread_sigmask(SIG_SETMASK, &none, NULL) == 0 && close(file) == 0) {
                execl("/proc/self/exe", "experiments", "quit", "7", (char *)NULL);
            }
            _exit(CANNOT_EXECUTE);
        }
        ran += answered(child);
    }
    say_number(ran, "only safe calls, then exec, everything held by others");
    unlink(PIPE + 1);
}

static const char *allocate(void *unused) {
    for (int i = 0; i < 1000; i++) {
        char *volatile memory = malloc(1000);
        free(memory);
    }
    return "works";
}

static const char *print(void *unused) {
    return fprintf(stdout, "# printed by a child\n") > 0 && fflush(stdout) == 0 ? "works" : "fails";
}

static void tell_the_time(char *seen) {
    time_t now = time(NULL);
    struct tm parts;
    localtime(&now);
    snprintf(seen, TEXT, "%s", localtime_r(&now, &parts) != NULL ? "works" : "fails");
}

static void see_unsafe_calls(const void *unused) {
    hold_everything();
    const char *seen = "works";
    for (int i = 0; i < PROGRAMS && strcmp(seen, "works") == 0; i++) {
        seen = said_by_child(allocate, NULL);
    }
    say(seen, "malloc in the child, others in malloc");
    say(said_by_child(print, NULL), "printf in the child, the stream locked by another");
    say(said_in_time(tell_the_time), "localtime in the child, another reads the time zone");
    unlink(PIPE + 1);
}

static const char *create_thread(void *unused) {
    RECREATED = new_gate();
    recreate_thread();
    return is_recreated(NULL);
}

static void see_thread_in_child(const void *unused) {
    held_by_another(new_mutex(PTHREAD_MUTEX_NORMAL, PLAIN));
    say(said_by_child(create_thread, NULL), "thread created in the child");
}

/* The forking thread itself holds, the child executes another program. */
static void see_exec_by_holder(const void *argument) {
    int flags = *(const int *)argument;
    pthread_mutex_t *mutex = new_mutex(PTHREAD_MUTEX_NORMAL, flags);
    pthread_mutex_lock(mutex);
    pid_t child = fork();
    if (child == 0) {
        execl("/proc/self/exe", "experiments", "quit", "7", (char *)NULL);
        _exit(CANNOT_EXECUTE);
    }
    int ran = answered(child);
    int kept = pthread_mutex_trylock(mutex) == EBUSY && pthread_mutex_unlock(mutex) == 0 && pthread_mutex_trylock(mutex) == 0;
    say(!ran ? "does not run" : kept ? "runs, the parent still holds" : "runs, the parent lost it", "exec, the forking thread holds: %s %s",
        (flags & SHARED_MUTEX) != 0 ? "shared" : "private", (flags & ROBUST) != 0 ? "robust" : "plain");
}

static void see_spawn(const void *unused) {
    char *const command[] = {"experiments", "quit", "7", NULL};
    int ran = 0;
    hold_everything();
    for (int i = 0; i < PROGRAMS; i++) {
        pid_t child = -1;
        ran += posix_spawn(&child, "/proc/self/exe", NULL, NULL, command, environ) == 0 && answered(child);
    }
    say_number(ran, "posix_spawn, everything held by others");
    say(is_unharmed(PRIVATE_HOLDER) && is_unharmed(ROBUST_HOLDER) ? "unharmed" : "harmed", "the parent's locks after posix_spawn");
    unlink(PIPE + 1);
}

static void see_errors(const void *unused) {
    char *const command[] = {"no-such-program", NULL};
    pid_t child;
    say(word_of(posix_spawn(&child, "/no-such-folder/no-such-program", NULL, NULL, command, environ)), "missing program, posix_spawn");
    child = fork();
    if (child == 0) {
        execv("/no-such-folder/no-such-program", command);
        _exit(CANNOT_EXECUTE);
    }
    char text[TEXT];
    snprintf(text, sizeof text, "a child that exits with %d", WEXITSTATUS(status_of(child)));
    say(text, "missing program, fork and exec");
}

/* The forking thread is itself inside of the section whose lock a prepare handler takes. */
static void fork_within_section(char *seen) {
    pthread_mutex_lock(&LIBRARY->mutex);
    pid_t child = fork();
    if (child == 0) {
        _exit(0);
    }
    snprintf(seen, TEXT, "%s", status_of(child) == 0 ? "0" : "the child died");
}

static void spawn_within_section(char *seen) {
    char *const command[] = {"experiments", "quit", "0", NULL};
    pid_t child = -1;
    pthread_mutex_lock(&LIBRARY->mutex);
    int result = posix_spawn(&child, "/proc/self/exe", NULL, NULL, command, environ);
    snprintf(seen, TEXT, "%s", result == 0 && status_of(child) == 0 ? "0" : "failed");
}

static void see_fork_within_section(const void *unused) {
    new_library(PTHREAD_MUTEX_NORMAL, PLAIN, 1);
    say(said_in_time(fork_within_section), "fork by a thread that holds what a prepare handler takes");
    say(said_in_time(spawn_within_section), "posix_spawn by a thread that holds what a prepare handler takes");
}

static void programs(void) {
    static const int FLAGS[] = {PLAIN, SHARED_MUTEX, SHARED_MUTEX | ROBUST};
    isolated(see_exec, NULL);
    isolated(see_safe_calls, NULL);
    isolated(see_unsafe_calls, NULL);
    isolated(see_thread_in_child, NULL);
    isolated(see_spawn, NULL);
    isolated(see_errors, NULL);
    isolated(see_fork_within_section, NULL);
    for (int i = 0; i < 3; i++) {
        isolated(see_exec_by_holder, &FLAGS[i]);
    }
    await_all();
}
