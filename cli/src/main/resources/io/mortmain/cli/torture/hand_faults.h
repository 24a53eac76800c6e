/*
 * What the C hand does to its own threads and to other processes, so that a lock is lost. Included by hand.c only.
 */
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { COMMAND = 128, CANNOT_EXECUTE = 127 };

/* 0, or the error that the call left. */
static int error_of(long result) {
    return result == -1 ? errno : 0;
}

/* Registers another list in place of glibc's, as a second runtime in the thread would. */
static int replace_robust_list(void) {
    static _Thread_local struct {
        void *list;
        long futex_offset;
        void *pending;
    } head;
    head.list = &head;
    return error_of(syscall(SYS_set_robust_list, &head, sizeof head));
}

/* The system call is refused from now on, in every thread, also in programs that are executed. */
static int refuse_call(unsigned int number) {
    struct sock_filter filter[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, number, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_fprog program = {sizeof filter / sizeof filter[0], filter};
    return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ? errno : error_of(syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC, &program));
}

/* Threads that start from now on have no robust list, and glibc does not notice. */
static int forbid_robust_list(void) {
    return refuse_call(SYS_set_robust_list);
}

/* A command where robust lists are refused: to be set, or, as emulators do, to be looked at too. */
static int run_without_robust_list(int emulated, char **command) {
    int refused = forbid_robust_list();
    if (refused == 0 && emulated) {
        refused = refuse_call(SYS_get_robust_list);
    }
    if (refused == 0) {
        execv(command[0], command);
    }
    return CANNOT_EXECUTE;
}

/* Room for a core dump that takes a while: the kernel leaves out pages that were never written. */
static int prepare_core_dump(const char *folder, size_t megabytes) {
    struct rlimit unlimited = {RLIM_INFINITY, RLIM_INFINITY};
    char *memory = malloc(megabytes << 20);
    if (memory == NULL || chdir(folder) != 0 || setrlimit(RLIMIT_CORE, &unlimited) != 0) {
        return errno;
    }
    memset(memory, 1, megabytes << 20);
    return memory[7] == 1 ? 0 : EINVAL;
}

static int pin_all(pid_t process) {
    char command[COMMAND];
    snprintf(command, sizeof command, "taskset -acp 0 %d >/dev/null 2>&1", process);
    return system(command);
}

/* Kills the process and takes its private memory, with its robust lists, before its threads can walk them. */
static int release_memory(pid_t process) {
    struct sched_param first = {sched_get_priority_max(SCHED_FIFO)};
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(0, &one);
    int handle = (int)syscall(SYS_pidfd_open, process, 0);
    if (handle < 0 || pin_all(process) != 0 || sched_setaffinity(0, sizeof one, &one) != 0) {
        return errno == 0 ? ESRCH : errno;
    }
    int refused = error_of(sched_setscheduler(0, SCHED_FIFO, &first));
    kill(process, SIGKILL);
    int result = error_of(syscall(SYS_process_mrelease, handle, 0));
    first.sched_priority = 0;
    sched_setscheduler(0, SCHED_OTHER, &first);
    close(handle);
    return result != 0 ? result : refused;
}

/* Releases, so that a sleeper is woken; takes the mutex again before it runs; kills it; when it is dead, releases again. */
static int barge(pthread_mutex_t *mutex, pid_t sleeper) {
    struct sched_param first = {sched_get_priority_max(SCHED_FIFO)};
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(0, &one);
    if (pin_all(sleeper) != 0 || sched_setaffinity(0, sizeof one, &one) != 0 || sched_setscheduler(0, SCHED_FIFO, &first) != 0) {
        return EPERM;
    }
    struct pollfd end = {(int)syscall(SYS_pidfd_open, sleeper, 0), POLLIN, 0};
    pthread_mutex_unlock(mutex);
    int result = pthread_mutex_trylock(mutex);
    kill(sleeper, SIGKILL);
    poll(&end, 1, -1);
    close(end.fd);
    if (result == 0) {
        pthread_mutex_unlock(mutex);
    }
    first.sched_priority = 0;
    sched_setscheduler(0, SCHED_OTHER, &first);
    return result;
}

static void be_victim(pthread_mutex_t *mutex, int unlocks) {
    ptrace(PTRACE_TRACEME, 0, 0, 0);
    if (unlocks) {
        pthread_mutex_lock(mutex);
    }
    raise(SIGSTOP);
    if (unlocks) {
        pthread_mutex_unlock(mutex);
    } else {
        pthread_mutex_lock(mutex);
    }
    raise(SIGSTOP);
    _exit(0);
}

/* Kills a process after so many machine instructions of lock or unlock. 1 if it was through before, 0 if not. */
static int kill_at_step(pthread_mutex_t *mutex, int unlocks, int steps) {
    int status, through = 0;
    pid_t victim = fork();
    if (victim == 0) {
        be_victim(mutex, unlocks);
    }
    waitpid(victim, &status, 0);
    for (int i = 0; i < steps && !through; i++) {
        ptrace(PTRACE_SINGLESTEP, victim, 0, 0);
        waitpid(victim, &status, 0);
        through = !WIFSTOPPED(status) || WSTOPSIG(status) == SIGSTOP;
    }
    kill(victim, SIGKILL);
    waitpid(victim, &status, 0);
    return through;
}
