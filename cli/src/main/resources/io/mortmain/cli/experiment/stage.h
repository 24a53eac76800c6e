/*
 * What the experiments of "mortmain claims" and "mortmain torture" share: isolated processes that all end, mutexes of every kind, and words for what is seen.
 * Included by experiments.c only.
 *
 * An experiment prints lines "NAME=VALUE", each in one write. Every process has an alarm and dies with its parent, so none is left behind.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { GUARD_SECONDS = 40, HANGS_MILLIS = 250, PATIENCE_MILLIS = 20000, PAGE = 4096, TEXT = 256 };
enum { PRIVATE_MUTEX = 0, SHARED_MUTEX = 1, PLAIN = 0, ROBUST = 2 };

struct kind {
    const char *name;
    int type;
};

static const struct kind KINDS[] = {
    {"normal", PTHREAD_MUTEX_NORMAL}, {"recursive", PTHREAD_MUTEX_RECURSIVE}, {"error-checking", PTHREAD_MUTEX_ERRORCHECK}};
enum { NUMBER_OF_KINDS = 3 };

/* One line for whoever reads the experiment. */
__attribute__((format(printf, 2, 3))) static void say(const char *value, const char *name, ...) {
    char line[TEXT];
    va_list values;
    va_start(values, name);
    int length = vsnprintf(line, sizeof line - 2, name, values);
    va_end(values);
    length += snprintf(line + length, sizeof line - (size_t)length, "=%s\n", value);
    if (write(1, line, (size_t)length) < 0) {
        _exit(1);
    }
}

/* What a call of pthread_mutex_... returned. A timed lock that timed out would have waited for ever. */
static const char *word_of(int result) {
    switch (result) {
    case 0: return "0";
    case EPERM: return "EPERM";
    case EBUSY: return "EBUSY";
    case EDEADLK: return "EDEADLK";
    case ETIMEDOUT: return "hangs";
    case EOWNERDEAD: return "told";
    case ENOTRECOVERABLE: return "ENOTRECOVERABLE";
    case ENOENT: return "ENOENT";
    default: return strerror(result);
    }
}

static void guard(void) {
    signal(SIGALRM, SIG_DFL);
    alarm(GUARD_SECONDS);
}

/* In a process just forked: nothing outlives its parent, or the guard. Async-signal-safe. */
static void be_a_child(void) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    guard();
}

/* What a function does in a process of its own cannot spoil the next experiment. */
static pid_t isolated(void (*function)(const void *), const void *argument) {
    pid_t child = fork();
    if (child == 0) {
        be_a_child();
        function(argument);
        _exit(0);
    }
    return child;
}

static int status_of(pid_t child) {
    int status = -1;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    return status;
}

static void await_all(void) {
    while (wait(NULL) > 0 || errno == EINTR) {
    }
}

static void sleep_millis(long millis) {
    struct timespec time = {millis / 1000, millis % 1000 * 1000000};
    nanosleep(&time, NULL);
}

static struct timespec in_millis(long millis) {
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_nsec += millis % 1000 * 1000000;
    until.tv_sec += millis / 1000 + until.tv_nsec / 1000000000;
    until.tv_nsec %= 1000000000;
    return until;
}

static int lock_in(pthread_mutex_t *mutex, long millis) {
    struct timespec until = in_millis(millis);
    return pthread_mutex_timedlock(mutex, &until);
}

/* What the next to lock sees, when nothing is going to happen any more: a lock that can be had is had at the first look. */
static const char *next(pthread_mutex_t *mutex) {
    return word_of(lock_in(mutex, HANGS_MILLIS));
}

static void init_mutex(pthread_mutex_t *mutex, int type, int flags) {
    pthread_mutexattr_t attributes;
    pthread_mutexattr_init(&attributes);
    pthread_mutexattr_settype(&attributes, type);
    pthread_mutexattr_setrobust(&attributes, (flags & ROBUST) != 0 ? PTHREAD_MUTEX_ROBUST : PTHREAD_MUTEX_STALLED);
    pthread_mutexattr_setpshared(&attributes, (flags & SHARED_MUTEX) != 0 ? PTHREAD_PROCESS_SHARED : PTHREAD_PROCESS_PRIVATE);
    pthread_mutex_init(mutex, &attributes);
}

