/*
 * The C side of the benchmarks: a process that answers commands, one line each, until its input ends.
 *
 *   peer FILE KIND FIRST SECOND MEMORY PLAIN_SECOND COUNTER
 *
 * FILE is a region; the numbers are offsets in it: of two robust mutexes, and of memory for two plain ones and a counter.
 * KIND is normal, error-checking or recursive and holds for the plain ones.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { CHUNK = 2048, MOST_CHUNKS = 1 << 20, LOOKS_AT_CLOCK = 64 };

static pthread_mutex_t *first, *second, *plain_first, *plain_second;
static int64_t *counter;
static char *base;
static size_t size;
static int type;
static int64_t chunks[MOST_CHUNKS];

static void fail(const char *what, int error) {
    printf("error %s: %s\n", what, strerror(error));
    fflush(stdout);
    exit(1);
}

static void require(const char *what, int error) {
    if (error != 0) {
        fail(what, error);
    }
}

static int64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * INT64_C(1000000000) + time.tv_nsec;
}

static void make_plain(pthread_mutex_t *mutex) {
    pthread_mutexattr_t attributes;
    pthread_mutexattr_init(&attributes);
    require("settype", pthread_mutexattr_settype(&attributes, type));
    require("setpshared", pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED));
    require("init", pthread_mutex_init(mutex, &attributes));
}

static void run_single(pthread_mutex_t *mutex, int pairs) {
    for (int i = 0; i < pairs; i++) {
        require("lock", pthread_mutex_lock(mutex));
        require("unlock", pthread_mutex_unlock(mutex));
    }
}

static void run_nested(pthread_mutex_t *outer, pthread_mutex_t *inner, int pairs) {
    for (int i = 0; i < pairs; i += 2) {
        require("lock", pthread_mutex_lock(outer));
        require("lock", pthread_mutex_lock(inner));
        require("unlock", pthread_mutex_unlock(inner));
        require("unlock", pthread_mutex_unlock(outer));
    }
}

/* Two numbers whose sum stays, under the lock alone: whoever dies between the stores leaves them torn. */
static void run_stores(int pairs) {
    volatile int64_t *numbers = counter;
    for (int i = 0; i < pairs; i++) {
        require("lock", pthread_mutex_lock(first));
        numbers[0]--;
        numbers[1]++;
        require("unlock", pthread_mutex_unlock(first));
    }
}

static int compare(const void *a, const void *b) {
    int64_t left = *(const int64_t *)a, right = *(const int64_t *)b;
    return (left > right) - (left < right);
}

/* Nanoseconds per pair: median of the chunks, and mean of all. */
static void measure(const char *shape, int64_t nanoseconds) {
    bool plain = strncmp(shape, "plain", 5) == 0;
    bool nested = strstr(shape, "nested") != NULL;
    bool stores = strstr(shape, "stores") != NULL;
    if (plain) {
        make_plain(plain_first);
        make_plain(plain_second);
    }
    pthread_mutex_t *outer = plain ? plain_first : first, *inner = plain ? plain_second : second;
    int count = 0;
    int64_t start = now(), time = start;
    while (time - start < nanoseconds && count < MOST_CHUNKS) {
        if (nested) {
            run_nested(outer, inner, CHUNK);
        } else if (stores) {
            run_stores(CHUNK);
        } else {
            run_single(outer, CHUNK);
        }
        int64_t then = now();
        chunks[count++] = then - time;
        time = then;
    }
    qsort(chunks, count, sizeof chunks[0], compare);
    printf("measured %f %f\n", (double)chunks[count / 2] / CHUNK, (double)(time - start) / count / CHUNK);
}

/* Increments the counter under the robust mutex, from one moment to another, while another process does the same. */
static void contend(int64_t start, int64_t nanoseconds) {
    int64_t operations = 0, longest = 0, run = 0, last = -1;
    while (now() < start) {
    }
    for (;;) {
        require("lock", pthread_mutex_lock(first));
        int64_t before = *counter;
        *counter = before + 1;
        require("unlock", pthread_mutex_unlock(first));
        operations++;
        run = before == last ? run + 1 : 1;
        last = before + 1;
        longest = run > longest ? run : longest;
        if (operations % LOOKS_AT_CLOCK == 0 && now() - start >= nanoseconds) {
            break;
        }
    }
    printf("contended %ld %ld\n", (long)operations, (long)longest);
}

