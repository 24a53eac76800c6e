/* The error numbers of this machine, one "NAME number" a line. */
#include <errno.h>
#include <stdio.h>

#define SAY(name) printf(#name " %d\n", name)

int main(void)
{
    SAY(EPERM), SAY(ENOENT), SAY(ESRCH), SAY(EINTR), SAY(EIO), SAY(ENXIO), SAY(E2BIG), SAY(ENOEXEC), SAY(EBADF), SAY(ECHILD), SAY(EAGAIN), SAY(ENOMEM), SAY(EACCES), SAY(EFAULT);
    SAY(EEXIST), SAY(EXDEV), SAY(ENODEV), SAY(ENOTDIR), SAY(EISDIR), SAY(EINVAL), SAY(ENFILE), SAY(EMFILE), SAY(ETXTBSY), SAY(EFBIG);
    SAY(ENOSPC), SAY(EROFS), SAY(EPIPE), SAY(ENAMETOOLONG), SAY(ENOSYS), SAY(ELOOP), SAY(EOPNOTSUPP), SAY(ETIMEDOUT), SAY(EDQUOT);
    return 0;
}
