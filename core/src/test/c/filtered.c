/*
 * filtered NAME[,NAME...] COMMAND...: runs the command where these system calls are refused with ENOSYS, as by an emulator or a seccomp
 * profile.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

static const struct {
    const char *name;
    unsigned int number;
} calls[] = {
    {"set_robust_list", SYS_set_robust_list},
    {"get_robust_list", SYS_get_robust_list},
    {"process_vm_readv", SYS_process_vm_readv},
    {"madvise", SYS_madvise},
    {"ptrace", SYS_ptrace},
};

static int refuse(unsigned int number)
{
    struct sock_filter filter[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, number, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_fprog program = {sizeof filter / sizeof filter[0], filter};
    return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
}

int main(int argc, char **argv)
{
    if (argc < 3)
        return 64;
    for (char *name = strtok(argv[1], ","); name; name = strtok(NULL, ",")) {
        size_t i = 0;
        while (i < sizeof calls / sizeof calls[0] && strcmp(calls[i].name, name))
            i++;
        if (i == sizeof calls / sizeof calls[0] || refuse(calls[i].number)) {
            perror(name);
            return 1;
        }
    }
    execvp(argv[2], argv + 2);
    return 127;
}