static void wait_and_tell(void) {
    int outcome = pthread_mutex_lock(first);
    int64_t told = now();
    if (outcome == EOWNERDEAD) {
        require("consistent", pthread_mutex_consistent(first));
    } else {
        require("lock", outcome);
    }
    require("unlock", pthread_mutex_unlock(first));
    printf(outcome == EOWNERDEAD ? "told %ld\n" : "clean %ld\n", (long)told);
}

static void kill_and_tell(pid_t process) {
    int64_t before = now();
    if (kill(process, SIGKILL) != 0) {
        fail("kill", errno);
    }
    printf("killed %ld\n", (long)before);
}

static void bind_to(int processor) {
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(processor, &set);
    puts(sched_setaffinity(0, sizeof set, &set) == 0 ? "bound" : "unbound");
}

/* When the kernel says that a process has ended: nobody can know before. */
static void watch_and_tell(int process) {
    struct pollfd ended = {.fd = (int)syscall(SYS_pidfd_open, process, 0), .events = POLLIN};
    if (ended.fd < 0 || poll(&ended, 1, -1) != 1) {
        fail("pidfd", errno);
    }
    int64_t told = now();
    close(ended.fd);
    printf("told %lld\n", (long long)told);
}

static void answer(char *line) {
    char *command = strtok(line, " \n"), *one = strtok(NULL, " \n"), *two = strtok(NULL, " \n");
    if (command == NULL) {
        fail("empty command", EINVAL);
    } else if (strcmp(command, "measure") == 0 && two != NULL) {
        measure(one, atoll(two) * 1000000);
    } else if (strcmp(command, "contend") == 0 && two != NULL) {
        contend(atoll(one), atoll(two));
    } else if (strcmp(command, "bind") == 0 && one != NULL) {
        bind_to(atoi(one));
    } else if (strcmp(command, "hold") == 0) {
        require("lock", pthread_mutex_lock(first));
        puts("held");
    } else if (strcmp(command, "hold-unmapped") == 0) {
        /* The kernel will find nothing where the robust list leads, and wake nobody. */
        require("lock", pthread_mutex_lock(first));
        if (munmap(base, size) != 0) {
            fail("munmap", errno);
        }
        puts("held");
    } else if (strcmp(command, "wait") == 0) {
        wait_and_tell();
    } else if (strcmp(command, "watch") == 0 && one != NULL) {
        watch_and_tell(atoi(one));
    } else if (strcmp(command, "kill") == 0 && one != NULL) {
        kill_and_tell(atoi(one));
    } else {
        fail("unknown command", EINVAL);
    }
}

static void *at(char *start, const char *offset) {
    return start + atoll(offset);
}

int main(int count, char **arguments) {
    if (count != 8) {
        fail("seven arguments are needed", EINVAL);
    }
    int file = open(arguments[1], O_RDWR | O_CLOEXEC);
    struct stat status;
    if (file < 0 || fstat(file, &status) != 0) {
        fail(arguments[1], errno);
    }
    size = status.st_size;
    base = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    if (base == MAP_FAILED) {
        fail("mmap", errno);
    }
    type = strcmp(arguments[2], "normal") == 0 ? PTHREAD_MUTEX_NORMAL
        : strcmp(arguments[2], "recursive") == 0 ? PTHREAD_MUTEX_RECURSIVE
                                                 : PTHREAD_MUTEX_ERRORCHECK;
    first = at(base, arguments[3]);
    second = at(base, arguments[4]);
    char *memory = at(base, arguments[5]);
    plain_first = (pthread_mutex_t *)memory;
    plain_second = at(memory, arguments[6]);
    counter = at(memory, arguments[7]);
    printf("ready %d\n", gettid());
    fflush(stdout);
    char line[256];
    while (fgets(line, sizeof line, stdin) != NULL) {
        answer(line);
        fflush(stdout);
    }
    return 0;
}
