/*
 * The C side of single-stepping. "section victim REGION" locks, stores two words and unlocks, in a thread that its tracer steps through
 * it: it says "ready" with the thread's number and the value that it will store, begins when it reads a byte, and waits to be let go.
 * "section judge" reads paths of regions and says of each what the next acquirer finds. Both end when standard input does.
 *
 * The names and offsets in capitals come from the command line of the compiler.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include "mortmain.h"

enum { USAGE = 2, FAILED = 1, ORPHANED = 4, PATIENCE_SECONDS = 3, LINE = 4096, FIRST_VALUE = 1, LAST_VALUE = 2 };

static mortmain_region region;
static pthread_mutex_t *mutex;
static char *words;
static sem_t begin;

static int64_t load(int word) {
    return __atomic_load_n((int64_t *)(words + word), __ATOMIC_SEQ_CST);
}

static void store(int word, int64_t value) {
    __atomic_store_n((int64_t *)(words + word), value, __ATOMIC_SEQ_CST);
}

static int find(const char *path, mortmain_error *why) {
    if (mortmain_open(&region, path, why) != 0) {
        return -1;
    }
    mutex = mortmain_mutex(&region, MUTEX, why);
    words = mutex == NULL ? NULL : mortmain_memory(&region, MEMORY, NULL, why);
    return words == NULL ? -1 : 0;
}

static void once(int64_t value) {
    store(WAITING, value);
    while (load(GO) != value) {
    }
    store(PHASE, INSIDE);
    pthread_mutex_lock(mutex);
    *(volatile int64_t *)(words + FIRST) = value;
    *(volatile int64_t *)(words + SECOND) = value;
    pthread_mutex_unlock(mutex);
    store(PHASE, THROUGH);
}

static void *be_victim(void *unused) {
    store(GO, FIRST_VALUE);
    once(FIRST_VALUE); /* nothing is done for the first time when it counts */
    printf("ready %d %d\n", gettid(), LAST_VALUE);
    fflush(stdout);
    while (sem_wait(&begin) != 0) {
    }
    once(LAST_VALUE);
    for (;;) {
        pause();
    }
    return unused;
}

static int victim(const char *path) {
    char byte;
    pthread_t thread;
    mortmain_error why;
    if (find(path, &why) != 0) {
        fprintf(stderr, "%s\n", why.text);
        return FAILED;
    }
    if (sem_init(&begin, 0, 0) != 0 || pthread_create(&thread, NULL, be_victim, NULL) != 0) {
        return FAILED;
    }
    while (read(0, &byte, 1) == 1) {
        sem_post(&begin);
    }
    return ORPHANED;
}

static void judge_one(const char *path) {
    mortmain_error why;
    struct timespec until;
    if (find(path, &why) != 0) {
        printf("refused %s\n", why.text);
        return;
    }
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += PATIENCE_SECONDS;
    int result = pthread_mutex_timedlock(mutex, &until);
    if (result == ETIMEDOUT) {
        printf("hangs\n");
    } else if (result != 0 && result != EOWNERDEAD) {
        printf("refused %s\n", strerror(result));
    } else {
        printf("%s %lld %lld\n", result == 0 ? "free" : "told", (long long)load(FIRST), (long long)load(SECOND));
        if (result == EOWNERDEAD) {
            pthread_mutex_consistent(mutex);
        }
        pthread_mutex_unlock(mutex);
    }
    mortmain_close(&region, NULL);
}

static int judge(void) {
    char path[LINE];
    while (fgets(path, sizeof path, stdin) != NULL) {
        path[strcspn(path, "\n")] = '\0';
        judge_one(path);
        fflush(stdout);
    }
    return ORPHANED;
}

int main(int count, char **arguments) {
    if (count == 3 && strcmp(arguments[1], "victim") == 0) {
        return victim(arguments[2]);
    }
    return count == 2 && strcmp(arguments[1], "judge") == 0 ? judge() : USAGE;
}
