/*
 * Forks in a JVM that "mortmain claims" or "mortmain torture" starts and that loads this, as a native library may. Nothing of Java runs in a
 * child, which has an alarm and, unless it is there to outlive its parent, dies with it.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "inherited.h"
#include "outlive.h"

enum { GUARD_SECONDS = 20, GUARD_SECONDS_IN_JAVA = 5, TEXT = 64 };

/* What the child sees, in memory that it has in common with its parent. */
struct seen {
    char data[TEXT], region[TEXT], calls[TEXT];
};

static void be_a_child(unsigned int seconds) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    alarm(seconds);
}

static void look(struct seen *seen, const int64_t *data, const char *calls, const char *path) {
    int mapped = is_mapped(path);
    strcpy(seen->data, data[0] == data[1] ? "whole" : "half changed");
    strcpy(seen->region, mapped < 0 ? "not known" : mapped ? "there" : "not there");
    strncpy(seen->calls, calls, TEXT - 1);
}

static int await(pid_t child) {
    int status = -1;
    return child > 0 && waitpid(child, &status, 0) == child && status == 0;
}

/* What the child of a fork sees of two numbers, of a text, and of a file that is mapped; 0 if it did not come to its end. */
int fork_and_look(const int64_t *data, const char *calls, const char *path, struct seen *result) {
    struct seen *seen = mmap(NULL, sizeof *seen, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (seen == MAP_FAILED) {
        return 0;
    }
    pid_t child = fork();
    if (child == 0) {
        be_a_child(GUARD_SECONDS);
        look(seen, data, calls, path);
        _exit(0);
    }
    int ended = await(child);
    *result = *seen;
    munmap(seen, sizeof *seen);
    return ended;
}

/* Returns in both, and so the child goes on in Java, which no program should do. A bare clone is a fork of which the C library does not know. */
int fork_to_java(int bare) {
    pid_t child = bare ? (pid_t)syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0) : fork();
    if (child == 0) {
        be_a_child(GUARD_SECONDS_IN_JAVA);
    }
    return child;
}

/* Ends the child, whatever else of Java was to come. */
int end_child(void) {
    _exit(0);
}

/* Whether it came to its end. */
int await_child(int child) {
    return await(child);
}

/* The exit code of a program that the child executes at once, or -1. */
int fork_and_execute(const char *program, const char *first, const char *second) {
    int status = -1;
    pid_t child = fork();
    if (child == 0) {
        be_a_child(GUARD_SECONDS);
        execl(program, program, first, second, (char *)NULL);
        _exit(127);
    }
    return child > 0 && waitpid(child, &status, 0) == child && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* The number of a child that is there as long as the file is. */
int fork_that_outlives(const char *file) {
    return fork_outliving(file);
}

static volatile sig_atomic_t forked, handled;

static void fork_in_handler(int number) {
    (void)number;
    pid_t child = fork();
    if (child == 0) {
        _exit(0);
    }
    forked = await(child);
    handled = 1;
}

int own_thread(void) {
    return (int)syscall(SYS_gettid);
}

/* Interrupts a thread by a signal whose handler forks; 0 if no child came of it. */
int fork_in_signal_handler(int thread) {
    struct sigaction action = {.sa_handler = fork_in_handler, .sa_flags = SA_RESTART | SA_ONSTACK}, before;
    struct timespec slice = {0, 1000000};
    forked = handled = 0;
    sigaction(SIGUSR1, &action, &before);
    syscall(SYS_tgkill, getpid(), thread, SIGUSR1);
    for (int i = 0; i < GUARD_SECONDS * 1000 && !handled; i++) {
        nanosleep(&slice, NULL);
    }
    sigaction(SIGUSR1, &before, NULL);
    return forked;
}
