/*
 * Two numbers whose sum stays, in a mapped file, under a lock of C: a process that answers commands, one line each, until its input ends.
 *
 *   torn LOCK
 *
 * LOCK is plain: a pthread_mutex_t; robust: one with PTHREAD_MUTEX_ROBUST, whose data nobody repairs; or semaphore: one of System V, taken
 * with SEM_UNDO. Commands: open PATH, look, tear: stores the first number, and waits between the two stores, close: the kernel keeps
 * semaphores until they are removed.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/sem.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { SUM = 1000, LONGEST_WAIT_SECONDS = 180 };

struct shared {
    pthread_mutex_t mutex;
    int semaphore;
    volatile int64_t first, second;
};

static struct shared *shared;
static bool is_robust, is_semaphore;
static int made_semaphore = -1;

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

static void require_system(const char *what, int result) {
    if (result < 0) {
        fail(what, errno);
    }
}

static void close_shared(void) {
    if (made_semaphore >= 0) {
        semctl(made_semaphore, 0, IPC_RMID);
        made_semaphore = -1;
    }
    if (shared != NULL) {
        munmap(shared, sizeof *shared);
        shared = NULL;
    }
}

static void make(void) {
    if (is_semaphore) {
        made_semaphore = semget(IPC_PRIVATE, 1, IPC_CREAT | 0600);
        require_system("semget", made_semaphore);
        require_system("semctl", semctl(made_semaphore, 0, SETVAL, 1));
        shared->semaphore = made_semaphore;
    } else {
        pthread_mutexattr_t attributes;
        pthread_mutexattr_init(&attributes);
        require("setpshared", pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED));
        if (is_robust) {
            require("setrobust", pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST));
        }
        require("init", pthread_mutex_init(&shared->mutex, &attributes));
    }
    shared->first = SUM;
}

static void open_shared(const char *path) {
    close_shared();
    int file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    require_system(path, file);
    struct stat status;
    require_system("fstat", fstat(file, &status));
    require_system("ftruncate", ftruncate(file, sizeof *shared));
    shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    if (shared == MAP_FAILED) {
        fail("mmap", errno);
    }
    close(file);
    if (status.st_size == 0) {
        make();
    }
}

static void change_semaphore(int by) {
    struct sembuf operation = {.sem_num = 0, .sem_op = (short)by, .sem_flg = SEM_UNDO};
    require_system("semop", semop(shared->semaphore, &operation, 1));
}

/* Whether it was told of a death. */
static bool lock(void) {
    if (is_semaphore) {
        change_semaphore(-1);
        return false;
    }
    int outcome = pthread_mutex_lock(&shared->mutex);
    if (outcome == EOWNERDEAD) {
        require("consistent", pthread_mutex_consistent(&shared->mutex));
        return true;
    }
    require("lock", outcome);
    return false;
}

static void unlock(void) {
    if (is_semaphore) {
        change_semaphore(1);
    } else {
        require("unlock", pthread_mutex_unlock(&shared->mutex));
    }
}

static int64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * INT64_C(1000000000) + time.tv_nsec;
}

static void look(void) {
    int64_t start = now();
    alarm(LONGEST_WAIT_SECONDS); /* who waits for ever would outlive a harness that is killed */
    bool told = lock();
    int64_t first = shared->first, second = shared->second;
    unlock();
    int64_t nanoseconds = now() - start;
    alarm(0);
    printf("looked %lld %s %lld %lld\n", (long long)nanoseconds, told ? "told" : "untold", (long long)first, (long long)second);
}

static void tear(void) {
    lock();
    shared->first--;
    puts("between");
    fflush(stdout);
    while (getchar() != EOF) { /* the input ends when the harness does */
    }
    _exit(1);
}

static void answer(char *line) {
    char *command = strtok(line, " \n"), *path = strtok(NULL, " \n");
    if (command != NULL && strcmp(command, "open") == 0 && path != NULL) {
        open_shared(path);
        puts("opened");
    } else if (command != NULL && strcmp(command, "look") == 0) {
        look();
    } else if (command != NULL && strcmp(command, "tear") == 0) {
        tear();
    } else if (command != NULL && strcmp(command, "close") == 0) {
        close_shared();
        puts("closed");
    } else {
        fail("unknown command", EINVAL);
    }
}

int main(int count, char **arguments) {
    if (count != 2) {
        fail("one argument is needed", EINVAL);
    }
    is_robust = strcmp(arguments[1], "robust") == 0;
    is_semaphore = strcmp(arguments[1], "semaphore") == 0;
    printf("ready %d\n", gettid());
    fflush(stdout);
    char line[4096];
    while (fgets(line, sizeof line, stdin) != NULL) {
        answer(line);
        fflush(stdout);
    }
    close_shared();
    return 0;
}
