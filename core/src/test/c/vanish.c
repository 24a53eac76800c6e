/*
 * A holder whose death the kernel does not report. vanish PATH OFFSET WAY: maps the file, locks the robust mutex at the offset with
 * glibc, says "held TID", and at the next line loses the mutex in the given way and dies, or, where it says "lives", lives on.
 *
 *   unmap, protect-none, protect-read, move, cover     what the mapping suffers, and then SIGKILL
 *   older       another mutex, locked after it in memory of its own, is unmapped, and then SIGKILL
 *   many        2,048 mutexes are locked after it, and then SIGKILL
 *   release     SIGKILL, and process_mrelease(2) before the thread runs again; a parent does both
 *   exec        a second thread locked it, and replaces the program; lives
 *   replace     the thread registers another, empty robust list, and then SIGKILL
 *   zombie      the main thread unmaps and ends while another lives on; lives
 *   pending     is held with only list_op_pending leading to it; lives until the next line, then SIGKILL
 *   churn       takes and releases another mutex all the time; dies by SIGKILL at the next line
 *   relock      unlocks and locks it again all the time, until the next line; then unlocks, and says "relocked TIMES wrong RESULTS"
 *   relock-slowly   the same, but holds and leaves it for some milliseconds each time
 *   core        aborts at the next line, and dumps 128 MiB of core into the folder that a fourth argument names
 *   again       locks it again, and waits for itself, in a thread named "waits"
 *   stay        lives until the next line, then unlocks; says "unlocked RESULT"
 *   unmap-only, replace-only    as unmap and replace, but says "lives", and dies by SIGKILL at the next line
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/futex.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define MANY 2048

static char *base;
static size_t size;
static pthread_mutex_t *mutex;
static char *self;

static void fail(const char *what) {
    perror(what);
    _exit(1);
}

static void require(int holds, const char *what) {
    if (!holds) {
        fail(what);
    }
}

static void map(const char *path, long offset) {
    struct stat status;
    int fd = open(path, O_RDWR | O_CLOEXEC);
    require(fd >= 0 && fstat(fd, &status) == 0, path);
    size = (size_t)status.st_size;
    base = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    require(base != MAP_FAILED, "mmap");
    close(fd);
    mutex = (pthread_mutex_t *)(base + offset);
}

static void say_held(void) {
    printf("held %ld\n", syscall(SYS_gettid));
    fflush(stdout);
}

static void lock(void) {
    require(pthread_mutex_lock(mutex) == 0, "pthread_mutex_lock");
}

static void await_line(void) {
    char line[64];
    if (fgets(line, sizeof line, stdin) == NULL) {
        _exit(0); /* the test is gone */
    }
}

static void die(void) {
    raise(SIGKILL);
    pause();
}

static void say_lives(void) {
    puts("lives");
    fflush(stdout);
}

static void initialise(pthread_mutex_t *made) {
    pthread_mutexattr_t attributes;
    pthread_mutexattr_init(&attributes);
    pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
    pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
    require(pthread_mutex_init(made, &attributes) == 0, "pthread_mutex_init");
}

static void *lock_and_exec(void *unused) {
    lock();
    say_held();
    await_line();
    execl(self, self, "image", (char *)NULL);
    fail("execl");
    return unused;
}

static void *live_on(void *unused) {
    await_line();
    die();
    return unused;
}

/* The parent runs first after both calls, because the two are bound to one processor and it has the higher class. */
static void die_by_release(void) {
    int ready[2];
    int go[2];
    cpu_set_t one;
    struct sched_param priority = {.sched_priority = 1};
    require(pipe(ready) == 0 && pipe(go) == 0, "pipe");
    CPU_ZERO(&one);
    CPU_SET(sched_getcpu(), &one);
    require(sched_setaffinity(0, sizeof one, &one) == 0, "sched_setaffinity");
    pid_t child = fork();
    require(child >= 0, "fork");
    if (child == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        lock();
        say_held();
        require(write(ready[1], "r", 1) == 1, "write");
        for (;;) {
            pause();
        }
    }
    char byte;
    require(read(ready[0], &byte, 1) == 1, "read");
    await_line();
    require(sched_setscheduler(0, SCHED_FIFO, &priority) == 0, "sched_setscheduler");
    int pidfd = (int)syscall(SYS_pidfd_open, child, 0);
    require(pidfd >= 0, "pidfd_open");
    require(kill(child, SIGKILL) == 0, "kill");
    require(syscall(SYS_process_mrelease, pidfd, 0) == 0, "process_mrelease");
    waitpid(child, NULL, 0);
    _exit(0);
}

static void lock_many(void) {
    pthread_mutex_t *many = calloc(MANY, sizeof *many);
    for (int i = 0; i < MANY; i++) {
        initialise(&many[i]);
        require(pthread_mutex_lock(&many[i]) == 0, "pthread_mutex_lock");
    }
}

static void lock_and_unmap_another(void) {
    pthread_mutex_t *other = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    require(other != MAP_FAILED, "mmap");
    initialise(other);
    require(pthread_mutex_lock(other) == 0, "pthread_mutex_lock");
    munmap(other, 4096);
}

