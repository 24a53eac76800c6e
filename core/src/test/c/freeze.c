/* freeze PID: stops the process under ptrace, says "frozen"; at the next line lets it go on and says "thawed". */
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/wait.h>

int main(int count, char **arguments) {
    char line[64];
    int status;
    pid_t pid = count > 1 ? atoi(arguments[1]) : 0;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (ptrace(PTRACE_SEIZE, pid, 0, 0) != 0 || ptrace(PTRACE_INTERRUPT, pid, 0, 0) != 0 ||
        waitpid(pid, &status, __WALL) != pid) {
        perror("ptrace");
        return 1;
    }
    puts("frozen");
    fflush(stdout);
    if (fgets(line, sizeof line, stdin) != NULL) {
        ptrace(PTRACE_DETACH, pid, 0, 0);
        puts("thawed");
    }
    return 0;
}
