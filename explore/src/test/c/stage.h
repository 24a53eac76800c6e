/* What the C programs of the tests have in common: lines in, a line out for each, and a hang guard. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { GUARD_SECONDS = 60 };

static inline void fail(const char *what)
{
    printf("failed %s: %s\n", what, strerror(errno));
    fflush(stdout);
    exit(2);
}

__attribute__((format(printf, 1, 2))) static inline void say(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vprintf(format, arguments);
    va_end(arguments);
    putchar('\n');
    fflush(stdout);
}

/* A new process of one thread, which ends with this one. */
static inline pid_t fork_child(void)
{
    pid_t child = fork();
    if (child < 0)
        fail("fork");
    if (child == 0)
        prctl(PR_SET_PDEATHSIG, SIGKILL);
    return child;
}

static inline void end(pid_t child)
{
    kill(child, SIGKILL);
    if (waitpid(child, NULL, 0) != child)
        fail("waitpid");
}

static inline void *map(const char *path, size_t size, void *at, int flags)
{
    int file = open(path, O_RDWR | O_CLOEXEC);
    if (file < 0)
        fail(path);
    void *mapped = mmap(at, size, PROT_READ | PROT_WRITE, MAP_SHARED | flags, file, 0);
    if (mapped == MAP_FAILED || (at != NULL && mapped != at))
        fail("mmap");
    close(file);
    return mapped;
}

/* Between two looks at what another process does. */
static inline void pause_shortly(void)
{
    nanosleep(&(struct timespec){.tv_nsec = 100000}, NULL);
}

/* A process that hangs over a command is killed by its own alarm. */
static inline void obey_all(void (*obey)(const char *command))
{
    char line[256];
    while (fgets(line, sizeof line, stdin)) {
        line[strcspn(line, "\n")] = 0;
        alarm(GUARD_SECONDS);
        obey(line);
        alarm(0);
    }
}
