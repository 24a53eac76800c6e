/*
 * The C hand of "mortmain torture": does on order, with plain POSIX and Linux calls, what programs do to mutexes, to the memory that they
 * are in, and to themselves. HandMain.java is its fellow in Java.
 *
 * An order is a line on standard input, "THREAD VERB ARGUMENTS". THREAD is m for the main thread, or the number of another, started at its
 * first order. Each order is answered, when it was done, by a line "THREAD ANSWER"; an order that ends the thread is not answered. When
 * standard input ends, so does the hand.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "hand_faults.h"
#include "hand_guarded.h"
#include "outlive.h"
#include "mortmain.h"

enum { THREADS = 16, PLACES = 64, LINE = 512, WORDS = 8, ORPHANED = 4 };

struct place {
    char *file, *mutex;
    size_t size, offset;
};

static struct place places[PLACES];
static int orders[THREADS][2];
static char *self;

static int64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * INT64_C(1000000000) + time.tv_nsec;
}

__attribute__((format(printf, 2, 3))) static void answer(int thread, const char *format, ...) {
    char line[LINE];
    va_list values;
    int start = thread == 0 ? snprintf(line, sizeof line, "m ") : snprintf(line, sizeof line, "%d ", thread);
    va_start(values, format);
    int length = start + vsnprintf(line + start, sizeof line - (size_t)start - 1, format, values);
    va_end(values);
    length = length > LINE - 2 ? LINE - 2 : length;
    line[length] = '\n';
    if (write(1, line, (size_t)length + 1) < 0) {
        _exit(ORPHANED);
    }
}

static pthread_mutex_t *mutex_of(const struct place *place) {
    return (pthread_mutex_t *)(void *)place->mutex;
}

static int map(struct place *place, const char *path, size_t offset, int flags) {
    struct stat status;
    int file = open(path, O_RDWR | O_CLOEXEC);
    if (file < 0 || fstat(file, &status) != 0) {
        return errno;
    }
    place->size = (size_t)status.st_size;
    place->file = mmap(NULL, place->size, PROT_READ | PROT_WRITE, flags, file, 0);
    close(file);
    place->offset = offset;
    place->mutex = place->file + offset;
    return place->file == MAP_FAILED ? errno : 0;
}

static int init_with(pthread_mutex_t *mutex, int type, int protocol) {
    pthread_mutexattr_t attributes;
    pthread_mutexattr_init(&attributes);
    pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
    pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
    pthread_mutexattr_settype(&attributes, type);
    pthread_mutexattr_setprotocol(&attributes, protocol);
    return pthread_mutex_init(mutex, &attributes);
}

static int init(pthread_mutex_t *mutex, int type) {
    return init_with(mutex, type, PTHREAD_PRIO_NONE);
}

static int lock_in(pthread_mutex_t *mutex, long millis) {
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += millis / 1000;
    until.tv_nsec += millis % 1000 * 1000000;
    until.tv_sec += until.tv_nsec / 1000000000;
    until.tv_nsec %= 1000000000;
    return pthread_mutex_timedlock(mutex, &until);
}

/* What is done to the memory that a held mutex is in. */
static int spoil(const struct place *place, const char *how) {
    if (strcmp(how, "unmap") == 0) {
        return error_of(munmap(place->file, place->size));
    }
    if (strcmp(how, "read-only") == 0) {
        return error_of(mprotect(place->file, place->size, PROT_READ));
    }
    if (strcmp(how, "no-access") == 0) {
        return error_of(mprotect(place->file, place->size, PROT_NONE));
    }
    if (strcmp(how, "move") == 0) {
        char *to = mmap(NULL, place->size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        return mremap(place->file, place->size, place->size, MREMAP_MAYMOVE | MREMAP_FIXED, to) == MAP_FAILED ? errno : 0;
    }
    if (strcmp(how, "cover") == 0) {
        return mmap(place->file, place->size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == MAP_FAILED
            ? errno
            : 0;
    }
    return EINVAL;
}

/* What glibc and the kernel make of a death at every instruction: how often free, told, lost. */
static void kill_at_every_step(int thread, pthread_mutex_t *mutex, int unlocks) {
    int free = 0, told = 0, lost = 0, steps = 0;
    for (int through = 0; !through && steps < 2000; steps++) {
        init(mutex, PTHREAD_MUTEX_ERRORCHECK);
        through = kill_at_step(mutex, unlocks, steps);
        int result = pthread_mutex_trylock(mutex);
        free += result == 0;
        told += result == EOWNERDEAD;
        lost += result != 0 && result != EOWNERDEAD;
        if (result == EOWNERDEAD) {
            pthread_mutex_consistent(mutex);
        }
        if (result == 0 || result == EOWNERDEAD) {
            pthread_mutex_unlock(mutex);
        }
    }
    answer(thread, "0 %d %d %d %d", steps, free, told, lost);
}

static int adopt_private(const char *path, char *reason, int size) {
    mortmain_region region;
    mortmain_error error;
    struct stat status;
    int file = open(path, O_RDWR | O_CLOEXEC);
    if (file < 0 || fstat(file, &status) != 0) {
        return errno;
    }
    void *base = mmap(NULL, (size_t)status.st_size, PROT_READ | PROT_WRITE, MAP_PRIVATE, file, 0);
    int refused = mortmain_adopt(&region, file, base, (size_t)status.st_size, 0, &error) != 0;
    snprintf(reason, (size_t)size, "%.*s", size - 1, refused ? error.text : "");
    close(file);
    return refused ? EPERM : 0;
}

static int punch(const char *path, long offset, long size) {
    int file = open(path, O_RDWR | O_CLOEXEC);
    int result = file < 0 ? errno : error_of(fallocate(file, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, offset, size));
    close(file);
    return result;
}

static int write_at(const char *path, long offset, uint64_t value) {
    int file = open(path, O_RDWR | O_CLOEXEC);
    int result = file < 0 ? errno : pwrite(file, &value, sizeof value, offset) == sizeof value ? 0 : EIO;
    close(file);
    return result;
}

static int next_thread_number(long number) {
    char text[32];
    int file = open("/proc/sys/kernel/ns_last_pid", O_WRONLY | O_CLOEXEC);
    int length = snprintf(text, sizeof text, "%ld", number - 1);
    int result = file < 0 ? errno : write(file, text, (size_t)length) == length ? 0 : errno;
    close(file);
    return result;
}

/* A lock that programs take to show that they live: the kernel releases it when the last copy of the descriptor is closed. */
static int lock_file(const char *path, int flags) {
    int file = open(path, O_RDWR | flags);
    return file < 0 ? errno : error_of(flock(file, LOCK_EX | LOCK_NB));
}

/* A program that has this process's descriptors, and a lock of such a file. Its number, or -1. */
static pid_t execute_that_outlives(const char *path, const char *file) {
    if (lock_file(path, 0) != 0) {
        return -1;
    }
    pid_t child = fork();
    if (child == 0) {
        execl(self, self, "outlive", file, (char *)NULL);
        _exit(ORPHANED);
    }
    return child;
}

/* A child that has all that this process has, an open descriptor of that file included. Its number, or -1. */
static pid_t fork_with_open(const char *path, const char *file) {
    return open(path, O_RDWR | O_CLOEXEC) < 0 ? -1 : fork_outliving(file);
}

/* Answers with the child's number. */
static int told_child(pid_t child, char *text, size_t size) {
    snprintf(text, size, "%d", child);
    return child < 0 ? EAGAIN : 0;
}

static void become_idle(void) {
    execl(self, self, "idle", (char *)NULL);
}

/* Orders that end the thread or the process. */
static void end(const char *verb) {
    if (strcmp(verb, "end") == 0) {
        pthread_exit(NULL);
    } else if (strcmp(verb, "leave") == 0) {
        syscall(SYS_exit, 0);
    } else if (strcmp(verb, "exit") == 0) {
        exit(0);
    } else if (strcmp(verb, "halt") == 0) {
        _exit(0);
    } else if (strcmp(verb, "abort") == 0) {
        abort();
    } else if (strcmp(verb, "segv") == 0) {
        signal(SIGSEGV, SIG_DFL);
        kill(getpid(), SIGSEGV);
        pause();
    } else if (strcmp(verb, "exec") == 0) {
        become_idle();
    }
}

/* Orders about one place: VERB PLACE ... */
static int at_place(int thread, char **words, int count) {
    const char *verb = words[0];
    struct place *place = &places[count > 1 ? atoi(words[1]) % PLACES : 0];
    pthread_mutex_t *mutex = mutex_of(place);
    const char *third = count > 2 ? words[2] : "";
    const char *fourth = count > 3 ? words[3] : "0";
    int result = 0;
    if (strcmp(verb, "map") == 0) {
        result = map(place, third, (size_t)atoll(fourth), MAP_SHARED);
    } else if (strcmp(verb, "map-private") == 0) {
        result = map(place, third, (size_t)atoll(fourth), MAP_PRIVATE);
    } else if (strcmp(verb, "init") == 0) {
        result = init(mutex, atoi(third));
    } else if (strcmp(verb, "init-inheriting") == 0) {
        result = init_with(mutex, PTHREAD_MUTEX_NORMAL, PTHREAD_PRIO_INHERIT);
    } else if (strcmp(verb, "lock") == 0) {
        result = pthread_mutex_lock(mutex);
    } else if (strcmp(verb, "trylock") == 0) {
        result = pthread_mutex_trylock(mutex);
    } else if (strcmp(verb, "timed") == 0) {
        result = lock_in(mutex, atol(third));
    } else if (strcmp(verb, "unlock") == 0) {
        result = pthread_mutex_unlock(mutex);
    } else if (strcmp(verb, "consistent") == 0) {
        result = pthread_mutex_consistent(mutex);
    } else if (strcmp(verb, "many") == 0) {
        for (int i = 0; i < atoi(fourth) && result == 0; i++) {
            result = pthread_mutex_lock((pthread_mutex_t *)(void *)(place->mutex + i * atol(third)));
        }
    } else if (strcmp(verb, "init-many") == 0) {
        for (int i = 0; i < atoi(fourth) && result == 0; i++) {
            result = init((pthread_mutex_t *)(void *)(place->mutex + i * atol(third)), PTHREAD_MUTEX_ERRORCHECK);
        }
    } else if (strcmp(verb, "spoil") == 0) {
        result = spoil(place, third);
    } else if (strcmp(verb, "barge") == 0) {
        result = barge(mutex, atoi(third));
    } else if (strcmp(verb, "steps") == 0) {
        kill_at_every_step(thread, mutex, strcmp(third, "unlock") == 0);
        return 1;
    } else if (strcmp(verb, "step") == 0) {
        result = kill_at_step(mutex, strcmp(third, "unlock") == 0, atoi(fourth));
    } else {
        return 0;
    }
    answer(thread, "%d %lld", result, (long long)now());
    return 1;
}

/* Orders about a process, a file, or the calling thread. */
static void at_large(int thread, char **words, int count) {
    const char *verb = words[0];
    const char *first = count > 1 ? words[1] : "0";
    long second = count > 2 ? atol(words[2]) : 0;
    long third = count > 3 ? atol(words[3]) : 0;
    char text[LINE / 2] = "";
    int result;
    if (strcmp(verb, "tid") == 0) {
        result = gettid();
    } else if (strcmp(verb, "robust-list") == 0) {
        result = strcmp(first, "none") == 0 ? forbid_robust_list() : replace_robust_list();
    } else if (strcmp(verb, "core") == 0) {
        result = prepare_core_dump(first, (size_t)second);
    } else if (strcmp(verb, "signal") == 0) {
        result = error_of(kill(atoi(first), (int)second));
    } else if (strcmp(verb, "trace") == 0) {
        result = error_of(ptrace(PTRACE_SEIZE, atoi(first), 0, 0)) + error_of(ptrace(PTRACE_INTERRUPT, atoi(first), 0, 0));
        waitpid(atoi(first), NULL, __WALL);
    } else if (strcmp(verb, "untrace") == 0) {
        result = error_of(ptrace(PTRACE_DETACH, atoi(first), 0, 0));
    } else if (strcmp(verb, "release-memory") == 0) {
        result = release_memory(atoi(first));
    } else if (strcmp(verb, "punch") == 0) {
        result = punch(first, second, third);
    } else if (strcmp(verb, "write") == 0) {
        result = write_at(first, second, count > 3 ? strtoull(words[3], NULL, 16) : 0);
    } else if (strcmp(verb, "adopt") == 0) {
        result = adopt_private(first, text, sizeof text);
    } else if (strcmp(verb, "guarded-fill") == 0) {
        result = guarded_fill(first, text, sizeof text);
    } else if (strcmp(verb, "guarded-look") == 0) {
        result = guarded_look(first, text, sizeof text);
    } else if (strcmp(verb, "outlive") == 0) {
        result = told_child(fork_with_open(first, count > 2 ? words[2] : ""), text, sizeof text);
    } else if (strcmp(verb, "leak") == 0) {
        result = told_child(execute_that_outlives(first, count > 2 ? words[2] : ""), text, sizeof text);
    } else if (strcmp(verb, "lock-file") == 0) {
        result = lock_file(first, O_CLOEXEC);
    } else if (strcmp(verb, "next-tid") == 0) {
        result = next_thread_number(atol(first));
    } else {
        result = EINVAL;
    }
    answer(thread, "%d %lld %s", result, (long long)now(), text);
}

static void obey(int thread, char *line) {
    char *words[WORDS] = {NULL}, *rest = NULL;
    int count = 0;
    for (char *word = strtok_r(line, " \n", &rest); word != NULL && count < WORDS; word = strtok_r(NULL, " \n", &rest)) {
        words[count++] = word;
    }
    if (count == 0) {
        return;
    }
    end(words[0]);
    if (!at_place(thread, words, count)) {
        at_large(thread, words, count);
    }
}

static void *obey_all(void *number) {
    int thread = (int)(intptr_t)number;
    char line[LINE];
    while (read(orders[thread][0], line, sizeof line) == sizeof line) {
        obey(thread, line);
    }
    return NULL;
}

static void start(int thread) {
    pthread_t ignored;
    if (pipe2(orders[thread], O_CLOEXEC) != 0 || (thread != 0 && pthread_create(&ignored, NULL, obey_all, (void *)(intptr_t)thread) != 0)) {
        _exit(ORPHANED);
    }
}

static void *read_orders(void *unused) {
    char line[LINE];
    FILE *in = fdopen(0, "r");
    while (fgets(line, sizeof line, in) != NULL) {
        int thread = line[0] == 'm' ? 0 : atoi(line) % THREADS;
        char *order = strchr(line, ' ');
        if (order == NULL) {
            continue;
        }
        if (orders[thread][1] == 0) {
            start(thread);
        }
        char record[LINE] = {0};
        snprintf(record, sizeof record, "%s", order + 1);
        if (write(orders[thread][1], record, sizeof record) < 0) {
            break;
        }
    }
    _exit(ORPHANED);
    return unused;
}

static int idle(void) {
    char byte;
    answer(0, "idle %lld", (long long)now());
    while (read(0, &byte, 1) > 0) {
    }
    return ORPHANED;
}

int main(int count, char **arguments) {
    pthread_t reader;
    self = arguments[0];
    if (count == 2 && strcmp(arguments[1], "idle") == 0) {
        return idle();
    }
    if (count == 3 && strcmp(arguments[1], "outlive") == 0) {
        outlive(arguments[2]);
    }
    if (count > 2 && strcmp(arguments[1], "without-robust-list") == 0) {
        return run_without_robust_list(0, arguments + 2);
    }
    if (count > 2 && strcmp(arguments[1], "emulated") == 0) {
        return run_without_robust_list(1, arguments + 2);
    }
    if (count != 2 || strcmp(arguments[1], "orders") != 0) {
        fprintf(stderr, "this is a hand of \"mortmain torture\"\n");
        return 2;
    }
    start(0);
    if (pthread_create(&reader, NULL, read_orders, NULL) != 0) {
        return ORPHANED;
    }
    answer(0, "ready %lld", (long long)now());
    obey_all(NULL);
    return 0;
}
