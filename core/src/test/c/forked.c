/* Forks below a JVM; the child, in C, says what it reads at an address, and ends. */
#define _GNU_SOURCE
#include <sys/wait.h>
#include <unistd.h>

/* The int that a forked child sees there, 0 to 255; -1 when something failed. */
int seen_by_child(const volatile int *address, int *parent_sees)
{
    *parent_sees = *address;
    pid_t child = _Fork();
    if (child == 0)
        _exit(*address == 0 ? 0 : 1);
    int status;
    if (child < 0 || waitpid(child, &status, 0) != child || !WIFEXITED(status))
        return -1;
    return WEXITSTATUS(status);
}
