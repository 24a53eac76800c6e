/* A child that outlives its parent. Included by jvm_forks.c and by the hand of "mortmain torture". */
#include <fcntl.h>
#include <time.h>
#include <unistd.h>

enum { OUTLIVING_SECONDS = 90 };

/* The only thing that a child does: to be there as long as a file is, and no longer than the guard. The streams are left to others. */
static void outlive(const char *file) {
    struct timespec slice = {0, 20000000};
    alarm(OUTLIVING_SECONDS);
    close(0);
    close(1);
    close(2);
    while (access(file, F_OK) == 0) {
        nanosleep(&slice, NULL);
    }
    _exit(0);
}

/* Forks one that has all that its parent has. Its number, or -1. */
static pid_t fork_outliving(const char *file) {
    pid_t child = fork();
    if (child == 0) {
        outlive(file);
    }
    return child;
}
