/*
 * One side of a test about a mutex that a C program and a Java program share. For the lock it needs nothing but pthread.h: the test says
 * where the mutex stands, as file and offset.
 *
 * Commands, one a line, each answered by one line (but for those that end the process):
 *   open PATH OFFSET   maps the file; says "opened"
 *   tid                says "tid N"
 *   lock, trylock      says "lock 0", or the name of the error
 *   waits              as lock, while the thread is named "waits", so that the test can see it sleep
 *   passes             as waits, and unlocks what it got without a death; says "passes 0"
 *   unlock, consistent says "unlock 0", "consistent 0", or the name of the error
 *   close              unmaps; says "closed"
 *   thread             locks in a new thread; says "thread N", its number
 *   end-thread         lets that thread end without a release; says "ended"
 *   barge SIGNAL PID   unlocks, tries to lock, signals the process; says "barge SIGNAL PID 0", or the name of the error
 *   exit, _exit, segv, abort, exec
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static char *base;
static size_t size;
static pthread_mutex_t *mutex;
static pthread_t thread;
static sem_t may_end;

static void fail(const char *what) {
    perror(what);
    exit(1);
}

static void map(const char *path, long offset) {
    struct stat status;
    int fd = open(path, O_RDWR | O_CLOEXEC);
    if (fd < 0 || fstat(fd, &status) != 0) {
        fail(path);
    }
    size = (size_t)status.st_size;
    base = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (base == MAP_FAILED) {
        fail("mmap");
    }
    close(fd);
    mutex = (pthread_mutex_t *)(base + offset);
    puts("opened");
}

static void say(const char *what, int result) {
    switch (result) {
    case 0:
        printf("%s 0\n", what);
        break;
    case EOWNERDEAD:
        printf("%s EOWNERDEAD\n", what);
        break;
    case ENOTRECOVERABLE:
        printf("%s ENOTRECOVERABLE\n", what);
        break;
    case EDEADLK:
        printf("%s EDEADLK\n", what);
        break;
    case EBUSY:
        printf("%s EBUSY\n", what);
        break;
    default:
        printf("%s %s\n", what, strerror(result));
    }
}

static int lock_named_waits(void) {
    prctl(PR_SET_NAME, "waits");
    int result = pthread_mutex_lock(mutex);
    prctl(PR_SET_NAME, "lockpeer");
    return result;
}

static int pass(void) {
    int result = lock_named_waits();
    return result == 0 ? pthread_mutex_unlock(mutex) : result;
}

/* Who is woken has not come back from the kernel when the mutex is taken and the signal is sent, most of the time. */
static int barge(int signal, pid_t woken) {
    pthread_mutex_unlock(mutex);
    int result = pthread_mutex_trylock(mutex);
    if (kill(woken, signal) != 0) {
        fail("kill");
    }
    return result;
}

static void *lock_and_end(void *unused) {
    int result = pthread_mutex_lock(mutex);
    if (result != 0) {
        say("lock", result);
    }
    printf("thread %ld\n", syscall(SYS_gettid));
    sem_wait(&may_end);
    return unused;
}

static void end_thread(void) {
    sem_post(&may_end);
    if (pthread_join(thread, NULL) != 0) {
        fail("pthread_join");
    }
    puts("ended");
}

/* The process lives on with its number, as another program. */
static void exec(void) {
    execl("/bin/sh", "sh", "-c", "echo lives; read line; echo ends", (char *)NULL);
    fail("exec");
}

static void obey(const char *command) {
    char path[4096];
    long offset;
    int signal;
    pid_t woken;
    if (sscanf(command, "open %4095s %ld", path, &offset) == 2) {
        map(path, offset);
    } else if (strcmp(command, "tid") == 0) {
        printf("tid %ld\n", syscall(SYS_gettid));
    } else if (strcmp(command, "lock") == 0) {
        say("lock", pthread_mutex_lock(mutex));
    } else if (strcmp(command, "trylock") == 0) {
        say("trylock", pthread_mutex_trylock(mutex));
    } else if (strcmp(command, "waits") == 0) {
        say("waits", lock_named_waits());
    } else if (strcmp(command, "passes") == 0) {
        say("passes", pass());
    } else if (sscanf(command, "barge %d %d", &signal, &woken) == 2) {
        say(command, barge(signal, woken));
    } else if (strcmp(command, "unlock") == 0) {
        say("unlock", pthread_mutex_unlock(mutex));
    } else if (strcmp(command, "consistent") == 0) {
        say("consistent", pthread_mutex_consistent(mutex));
    } else if (strcmp(command, "close") == 0) {
        munmap(base, size);
        puts("closed");
    } else if (strcmp(command, "thread") == 0) {
        if (pthread_create(&thread, NULL, lock_and_end, NULL) != 0) {
            fail("pthread_create");
        }
    } else if (strcmp(command, "end-thread") == 0) {
        end_thread();
    } else if (strcmp(command, "exit") == 0) {
        exit(0);
    } else if (strcmp(command, "_exit") == 0) {
        _exit(0);
    } else if (strcmp(command, "segv") == 0) {
        *(volatile int *)mmap(NULL, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) = 1;
    } else if (strcmp(command, "abort") == 0) {
        abort();
    } else if (strcmp(command, "exec") == 0) {
        exec();
    } else {
        printf("unknown command: %s\n", command);
    }
}

int main(void) {
    char line[8192];
    sem_init(&may_end, 0, 0);
    setvbuf(stdout, NULL, _IOLBF, 0);
    while (fgets(line, sizeof line, stdin) != NULL) {
        line[strcspn(line, "\n")] = '\0';
        obey(line);
    }
    return 0;
}