static void *new_memory(size_t size, int shared) {
    return mmap(NULL, size, PROT_READ | PROT_WRITE, (shared ? MAP_SHARED : MAP_PRIVATE) | MAP_ANONYMOUS, -1, 0);
}

/* Private as a program's own variables are, or shared with every process forked from here on. */
static pthread_mutex_t *new_mutex(int type, int flags) {
    pthread_mutex_t *mutex = new_memory(PAGE, (flags & SHARED_MUTEX) != 0);
    init_mutex(mutex, type, flags);
    return mutex;
}

/* Events between threads and between processes. */
struct gate {
    int word;
};

static struct gate *new_gate(void) {
    return new_memory(PAGE, 1);
}

static void open_gate(struct gate *gate) {
    __atomic_store_n(&gate->word, 1, __ATOMIC_SEQ_CST);
    syscall(SYS_futex, &gate->word, FUTEX_WAKE, INT32_MAX, NULL, NULL, 0);
}

/* 0 when the time was over. */
static int await_gate(struct gate *gate, long millis) {
    for (long left = millis; __atomic_load_n(&gate->word, __ATOMIC_SEQ_CST) == 0 && left > 0; left -= 10) {
        struct timespec slice = {0, 10000000};
        syscall(SYS_futex, &gate->word, FUTEX_WAIT, 0, &slice, NULL, 0);
    }
    return __atomic_load_n(&gate->word, __ATOMIC_SEQ_CST);
}

/* A thread that holds a mutex until it may let go. */
struct holder {
    pthread_mutex_t *mutex;
    struct gate *held, *may_release, *released;
    pthread_t thread;
};

static void *hold(void *argument) {
    struct holder *holder = argument;
    pthread_mutex_lock(holder->mutex);
    open_gate(holder->held);
    await_gate(holder->may_release, PATIENCE_MILLIS);
    pthread_mutex_unlock(holder->mutex);
    open_gate(holder->released);
    pause();
    return NULL;
}

static struct holder *held_by_another(pthread_mutex_t *mutex) {
    struct holder *holder = new_memory(PAGE, 0);
    *holder = (struct holder){mutex, new_gate(), new_gate(), new_gate(), 0};
    pthread_create(&holder->thread, NULL, hold, holder);
    await_gate(holder->held, PATIENCE_MILLIS);
    return holder;
}

/* Whether the thread is in this system call. Where that is hidden, time alone has to decide: yes. */
static int is_in_call(pid_t thread, long call) {
    char path[TEXT], text[TEXT] = "";
    snprintf(path, sizeof path, "/proc/%d/syscall", thread);
    FILE *file = fopen(path, "re");
    int seen = file != NULL && fgets(text, sizeof text, file) != NULL;
    if (file != NULL) {
        fclose(file);
    }
    return !seen || strtol(text, NULL, 10) == call;
}

/* Whether its only thread waits for a word of memory that nobody else can change: it will for ever. */
static int hangs(pid_t process) {
    char path[TEXT];
    struct stat threads;
    snprintf(path, sizeof path, "/proc/%d/task", process);
    return stat(path, &threads) == 0 && threads.st_nlink == 3 && is_in_call(process, SYS_futex);
}

/* What a child says of itself that is made by one of the calls that fork. */
static const char *said_by_child_of(pid_t (*fork_call)(void), const char *(*function)(void *), void *argument) {
    static char text[TEXT];
    char *shared = new_memory(PAGE, 1);
    pid_t child = fork_call();
    if (child == 0) {
        be_a_child();
        snprintf(shared, PAGE, "%s", function(argument));
        _exit(0);
    }
    status_of(child);
    snprintf(text, sizeof text, "%s", *shared == 0 ? "the child died" : shared);
    munmap(shared, PAGE);
    return text;
}

static const char *said_by_child(const char *(*function)(void *), void *argument) {
    return said_by_child_of(fork, function, argument);
}
