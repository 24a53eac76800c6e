/*
 * Processes that sleep on words of a file, each in its own FUTEX_WAIT, and the wake-ups for them.
 *
 *   sleepers FILE SIZE
 *
 * Commands, one a line, each answered by one line:
 *   sleep OFFSET VALUE          a new process sleeps while the word is VALUE; "slept asleep", or "slept ended" when it does not sleep
 *   doze OFFSET VALUE MILLIS    the same for so long at most, and that is over: "slept ended"
 *   held OFFSET VALUE           the same as sleep, and when it is woken it stops before it is back in its own code
 *   may-hold                    "may-hold 0", or the number of the error because of which "held" cannot be had here
 *   wake OFFSET N               "woke N", as many as the kernel says
 *   kill I                      kills the I-th process; one that is held first gets to where it stops; "killed"
 *   settle                      waits for everybody who does not sleep any more, and says of each in order how it ended: "woken", "again" (the
 *                               word was not as expected), "timed-out", "killed" or "asleep"; then wakes the rest, and all are gone
 */
#include "stage.h"
#include <limits.h>
#include <linux/futex.h>
#include <sys/ptrace.h>

enum { MOST = 16 };

enum fate { ASLEEP, WOKEN, AGAIN, TIMED_OUT, KILLED };

static const char *const NAMES[] = {"asleep", "woken", "again", "timed-out", "killed"};

struct sleeper {
    pid_t process;
    uint32_t *word;
    int is_held;
    enum fate fate;
};

static char *base;
static struct sleeper sleepers[MOST];
static int count;

static long futex(uint32_t *word, int operation, uint32_t value, void *second, uint32_t *other)
{
    return syscall(SYS_futex, word, operation, value, second, other, 0);
}

/* How many sleep on the word: they are put from its queue into the same queue, and none is woken. */
static int asleep_on(uint32_t *word)
{
    long moved = futex(word, FUTEX_REQUEUE, 0, (void *)(long)INT_MAX, word);
    if (moved < 0)
        fail("FUTEX_REQUEUE");
    return (int)moved;
}

static enum fate fate_of(int status)
{
    if (!WIFEXITED(status))
        return KILLED;
    switch (WEXITSTATUS(status)) {
    case 0:
        return WOKEN;
    case EAGAIN:
        return AGAIN;
    case ETIMEDOUT:
        return TIMED_OUT;
    default:
        errno = WEXITSTATUS(status);
        fail("FUTEX_WAIT");
        return KILLED;
    }
}

static void look_after(struct sleeper *sleeper, int options)
{
    int status;
    if (sleeper->fate != ASLEEP)
        return;
    pid_t ended = waitpid(sleeper->process, &status, options);
    if (ended < 0)
        fail("waitpid");
    if (ended > 0 && !WIFSTOPPED(status))
        sleeper->fate = fate_of(status);
}

/* What the kernel says of a process that has stopped or is about to. */
static struct __ptrace_syscall_info at_stop(pid_t process)
{
    struct __ptrace_syscall_info info = {0};
    int status;
    if (waitpid(process, &status, 0) != process || !WIFSTOPPED(status))
        fail("the stop of a held process");
    if (ptrace(PTRACE_GET_SYSCALL_INFO, process, (void *)sizeof info, &info) < 0)
        fail("PTRACE_GET_SYSCALL_INFO");
    return info;
}

static void run_on(pid_t process)
{
    if (ptrace(PTRACE_SYSCALL, process, NULL, NULL) != 0)
        fail("PTRACE_SYSCALL");
}

/* From its first stop into its futex call, so that it stops again at the end of that. */
static void run_into_futex(pid_t process)
{
    at_stop(process);
    if (ptrace(PTRACE_SETOPTIONS, process, NULL, PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL) != 0)
        fail("PTRACE_SETOPTIONS");
    for (;;) {
        run_on(process);
        struct __ptrace_syscall_info info = at_stop(process);
        if (info.op == PTRACE_SYSCALL_INFO_ENTRY && info.entry.nr == SYS_futex)
            break;
    }
    run_on(process);
}

static pid_t begin(uint32_t *word, uint32_t value, const struct timespec *most, int held)
{
    pid_t process = fork_child();
    if (process != 0)
        return process;
    if (held && (ptrace(PTRACE_TRACEME, 0, NULL, NULL) != 0 || kill(getpid(), SIGSTOP) != 0))
        _exit(errno);
    _exit(futex(word, FUTEX_WAIT, value, (void *)most, NULL) == 0 ? 0 : errno);
}

