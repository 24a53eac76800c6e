/* Experiments with fork in a signal handler. Included by experiments.c only. */

/* What a process says that may hang, and is killed then. */
static const char *said_in_time(void (*function)(char *)) {
    char *shared = new_memory(PAGE, 1);
    struct gate *ended = new_gate();
    pid_t child = fork();
    if (child == 0) {
        be_a_child();
        function(shared);
        open_gate(ended);
        _exit(0);
    }
    while (!await_gate(ended, HANGS_MILLIS) && !hangs(child)) {
    }
    kill(child, SIGKILL);
    status_of(child);
    return *shared == 0 ? "hangs" : shared;
}

static pid_t (*FORK_CALL)(void);
static char *SEEN;

static void fork_in_handler(int signal) {
    pid_t child = FORK_CALL();
    if (child == 0) {
        _exit(0);
    }
    snprintf(SEEN, TEXT, "%s", status_of(child) == 0 ? "0" : "the child died");
}

/* The signal meets the thread inside of the library's critical section, whose lock the prepare handler takes. */
static void interrupt_section(char *seen) {
    SEEN = seen;
    new_library(PTHREAD_MUTEX_NORMAL, PLAIN, 1);
    signal(SIGUSR1, fork_in_handler);
    pthread_mutex_lock(&LIBRARY->mutex);
    raise(SIGUSR1);
    pthread_mutex_unlock(&LIBRARY->mutex);
}

static void interrupt_ordinary_code(char *seen) {
    SEEN = seen;
    new_library(PTHREAD_MUTEX_NORMAL, PLAIN, 1);
    signal(SIGUSR1, fork_in_handler);
    raise(SIGUSR1);
}

static void see_signals(const void *unused) {
    FORK_CALL = fork;
    say(said_in_time(interrupt_ordinary_code), "fork in a handler that interrupts ordinary code");
    say(said_in_time(interrupt_section), "fork in a handler that interrupts a holder");
    FORK_CALL = (pid_t(*)(void))dlsym(RTLD_DEFAULT, "_Fork");
    say(FORK_CALL == NULL ? "not tried: this C library has no _Fork; glibc has it from 2.34" : said_in_time(interrupt_section),
        "_Fork in a handler that interrupts a holder");
}

/* Inside of the section, after the handler has returned: does its thread still have the lock? */
static void *another_tries(void *unused) {
    return (void *)word_of(pthread_mutex_trylock(&LIBRARY->mutex));
}

static int LIBRARY_KIND;

static void interrupt_and_look(char *seen) {
    pthread_t thread;
    void *result;
    SEEN = seen + TEXT;
    new_library(LIBRARY_KIND, PLAIN, 1);
    signal(SIGUSR1, fork_in_handler);
    pthread_mutex_lock(&LIBRARY->mutex);
    raise(SIGUSR1);
    pthread_create(&thread, NULL, another_tries, NULL);
    pthread_join(thread, &result);
    snprintf(seen, TEXT, "lock in prepare %s, unlock in child %s, another thread then %s", word_of(LIBRARY->prepared), word_of(*IN_CHILD),
             strcmp(result, "0") == 0 ? "gets in" : "is kept out");
}

static void see_handlers_of_kind(const void *argument) {
    int kind = *(const int *)argument;
    FORK_CALL = fork;
    LIBRARY_KIND = KINDS[kind].type;
    say(said_in_time(interrupt_and_look), "handlers with %s mutex, fork in a handler that interrupts a holder", KINDS[kind].name);
}

static void signals(void) {
    static const int INDEXES[] = {0, 1, 2};
    isolated(see_signals, NULL);
    for (int i = 0; i < NUMBER_OF_KINDS; i++) {
        isolated(see_handlers_of_kind, &INDEXES[i]);
    }
    await_all();
}
