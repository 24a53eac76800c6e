/*
 * Real forks below a JVM. What a child does is done in C, by system calls that are safe there, and each child ends by itself: a child that
 * outlives its parent after a minute at the latest.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { LONGEST_LIFE = 60, GUARD_MILLIS = 30000, HUNG = -2, FAILED = -1 };

/* The exit code of a child, 128 and the signal that killed it, HUNG where it had to be killed. It is reaped. */
int outcome_of(pid_t child)
{
    int status;
    struct pollfd end = {.fd = (int)syscall(SYS_pidfd_open, child, 0), .events = POLLIN};
    int ended;
    if (child <= 0 || end.fd < 0)
        return FAILED;
    while ((ended = poll(&end, 1, GUARD_MILLIS)) < 0 && errno == EINTR)
        ;
    close(end.fd);
    if (ended == 0)
        kill(child, SIGKILL);
    while (waitpid(child, &status, 0) != child)
        if (errno != EINTR)
            return FAILED;
    return ended == 0 ? HUNG : WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/* How many lines of the memory map have the text. */
static int pieces_of(const char *text)
{
    static char line[4096];
    int pieces = 0;
    size_t length = 0;
    char byte;
    int maps = open("/proc/self/maps", O_RDONLY | O_CLOEXEC);
    if (maps < 0)
        return 255;
    while (read(maps, &byte, 1) == 1) {
        if (byte != '\n' && length < sizeof line - 1) {
            line[length++] = byte;
        } else {
            line[length] = 0;
            pieces += strstr(line, text) != NULL;
            length = 0;
        }
    }
    return pieces;
}

/* The same of a forked child. */
int pieces_in_child(const char *text)
{
    pid_t child = fork();
    if (child == 0)
        _exit(pieces_of(text));
    return outcome_of(child);
}

/* What becomes of a forked child that swaps the word at the address, from what it finds to 0: 128 and the signal, or 0. */
int child_frees(int *word)
{
    pid_t child = fork();
    if (child == 0) {
        signal(SIGSEGV, SIG_DFL); /* the JVM's handler would try to make sense of it */
        _exit(__atomic_exchange_n(word, 0, __ATOMIC_SEQ_CST) == 0 ? 1 : 0);
    }
    return outcome_of(child);
}

/* A child that lives on with whatever it inherited. Its number. */
int linger(void)
{
    pid_t child = fork();
    if (child == 0) {
        alarm(LONGEST_LIFE);
        signal(SIGALRM, SIG_DFL);
        for (;;)
            pause();
    }
    return child;
}

/* As linger, with another program. */
int linger_after_exec(void)
{
    pid_t child = fork();
    if (child == 0) {
        execl("/bin/sleep", "sleep", "60", (char *)NULL);
        _exit(127);
    }
    return child;
}

/* A child that ends at once. */
int fork_and_end(void)
{
    pid_t child = fork();
    if (child == 0)
        _exit(7);
    return outcome_of(child);
}

/* A child that becomes another program at once. */
int fork_and_exec(void)
{
    pid_t child = fork();
    if (child == 0) {
        execl("/bin/true", "true", (char *)NULL);
        _exit(127);
    }
    return outcome_of(child);
}
