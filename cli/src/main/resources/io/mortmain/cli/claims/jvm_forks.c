/*
 * Forks in the JVM that "mortmain claims" loads this into, as a native library may. Nothing of Java runs in the child, which has an alarm and dies
 * with its parent.
 */
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <unistd.h>

enum { GUARD_SECONDS = 20, TEXT = 64, MOST_MAPS = 1 << 20 };

/* What the child sees, in memory that it has in common with its parent. */
struct seen {
    char data[TEXT], region[TEXT], calls[TEXT];
};

/* Whether a file is in the memory of this process, under whatever name; -1 if that is not known. */
int is_mapped(const char *path) {
    static char maps[MOST_MAPS];
    char entry[TEXT];
    struct stat file;
    size_t length = 0;
    ssize_t more = 1;
    int source = open("/proc/self/maps", O_RDONLY | O_CLOEXEC);
    while (source >= 0 && more > 0) {
        more = read(source, maps + length, sizeof maps - 1 - length);
        length += more > 0 ? (size_t)more : 0;
    }
    close(source);
    maps[length] = 0;
    if (length == 0 || length == sizeof maps - 1 || stat(path, &file) != 0) {
        return -1;
    }
    snprintf(entry, sizeof entry, " %02x:%02x %lu ", major(file.st_dev), minor(file.st_dev), (unsigned long)file.st_ino);
    return strstr(maps, entry) != NULL;
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
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        alarm(GUARD_SECONDS);
        look(seen, data, calls, path);
        _exit(0);
    }
    int ended = await(child);
    *result = *seen;
    munmap(seen, sizeof *seen);
    return ended;
}

static volatile sig_atomic_t forked;

static void fork_in_handler(int number) {
    (void)number;
    pid_t child = fork();
    if (child == 0) {
        _exit(0);
    }
    forked = await(child);
}

/* Interrupts the calling thread by a signal whose handler forks; 0 if no child came of it. */
int fork_in_signal_handler(void) {
    struct sigaction action = {.sa_handler = fork_in_handler, .sa_flags = SA_RESTART | SA_ONSTACK}, before;
    forked = 0;
    sigaction(SIGUSR1, &action, &before);
    pthread_kill(pthread_self(), SIGUSR1);
    sigaction(SIGUSR1, &before, NULL);
    return forked;
}
