/* Experiments with pthread_atfork: order, context, the recipe, and what it does not cure. Included by experiments.c only. */

static char CALLS[TEXT];
static pthread_t FORKER;
static int FORK_RETURNED;

static void note(char call, int before) {
    size_t length = strlen(CALLS);
    int right = pthread_equal(pthread_self(), FORKER) && (before || !FORK_RETURNED);
    CALLS[length] = right ? call : '?';
    CALLS[length + 1] = 0;
}

static void prepare_a(void) { note('a', 1); }
static void prepare_b(void) { note('b', 1); }
static void prepare_c(void) { note('c', 1); }
static void parent_a(void) { note('A', 0); }
static void parent_b(void) { note('B', 0); }
static void parent_c(void) { note('C', 0); }
static void child_a(void) { note('1', 0); }
static void child_b(void) { note('2', 0); }
static void child_c(void) { note('3', 0); }

static void *fork_and_look(void *unused) {
    FORKER = pthread_self();
    char *shared = new_memory(PAGE, 1);
    pid_t child = fork();
    FORK_RETURNED = 1;
    if (child == 0) {
        be_a_child();
        snprintf(shared, PAGE, "%s", CALLS);
        _exit(0);
    }
    status_of(child);
    say(CALLS, "calls in the parent");
    say(shared, "calls in the child");
    return NULL;
}

/* Handlers note a question mark when they are called in another thread than the forking one, or after fork returned. */
static void see_order(const void *unused) {
    pthread_t thread;
    pthread_atfork(prepare_a, parent_a, child_a);
    pthread_atfork(prepare_b, parent_b, child_b);
    pthread_atfork(prepare_c, parent_c, child_c);
    pthread_create(&thread, NULL, fork_and_look, NULL);
    pthread_join(thread, NULL);
}

/* A library with one lock, and handlers after the recipe. What they saw is kept where parent and child can read it. */
struct library {
    pthread_mutex_t mutex;
    int first, second; /* equal outside of the critical section */
    int prepared, in_parent, in_child, calls;
};

static struct library *LIBRARY;

static struct gate *INSIDE, *MAY_LEAVE;

static void take_lock(void) {
    LIBRARY->calls++;
    if (MAY_LEAVE != NULL) {
        open_gate(MAY_LEAVE);
    }
    LIBRARY->prepared = pthread_mutex_lock(&LIBRARY->mutex);
}

static void release_in_parent(void) {
    LIBRARY->in_parent = pthread_mutex_unlock(&LIBRARY->mutex);
}

static int *IN_CHILD;

static void release_in_child(void) {
    *IN_CHILD = pthread_mutex_unlock(&LIBRARY->mutex);
}

static struct library *new_library(int type, int flags, int with_handlers) {
    LIBRARY = new_memory(PAGE, 0);
    IN_CHILD = new_memory(PAGE, 1);
    init_mutex(&LIBRARY->mutex, type, flags);
    if (with_handlers) {
        pthread_atfork(take_lock, release_in_parent, release_in_child);
    }
    return LIBRARY;
}

static const char *use_library(void *unused) {
    const char *result = next(&LIBRARY->mutex);
    return strcmp(result, "0") != 0 ? result : LIBRARY->first == LIBRARY->second ? "0" : "half changed";
}

static const char *torn(void *unused) {
    return LIBRARY->first == LIBRARY->second ? "whole" : "half changed";
}

struct recipe {
    int kind, flags;
};

static void see_recipe(const void *argument) {
    const struct recipe *recipe = argument;
    const char *robust = (recipe->flags & ROBUST) != 0 ? "robust" : "plain", *kind = KINDS[recipe->kind].name;
    new_library(KINDS[recipe->kind].type, recipe->flags, 1);
    const char *used = said_by_child(use_library, NULL);
    say(word_of(LIBRARY->prepared), "%s %s: lock in prepare", robust, kind);
    say(word_of(LIBRARY->in_parent), "%s %s: unlock in parent", robust, kind);
    say(word_of(*IN_CHILD), "%s %s: unlock in child", robust, kind);
    say(used, "%s %s: use in child", robust, kind);
}

/* Stays between its two stores, with the lock, until a prepare handler is about to wait for it. */
static void *change_slowly(void *unused) {
    pthread_mutex_lock(&LIBRARY->mutex);
    LIBRARY->first++;
    open_gate(INSIDE);
    await_gate(MAY_LEAVE, PATIENCE_MILLIS);
    LIBRARY->second++;
    pthread_mutex_unlock(&LIBRARY->mutex);
    pause();
    return NULL;
}