static void start(long offset, uint32_t value, const struct timespec *most, int held)
{
    if (count == MOST)
        fail("too many sleepers");
    uint32_t *word = (uint32_t *)(base + offset);
    int before = asleep_on(word);
    struct sleeper *sleeper = &sleepers[count++];
    *sleeper = (struct sleeper){.word = word, .is_held = held, .fate = ASLEEP};
    sleeper->process = begin(word, value, most, held);
    if (held)
        run_into_futex(sleeper->process);
    while ((most || asleep_on(word) == before) && sleeper->fate == ASLEEP) {
        pause_shortly();
        look_after(sleeper, WNOHANG);
    }
    say(sleeper->fate == ASLEEP ? "slept asleep" : "slept ended");
}

static void may_hold(void)
{
    int status;
    pid_t process = begin((uint32_t *)base, 1, NULL, 1);
    if (waitpid(process, &status, 0) != process)
        fail("waitpid");
    if (WIFEXITED(status)) {
        say("may-hold %d", WEXITSTATUS(status));
        return;
    }
    struct __ptrace_syscall_info info;
    say("may-hold %d", ptrace(PTRACE_GET_SYSCALL_INFO, process, (void *)sizeof info, &info) < 0 ? errno : 0);
    end(process);
}

static void kill_one(int index)
{
    struct sleeper *sleeper = &sleepers[index];
    if (sleeper->is_held) {
        struct __ptrace_syscall_info info = at_stop(sleeper->process);
        if (info.op != PTRACE_SYSCALL_INFO_EXIT || info.exit.rval != 0)
            fail("a held call ended without a wake-up");
    }
    end(sleeper->process);
    sleeper->fate = KILLED;
    say("killed");
}

/* Those of the word whose end has not been seen. */
static int unseen_on(const uint32_t *word)
{
    int unseen = 0;
    for (int i = 0; i < count; i++)
        unseen += sleepers[i].word == word && sleepers[i].fate == ASLEEP;
    return unseen;
}

/* Everybody who was taken from the word's queue comes to his end; then the kernel is asked to wake the rest, and says how many those were. */
static void settle_word(uint32_t *word)
{
    int asleep = asleep_on(word);
    while (unseen_on(word) > asleep) {
        pause_shortly();
        for (int i = 0; i < count; i++)
            if (sleepers[i].word == word)
                look_after(&sleepers[i], WNOHANG);
    }
    if (futex(word, FUTEX_WAKE, INT_MAX, NULL, NULL) != asleep)
        fail("somebody slept who was not counted");
}

static int is_first_on_word(int index)
{
    for (int i = 0; i < index; i++)
        if (sleepers[i].word == sleepers[index].word)
            return 0;
    return 1;
}

static void settle(void)
{
    char text[MOST * 16] = "settled";
    for (int i = 0; i < count; i++)
        if (is_first_on_word(i))
            settle_word(sleepers[i].word);
    for (int i = 0; i < count; i++) {
        strcat(strcat(text, " "), NAMES[sleepers[i].fate]);
        if (sleepers[i].fate == ASLEEP)
            end(sleepers[i].process);
    }
    count = 0;
    say("%s", text);
}

static void obey(const char *command)
{
    long offset, millis;
    unsigned value;
    int number;
    if (sscanf(command, "sleep %ld %u", &offset, &value) == 2) {
        start(offset, value, NULL, 0);
    } else if (sscanf(command, "doze %ld %u %ld", &offset, &value, &millis) == 3) {
        start(offset, value, &(struct timespec){.tv_nsec = millis * 1000000}, 0);
    } else if (sscanf(command, "held %ld %u", &offset, &value) == 2) {
        start(offset, value, NULL, 1);
    } else if (strcmp(command, "may-hold") == 0) {
        may_hold();
    } else if (sscanf(command, "wake %ld %d", &offset, &number) == 2) {
        say("woke %ld", futex((uint32_t *)(base + offset), FUTEX_WAKE, number, NULL, NULL));
    } else if (sscanf(command, "kill %d", &number) == 1 && number < count) {
        kill_one(number);
    } else if (strcmp(command, "settle") == 0) {
        settle();
    } else {
        errno = EINVAL;
        fail(command);
    }
}

int main(int argc, char **argv)
{
    if (argc != 3)
        return 2;
    base = map(argv[1], strtoul(argv[2], NULL, 10), NULL, 0);
    obey_all(obey);
    return 0;
}
