/*
 * Runs a program and kills it at a chosen instant of one of its threads.
 *
 *   kill_at syscall N COMMAND…          at the N-th system call of the thread, after the kernel did it
 *   kill_at store   N FILE COMMAND…     after the N-th machine instruction of the thread that changed a byte of FILE: of its first
 *                                       directory entries or mutexes, or with FILE@OFFSET, of what stands there
 *
 * The program says "thread TID" on its standard output when that thread is about to read a line from its standard input, and the
 * thread ends when it is through. Says "killed at N" or, when the thread ended first, "ended after N", and whatever the program says.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { LONGEST_FILE = 1 << 20, GUARD_SECONDS = 60 };

static pid_t child;

static void fail(const char *what)
{
    printf("failed %s: %s\n", what, strerror(errno));
    fflush(stdout);
    if (child > 0)
        kill(child, SIGKILL);
    exit(2);
}

static pid_t start(char **command, int *to_child)
{
    int in[2], out[2];
    if (pipe(in) || pipe(out))
        fail("pipe");
    child = fork();
    if (child == 0) {
        dup2(in[0], 0);
        dup2(out[1], 1);
        dup2(out[1], 2);
        close(in[0]);
        close(in[1]);
        close(out[0]);
        close(out[1]);
        execv(command[0], command);
        _exit(127);
    }
    close(in[0]);
    close(out[1]);
    *to_child = in[1];
    FILE *said = fdopen(out[0], "r");
    char line[4096];
    while (fgets(line, sizeof line, said)) {
        pid_t thread;
        if (sscanf(line, "thread %d", &thread) == 1)
            return thread;
        fputs(line, stdout);
    }
    printf("failed: the program ended before it named a thread\n");
    exit(2);
}

static void end(const char *how, long count)
{
    printf("%s %ld\n", how, count);
    fflush(stdout);
    kill(child, SIGKILL);
    int status;
    while (waitpid(-1, &status, __WALL) > 0)
        ;
    exit(0);
}

/* Lets the thread run to its next stop; what signal to deliver then, or -1 at a stop that counts. */
static int next_stop(enum __ptrace_request request, pid_t thread, int signal, long count)
{
    int status;
    if (ptrace(request, thread, 0, (long) signal))
        end("ended after", count);
    if (waitpid(thread, &status, __WALL) < 0 || !WIFSTOPPED(status))
        end("ended after", count);
    int stop = WSTOPSIG(status);
    if (status >> 16 == PTRACE_EVENT_STOP)
        return 0;
    if (stop == (SIGTRAP | 0x80) || (stop == SIGTRAP && request == PTRACE_SINGLESTEP))
        return -1;
    return stop;
}

static void at_syscall(pid_t thread, long wanted)
{
    long count = 0;
    int signal = 0, leaving = 0;
    while (count < wanted) {
        signal = next_stop(PTRACE_SYSCALL, thread, signal, count);
        if (signal >= 0)
            continue;
        signal = 0;
        leaving = !leaving;
        if (!leaving)
            count++;
    }
    end("killed at", count);
}

static void at_store(pid_t thread, long wanted, char *path)
{
    static unsigned char before[LONGEST_FILE];
    struct stat status;
    char *at = strchr(path, '@');
    size_t data = at ? strtoul(at + 1, NULL, 10) : 0;
    if (at)
        *at = 0;
    int file = open(path, O_RDONLY);
    if (file < 0 || fstat(file, &status) || status.st_size > LONGEST_FILE)
        fail(path);
    const unsigned char *now = mmap(0, status.st_size, PROT_READ, MAP_SHARED, file, 0);
    if (now == MAP_FAILED)
        fail("mmap");
    memcpy(before, now, status.st_size);
    /* What is compared after each instruction: the first entries of the directory and the first slots of the lock area, and the data. */
    size_t directory = 8192, locks = 65536, length = 1024;
    long count = 0;
    int signal = 0;
    while (count < wanted) {
        signal = next_stop(PTRACE_SINGLESTEP, thread, signal, count);
        if (signal >= 0)
            continue;
        signal = 0;
        if (memcmp(before + directory, now + directory, length) || memcmp(before + locks, now + locks, length)
            || memcmp(before + data, now + data, length)) {
            memcpy(before + directory, now + directory, length);
            memcpy(before + locks, now + locks, length);
            memcpy(before + data, now + data, length);
            count++;
        }
    }
    end("killed at", count);
}

int main(int argc, char **argv)
{
    int stores = argc > 4 && strcmp(argv[1], "store") == 0;
    if (argc < 4 || (!stores && strcmp(argv[1], "syscall")))
        return 64;
    alarm(GUARD_SECONDS);
    int to_child;
    pid_t thread = start(argv + (stores ? 4 : 3), &to_child);
    int status;
    if (ptrace(PTRACE_SEIZE, thread, 0, (long) PTRACE_O_TRACESYSGOOD) || ptrace(PTRACE_INTERRUPT, thread, 0, 0)
        || waitpid(thread, &status, __WALL) < 0)
        fail("ptrace");
    if (write(to_child, "go\n", 3) != 3)
        fail("write");
    if (stores)
        at_store(thread, atol(argv[2]), argv[3]);
    else
        at_syscall(thread, atol(argv[2]));
    return 0;
}