static void begin_change(void) {
    pthread_t thread;
    INSIDE = new_gate();
    MAY_LEAVE = new_gate();
    pthread_create(&thread, NULL, change_slowly, NULL);
    await_gate(INSIDE, PATIENCE_MILLIS);
}

static void see_section_with_handlers(const void *unused) {
    new_library(PTHREAD_MUTEX_NORMAL, PLAIN, 1);
    begin_change();
    say(said_by_child(torn, NULL), "fork with handlers, another thread in the section: data");
    say(said_by_child(use_library, NULL), "fork with handlers, another thread in the section: use in child");
}

static void see_section_without_handlers(const void *unused) {
    new_library(PTHREAD_MUTEX_NORMAL, PLAIN, 0);
    begin_change();
    say(said_by_child(torn, NULL), "fork without handlers, another thread in the section: data");
    say(said_by_child(use_library, NULL), "fork without handlers, another thread in the section: use in child");
}

/* As said_by_child, but by the call that runs no handlers. */
static const char *said_by_child_of_Fork(const char *(*function)(void *)) {
    pid_t (*call)(void) = (pid_t(*)(void))dlsym(RTLD_DEFAULT, "_Fork");
    return call == NULL ? "not tried: this C library has no _Fork; glibc has it from 2.34" : said_by_child_of(call, function, NULL);
}

static void see_section_and_Fork(const void *unused) {
    new_library(PTHREAD_MUTEX_NORMAL, PLAIN, 1);
    begin_change();
    say(said_by_child_of_Fork(torn), "_Fork with handlers, another thread in the section: data");
    say(said_by_child_of_Fork(use_library), "_Fork with handlers, another thread in the section: use in child");
    say(LIBRARY->calls == 0 ? "not run" : "run", "handlers at _Fork");
}

static void see_calls_without_handlers(const void *unused) {
    char *const command[] = {"experiments", "quit", "0", NULL};
    pid_t child;
    new_library(PTHREAD_MUTEX_NORMAL, PLAIN, 1);
    posix_spawn(&child, "/proc/self/exe", NULL, NULL, command, environ);
    status_of(child);
    say(LIBRARY->calls == 0 ? "not run" : "run", "handlers at posix_spawn");
    child = vfork();
    if (child == 0) {
        _exit(0);
    }
    status_of(child);
    say(LIBRARY->calls == 0 ? "not run" : "run", "handlers at vfork");
    child = fork();
    if (child == 0) {
        _exit(0);
    }
    status_of(child);
    say(LIBRARY->calls == 1 ? "run" : "not run", "handlers at fork");
}

static void *run(void *gate) {
    open_gate(gate);
    return NULL;
}

static struct gate *RECREATED;

static void recreate_thread(void) {
    pthread_t thread;
    if (pthread_create(&thread, NULL, run, RECREATED) == 0) {
        pthread_join(thread, NULL);
    }
}

static const char *is_recreated(void *unused) {
    return await_gate(RECREATED, HANGS_MILLIS) ? "runs" : "does not run";
}

static void see_recreated_thread(const void *unused) {
    RECREATED = new_gate();
    pthread_atfork(NULL, NULL, recreate_thread);
    held_by_another(new_mutex(PTHREAD_MUTEX_NORMAL, PLAIN));
    say(said_by_child(is_recreated, NULL), "thread created by a child handler");
}

/* The lock by hand, around fork, in a program that is no library and uses no handlers. */
static void see_lock_by_hand(const void *argument) {
    int kind = *(const int *)argument;
    struct library *own = new_library(KINDS[kind].type, PLAIN, 0);
    pthread_mutex_lock(&own->mutex);
    void *arguments[] = {&own->mutex, "unlock"};
    say(said_by_child(do_in_child, arguments), "by hand, %s: unlock in child", KINDS[kind].name);
    say(word_of(pthread_mutex_unlock(&own->mutex)), "by hand, %s: unlock in parent", KINDS[kind].name);
}

static void handlers(void) {
    static struct recipe recipes[2 * NUMBER_OF_KINDS];
    static const int INDEXES[] = {0, 1, 2};
    for (int i = 0; i < 2 * NUMBER_OF_KINDS; i++) {
        recipes[i] = (struct recipe){i / 2, i % 2 == 0 ? PLAIN : ROBUST};
        isolated(see_recipe, &recipes[i]);
    }
    for (int i = 0; i < NUMBER_OF_KINDS; i++) {
        isolated(see_lock_by_hand, &INDEXES[i]);
    }
    isolated(see_order, NULL);
    isolated(see_section_with_handlers, NULL);
    isolated(see_section_without_handlers, NULL);
    isolated(see_section_and_Fork, NULL);
    isolated(see_calls_without_handlers, NULL);
    isolated(see_recreated_thread, NULL);
    await_all();
}