static void churn(void) {
    static pthread_mutex_t other;
    initialise(&other);
    for (;;) {
        pthread_mutex_lock(&other);
        pthread_mutex_unlock(&other);
    }
}

static volatile int over;

static void *end_relocking(void *unused) {
    await_line();
    over = 1;
    return unused;
}

static void dawdle(unsigned turns) {
    for (volatile unsigned turn = 0; turn < turns; turn++) {
    }
}

static void relock(int slowly) {
    pthread_t thread;
    unsigned random = 1;
    long times = 0;
    long wrong = 0;
    pthread_create(&thread, NULL, end_relocking, NULL);
    while (!over) {
        random = random * 1103515245 + 12345;
        wrong += pthread_mutex_unlock(mutex) != 0;
        if (slowly) {
            usleep(random >> 16 & 0x3ff);
        }
        dawdle(4u << (random >> 16 & 15)); /* from less to more than a look takes */
        wrong += pthread_mutex_lock(mutex) != 0;
        if (slowly) {
            usleep(random >> 16 & 0x1fff);
        }
        dawdle(4u << (random >> 24 & 15));
        times++;
    }
    wrong += pthread_mutex_unlock(mutex) != 0;
    printf("relocked %ld wrong %ld\n", times, wrong);
}

static void prepare_core(const char *folder) {
    size_t bytes = 128 << 20;
    struct rlimit unlimited = {RLIM_INFINITY, RLIM_INFINITY};
    char *ballast = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    require(ballast != MAP_FAILED && chdir(folder) == 0, folder);
    require(setrlimit(RLIMIT_CORE, &unlimited) == 0, "setrlimit");
    memset(ballast, 1, bytes);
}

static void replace_list(void) {
    static struct robust_list_head other;
    other.list.next = &other.list;
    other.futex_offset = -32;
    require(syscall(SYS_set_robust_list, &other, sizeof other) == 0, "set_robust_list");
}

static void hold_as_pending(void) {
    struct robust_list_head *head;
    size_t length;
    require(syscall(SYS_get_robust_list, 0, &head, &length) == 0, "get_robust_list");
    head->list_op_pending = (struct robust_list *)((char *)mutex + 32);
    int *word = (int *)mutex;
    require(__sync_bool_compare_and_swap(word, 0, (int)syscall(SYS_gettid)), "the mutex is free");
}

static void lose(const char *way) {
    if (strcmp(way, "unmap") == 0 || strcmp(way, "unmap-only") == 0 || strcmp(way, "zombie") == 0) {
        munmap(base, size);
    } else if (strcmp(way, "protect-none") == 0) {
        mprotect(base, size, PROT_NONE);
    } else if (strcmp(way, "protect-read") == 0) {
        mprotect(base, size, PROT_READ);
    } else if (strcmp(way, "move") == 0) {
        char *place = mmap(NULL, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        require(mremap(base, size, size, MREMAP_MAYMOVE | MREMAP_FIXED, place) == place, "mremap");
    } else if (strcmp(way, "cover") == 0) {
        require(
            mmap(base, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == base, "mmap");
    } else if (strcmp(way, "older") == 0) {
        lock_and_unmap_another();
    } else if (strcmp(way, "many") == 0) {
        lock_many();
    } else if (strcmp(way, "replace") == 0 || strcmp(way, "replace-only") == 0) {
        replace_list();
    }
}

int main(int count, char **arguments) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (count == 2) { /* what exec made of it */
        say_lives();
        await_line();
        return 0;
    }
    const char *way = arguments[3];
    pthread_t thread;
    self = arguments[0];
    map(arguments[1], atol(arguments[2]));
    if (strcmp(way, "release") == 0) {
        die_by_release();
    }
    if (strcmp(way, "exec") == 0) {
        pthread_create(&thread, NULL, lock_and_exec, NULL);
        for (;;) {
            pause();
        }
    }
    if (strcmp(way, "pending") == 0) {
        hold_as_pending();
    } else {
        lock();
    }
    say_held();
    if (strcmp(way, "churn") == 0) {
        pthread_create(&thread, NULL, live_on, NULL);
        churn();
    }
    if (strncmp(way, "relock", strlen("relock")) == 0) {
        relock(strcmp(way, "relock-slowly") == 0);
        return 0;
    }
    if (strcmp(way, "core") == 0) {
        prepare_core(arguments[4]);
    }
    if (strcmp(way, "again") == 0) {
        prctl(PR_SET_NAME, "waits");
        lock();
    }
    await_line();
    lose(way);
    if (strcmp(way, "stay") == 0) {
        printf("unlocked %d\n", pthread_mutex_unlock(mutex));
        return 0;
    }
    if (strcmp(way, "core") == 0) {
        abort();
    }
    if (strcmp(way, "zombie") == 0) {
        pthread_create(&thread, NULL, live_on, NULL);
        say_lives();
        pthread_exit(NULL);
    }
    if (strcmp(way, "unmap-only") == 0 || strcmp(way, "replace-only") == 0) {
        say_lives();
        await_line();
    }
    die();
}
