/*
 * A thread with a robust list of the test's own, and its death. The list stands in a file, which the dying process maps at a fixed place,
 * with as much of it readable and writable as the test wants. The list head is at its beginning.
 *
 *   mortal FILE SIZE
 *
 * Commands, one a line, each answered by one line:
 *   born DEATH PAGES    a new process with a thread that is going to have the list; "born TID PID"
 *                       PAGES: a letter for each 64 KiB of the file: w writable, r read only, - not mapped
 *   die                 it has it, and dies; "dead" when that is through, so that the kernel will not look at the list any more
 *   bury                what is left of the process is killed
 *
 * Deaths:
 *   thread      the thread ends, the process lives on
 *   killed      SIGKILL for the process, the thread being its first
 *   killed-all  SIGKILL for the process, the thread being its second
 *   exit        the first thread calls exit_group, the thread being the second
 *   exec        the thread, the first, starts another program in its process
 *   exec-other  the thread, the second, starts another program in its process, and gets the number of the first
 *   forked      the child of a process whose thread has the list ends
 */
#include "stage.h"
#include <linux/futex.h>
#include <pthread.h>
#include <semaphore.h>

#define BASE ((char *)0x1000000000)
enum { PAGE = 1 << 16 };

static const char *path;
static size_t size;
static char death[16];
static pid_t process;
static int to_process, from_process;

/* Of the new process. */
static int in, out;
static pid_t second;
static sem_t is_born, has_list;

static int is(const char *name)
{
    return strcmp(death, name) == 0;
}

static void tell(long number)
{
    if (write(out, &number, sizeof number) != sizeof number)
        _exit(3);
}

static void await_command(void)
{
    char byte;
    if (read(in, &byte, 1) != 1)
        _exit(4);
}

static void set_list(void)
{
    if (syscall(SYS_set_robust_list, BASE, sizeof(struct robust_list_head)) != 0)
        _exit(5);
}

static void rest(void)
{
    for (;;)
        pause();
}

static void start_other_program(void)
{
    char number[16];
    snprintf(number, sizeof number, "%d", out);
    execl("/proc/self/exe", "mortal", number, (char *)NULL);
    _exit(6);
}

/* What the thread does that has the list. */
static void *live(void *unused)
{
    second = (pid_t)syscall(SYS_gettid);
    sem_post(&is_born);
    tell(second);
    await_command();
    set_list();
    sem_post(&has_list);
    if (is("thread"))
        syscall(SYS_exit, 0);
    if (is("exec") || is("exec-other"))
        start_other_program();
    if (is("killed") || is("killed-all"))
        tell(0);
    rest();
    return unused;
}

/* What the first thread does when the second has the list. */
static void live_beside(void)
{
    pthread_t thread;
    if (pthread_create(&thread, NULL, live, NULL) != 0)
        _exit(7);
    sem_wait(&is_born);
    sem_wait(&has_list);
    if (is("exit"))
        _exit(0);
    if (is("thread")) {
        /* It has a number until the kernel has done with it, the list long before. */
        while (syscall(SYS_tgkill, getpid(), second, 0) == 0)
            pause_shortly();
        tell(0);
    }
    rest();
}

static void fork_and_see_it_die(void)
{
    set_list();
    /* Not fork: glibc's gives the child a list of its own. */
    pid_t child = (pid_t)syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);
    if (child == 0) {
        syscall(SYS_prctl, PR_SET_PDEATHSIG, SIGKILL);
        tell(syscall(SYS_getpid));
        await_command();
        syscall(SYS_exit_group, 0);
    }
    if (waitpid(child, NULL, 0) != child)
        _exit(8);
    tell(0);
    rest();
}

static void map_pages(const char *pages)
{
    map(path, size, BASE, MAP_FIXED_NOREPLACE);
    for (size_t i = 0; i < strlen(pages); i++) {
        if (pages[i] == '-')
            munmap(BASE + i * PAGE, PAGE);
        else if (pages[i] == 'r')
            mprotect(BASE + i * PAGE, PAGE, PROT_READ);
    }
}

static void be_born(const char *pages)
{
    map_pages(pages);
    sem_init(&is_born, 0, 0);
    sem_init(&has_list, 0, 0);
    if (is("forked"))
        fork_and_see_it_die();
    else if (is("killed") || is("exec"))
        live(NULL);
    else
        live_beside();
}

static long told(void)
{
    long number;
    if (read(from_process, &number, sizeof number) != sizeof number)
        fail("the process ended");
    return number;
}

static void born(const char *pages)
{
    int down[2], up[2];
    if (pipe2(down, O_CLOEXEC) != 0 || pipe(up) != 0)
        fail("pipe");
    process = fork_child();
    if (process == 0) {
        close(down[1]);
        close(up[0]);
        in = down[0];
        out = up[1];
        be_born(pages);
    }
    close(down[0]);
    close(up[1]);
    to_process = down[1];
    from_process = up[0];
    say("born %ld %d", told(), process);
}

static void die(void)
{
    if (write(to_process, "", 1) != 1)
        fail("write");
    if (!is("exit"))
        told();
    if (is("killed") || is("killed-all"))
        kill(process, SIGKILL);
    if (is("exit") || is("killed") || is("killed-all")) {
        if (waitpid(process, NULL, 0) != process)
            fail("waitpid");
        process = 0;
    }
    say("dead");
}

static void bury(void)
{
    close(to_process);
    close(from_process);
    if (process > 0)
        end(process);
    process = 0;
    say("buried");
}

static void obey(const char *command)
{
    char pages[128];
    if (sscanf(command, "born %15s %127s", death, pages) == 2) {
        born(pages);
    } else if (strcmp(command, "die") == 0) {
        die();
    } else if (strcmp(command, "bury") == 0) {
        bury();
    } else {
        errno = EINVAL;
        fail(command);
    }
}

/* The program that another one has become: the kernel has done with what that one left. */
static int live_on(const char *number)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    out = (int)strtol(number, NULL, 10);
    tell(0);
    rest();
    return 0;
}

int main(int argc, char **argv)
{
    if (argc == 2)
        return live_on(argv[1]);
    if (argc != 3)
        return 2;
    path = argv[1];
    size = strtoul(argv[2], NULL, 10);
    obey_all(obey);
    return 0;
}
