/*
 * Real forks below a JVM. What a child does is done in C, by system calls that are safe there, and each child ends by itself: a child that
 * outlives its parent after a minute at the latest.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
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

/* So many children, one after the other, which exec or end; how many did not end as they should. Stops at the first that hangs. */
int fork_often(int times, int exec)
{
    int wrong = 0;
    for (int i = 0; i < times; i++) {
        int outcome = exec ? fork_and_exec() : fork_and_end();
        wrong += outcome != (exec ? 0 : 7);
        if (outcome == HUNG)
            return wrong + 1000000;
    }
    return wrong;
}

/* Whether fork leaves errno as it was, with a child that exists, and one that cannot. */
int errno_is_kept(void)
{
    errno = 4711;
    pid_t child = fork();
    if (child == 0)
        _exit(errno == 4711 ? 0 : 1);
    int kept = errno == 4711;
    return outcome_of(child) == 0 && kept;
}

/* What a child finds of a descriptor: 0 it is open, 1 it is not. */
int closed_in_child(int descriptor)
{
    pid_t child = fork();
    if (child == 0)
        _exit(fcntl(descriptor, F_GETFD) >= 0 ? 0 : 1);
    return outcome_of(child);
}

static volatile int forked_in_handler;
static volatile int wrong_in_handler;

static void fork_in_handler(int signal)
{
    int error = errno;
    (void)signal;
    pid_t child = fork();
    if (child == 0)
        _exit(7);
    wrong_in_handler += outcome_of(child) != 7;
    forked_in_handler++;
    errno = error;
}

static void do_nothing(int signal)
{
    (void)signal;
}

static int install(int signal, void (*handler)(int))
{
    struct sigaction action = {.sa_handler = handler, .sa_flags = SA_RESTART | SA_ONSTACK};
    return sigaction(signal, &action, NULL);
}

/* From now on SIGUSR1 forks. */
int install_forking_handler(void)
{
    return install(SIGUSR1, fork_in_handler);
}

/* Gives SIGUSR1 a handler that does nothing. */
int install_handler(void)
{
    return install(SIGUSR1, do_nothing);
}

int signal_thread(int thread)
{
    return (int)syscall(SYS_tgkill, getpid(), thread, SIGUSR1);
}

int forks_in_handler(void)
{
    return forked_in_handler;
}

int wrong_in_handlers(void)
{
    return wrong_in_handler;
}

/* As fork_often, once, with all signals blocked. */
int fork_with_signals_blocked(void)
{
    sigset_t all;
    sigset_t before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int outcome = fork_and_end();
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return outcome;
}

/* A private plain mutex of C, as a library has one, for hooks to hold across forks. */
static pthread_mutex_t library_lock = PTHREAD_MUTEX_INITIALIZER;
/* Whether a thread is between the two stores that belong together. */
static volatile int inside;

int lock_library(void)
{
    return pthread_mutex_lock(&library_lock);
}

int unlock_library(void)
{
    return pthread_mutex_unlock(&library_lock);
}

/* Takes the library's lock and holds it for a moment, so many times. */
int use_library(int times)
{
    for (int i = 0; i < times; i++) {
        pthread_mutex_lock(&library_lock);
        inside = 1;
        for (volatile int turn = 0; turn < 20000; turn++)
            ;
        inside = 0;
        pthread_mutex_unlock(&library_lock);
    }
    return times;
}

/* How many of so many children found what the library's lock guards half done, by a thread that they do not have. */
int fork_and_look_at_library(int times)
{
    int held = 0;
    for (int i = 0; i < times; i++) {
        pid_t child = fork();
        if (child == 0)
            _exit(inside != 0);
        held += outcome_of(child) != 0;
    }
    return held;
}

/* From now on this thread, and those that it starts, have SIGUSR1 blocked. */
int block_signal(void)
{
    sigset_t one;
    sigemptyset(&one);
    sigaddset(&one, SIGUSR1);
    return pthread_sigmask(SIG_BLOCK, &one, NULL);
}

/* Whether fork fails where this user may have no further process. As root the process becomes another's. */
int fork_refused(void)
{
    struct rlimit before;
    struct rlimit none;
    if (geteuid() == 0 && setuid(65534) != 0)
        return FAILED;
    getrlimit(RLIMIT_NPROC, &before);
    none = (struct rlimit){.rlim_cur = 0, .rlim_max = before.rlim_max};
    setrlimit(RLIMIT_NPROC, &none);
    pid_t child = fork();
    int error = errno;
    if (child == 0)
        _exit(7);
    setrlimit(RLIMIT_NPROC, &before);
    if (child > 0)
        outcome_of(child);
    return child < 0 && error == EAGAIN;
}

int own_thread(void)
{
    return (int)syscall(SYS_gettid);
}

/* A child that ends at once, and is not reaped. Its number. */
int fork_only(void)
{
    pid_t child = fork();
    if (child == 0)
        _exit(7);
    return child;
}

/* A child whose own child says how it ended. */
int fork_in_child(void)
{
    pid_t child = fork();
    if (child == 0) {
        alarm(10);
        signal(SIGALRM, SIG_DFL);
        _exit(fork_and_end());
    }
    return outcome_of(child);
}

/* Kills and reaps a child. */
int end_child(int child)
{
    kill(child, SIGKILL);
    return outcome_of(child);
}

/* 1 where the child's copy of two numbers that belong together is not whole, 0 where it is. */
int child_sees_torn(const volatile long *pair)
{
    pid_t child = fork();
    if (child == 0)
        _exit(pair[0] != pair[1]);
    return outcome_of(child);
}

/* The same by a child that executes a program which says so. */
int child_sees_torn_and_execs(const volatile long *pair)
{
    pid_t child = fork();
    if (child == 0) {
        if (pair[0] != pair[1])
            execl("/bin/false", "false", (char *)NULL);
        else
            execl("/bin/true", "true", (char *)NULL);
        _exit(127);
    }
    return outcome_of(child);
}

/* As install_forking_handler, with a handler that does not keep further signals waiting. */
int install_undeferred_forking_handler(void)
{
    struct sigaction action = {.sa_handler = fork_in_handler, .sa_flags = SA_RESTART | SA_ONSTACK | SA_NODEFER};
    return sigaction(SIGUSR1, &action, NULL);
}
