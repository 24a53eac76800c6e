/*
 * Prints what this machine's C headers, and mortmain.h, say of every number that the Java classes have too: "name value" lines, which
 * LayoutAgainstCTest compares, none left out on either side.
 */
#define _GNU_SOURCE
#include "mortmain.h"
#include <elf.h>
#include <linux/futex.h>
#include <linux/magic.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <time.h>

#define SAY(name, value) printf("%s %lld\n", name, (long long)(value))
#define CONSTANT(name) SAY(#name, name)
#define FIELD(class, name, type, field) SAY(class "." name, offsetof(type, field))
#define HEADER(name) SAY("RegionHeaderLayout." #name, MORTMAIN_HEADER_##name)
#define BLOCK(name) SAY("GuardedBlockLayout." #name, MORTMAIN_BLOCK_##name)
#define ENTRY(name) SAY("DirectoryEntryLayout." #name, MORTMAIN_ENTRY_##name)

static void mutex(void) {
    FIELD("GlibcMutexLayout", "LOCK", pthread_mutex_t, __data.__lock);
    FIELD("GlibcMutexLayout", "COUNT", pthread_mutex_t, __data.__count);
    FIELD("GlibcMutexLayout", "OWNER", pthread_mutex_t, __data.__owner);
    FIELD("GlibcMutexLayout", "USERS", pthread_mutex_t, __data.__nusers);
    FIELD("GlibcMutexLayout", "KIND", pthread_mutex_t, __data.__kind);
    FIELD("GlibcMutexLayout", "SPINS", pthread_mutex_t, __data.__spins);
    FIELD("GlibcMutexLayout", "PREVIOUS", pthread_mutex_t, __data.__list.__prev);
    FIELD("GlibcMutexLayout", "NODE", pthread_mutex_t, __data.__list.__next);
    SAY("GlibcMutexLayout.SIZE", sizeof(pthread_mutex_t));
    SAY("GlibcMutexLayout.WAITERS", (int)FUTEX_WAITERS);
    SAY("GlibcMutexLayout.OWNER_DIED", FUTEX_OWNER_DIED);
    SAY("GlibcMutexLayout.TID_MASK", FUTEX_TID_MASK);
    SAY("GlibcMutexLayout.KIND_NORMAL", PTHREAD_MUTEX_NORMAL);
    SAY("GlibcMutexLayout.KIND_RECURSIVE", PTHREAD_MUTEX_RECURSIVE);
    SAY("GlibcMutexLayout.KIND_ERROR_CHECKING", PTHREAD_MUTEX_ERRORCHECK);
    SAY("GlibcMutexLayout.KIND_TYPE_MASK", PTHREAD_MUTEX_NORMAL | PTHREAD_MUTEX_RECURSIVE | PTHREAD_MUTEX_ERRORCHECK);
    SAY("mutex.lock", MORTMAIN_MUTEX_LOCK);
    SAY("mutex.kind", MORTMAIN_MUTEX_KIND);
    SAY("mutex.size", MORTMAIN_MUTEX_SIZE);
    SAY("mutex.tid_mask", MORTMAIN_MUTEX_TID_MASK);
    SAY("mutex.kind_mask", MORTMAIN_MUTEX_KIND_MASK);
    SAY("mutex.kind_robust", MORTMAIN_MUTEX_KIND_ROBUST);
    SAY("mutex.kind_error_checking", MORTMAIN_MUTEX_KIND_ERROR_CHECKING);
}

/* A robust, process-shared mutex, made by this C library: the kind word and what the robust list's head says. */
static void living_mutex(void) {
    static const int types[] = {PTHREAD_MUTEX_NORMAL, PTHREAD_MUTEX_RECURSIVE, PTHREAD_MUTEX_ERRORCHECK};
    struct robust_list_head *head = NULL;
    size_t size = 0;
    for (int i = 0; i < 3; i++) {
        char name[32];
        pthread_mutex_t made;
        pthread_mutexattr_t attributes;
        pthread_mutexattr_init(&attributes);
        pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
        pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
        pthread_mutexattr_settype(&attributes, types[i]);
        pthread_mutex_init(&made, &attributes);
        snprintf(name, sizeof name, "kind.%d", types[i]);
        SAY(name, made.__data.__kind & 0xff); /* beyond: hints */
        pthread_mutex_lock(&made);
        if (i == 0) {
            syscall(SYS_get_robust_list, 0, &head, &size);
            SAY("node", (char *)head->list.next - (char *)&made);
        }
        pthread_mutex_unlock(&made);
    }
    SAY("futex_offset", head->futex_offset);
    SAY("head.size", size);
    FIELD("RobustListLayout", "FIRST", struct robust_list_head, list);
    FIELD("RobustListLayout", "FUTEX_OFFSET", struct robust_list_head, futex_offset);
    FIELD("RobustListLayout", "PENDING", struct robust_list_head, list_op_pending);
    SAY("RobustListLayout.SIZE", sizeof(struct robust_list_head));
    SAY("RobustListLayout.LIMIT", ROBUST_LIST_LIMIT);
    /* struct pthread is glibc's own: the thread's number is looked for before the head */
    for (long at = -4; at >= -64; at -= 4)
        if (*(int *)((char *)head + at) == gettid())
            SAY("RobustListLayout.THREAD_ID", at);
}

/* The special owners have no public name: a mutex is brought into each state, and looked at. */
static void *die(void *mutex) {
    pthread_mutex_lock((pthread_mutex_t *)mutex);
    return NULL;
}

static void special_owners(void) {
    pthread_mutex_t made;
    pthread_mutexattr_t attributes;
    pthread_t thread;
    pthread_mutexattr_init(&attributes);
    pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
    pthread_mutex_init(&made, &attributes);
    pthread_create(&thread, NULL, die, &made);
    pthread_join(thread, NULL);
    pthread_mutex_lock(&made);
    SAY("GlibcMutexLayout.OWNER_INCONSISTENT", made.__data.__owner);
    pthread_mutex_unlock(&made);
    SAY("GlibcMutexLayout.OWNER_NOT_RECOVERABLE", made.__data.__owner);
}

static void region(void) {
    HEADER(MAGIC);
    HEADER(VERSION);
    HEADER(ABI);
    HEADER(LAYOUT_HASH);
    HEADER(FILE_SIZE);
    HEADER(BOOT_ID);
    HEADER(PID_NAMESPACE);
    HEADER(MAX_OBJECTS);
    HEADER(FLAGS);
    HEADER(CAPACITY);
    HEADER(FIRST_CAPACITY);
    HEADER(CHECKSUM);
    HEADER(SIZE);
    SAY("RegionHeaderLayout.MAGIC_VALUE", MORTMAIN_MAGIC);
    SAY("RegionHeaderLayout.VERSION_VALUE", MORTMAIN_VERSION);
    SAY("RegionHeaderLayout.FLAG_SEVERAL_PID_NAMESPACES", MORTMAIN_FLAG_SEVERAL_PID_NAMESPACES);
    SAY("LayoutHash.VALUE", MORTMAIN_LAYOUT_HASH);
    SAY("abi", MORTMAIN_ABI);
    SAY("RegionGeometry.ALIGNMENT", MORTMAIN_ALIGNMENT);
    SAY("RegionGeometry.MAX_CAPACITY", MORTMAIN_MAX_CAPACITY);
    SAY("RegionGeometry.MAX_OBJECTS", MORTMAIN_MAX_OBJECTS);
    SAY("RegionGeometry.STATE_PAGE", MORTMAIN_STATE_PAGE);
    SAY("RegionGeometry.DIRECTORY", MORTMAIN_DIRECTORY);
    SAY("RegionGeometry.OWNER_AREA_SIZE", MORTMAIN_OWNER_AREA_SIZE);
    SAY("StatePageLayout.OPENERS", MORTMAIN_STATE_OPENERS);
    SAY("StatePageLayout.WRITTEN_END", MORTMAIN_STATE_WRITTEN_END);
    SAY("StatePageLayout.SIZE", MORTMAIN_STATE_SIZE);
    ENTRY(STATE);
    ENTRY(TYPE);
    ENTRY(OFFSET);
    ENTRY(LENGTH);
    ENTRY(KIND);
    ENTRY(NAME_LENGTH);
    ENTRY(NAME);
    ENTRY(NAME_SIZE);
    ENTRY(CHECKSUM);
    ENTRY(SIZE);
    ENTRY(STATE_FREE);
    ENTRY(STATE_PUBLISHED);
    ENTRY(TYPE_MUTEX);
    ENTRY(TYPE_MEMORY);
    ENTRY(TYPE_GUARDED);
    ENTRY(TYPE_COUNTER);
    ENTRY(TYPE_HEAP);
    SAY("MutexSlotLayout.MUTEX", MORTMAIN_SLOT_MUTEX);
    SAY("MutexSlotLayout.SIZE", MORTMAIN_SLOT_SIZE);
    BLOCK(SCHEMA_HASH);
    BLOCK(ELEMENT_SIZE);
    BLOCK(ELEMENTS);
    BLOCK(JOURNAL_CAPACITY);
    BLOCK(SCHEMA_SIZE);
    BLOCK(DATA);
    BLOCK(SEQUENCE);
    BLOCK(FLAGS);
    BLOCK(JOURNAL_USED);
    BLOCK(STRIPES);
    BLOCK(JOURNAL);
    BLOCK(ENTRY_WORD);
    BLOCK(ENTRY_OLD_VALUE);
    BLOCK(ENTRY_SIZE);
    BLOCK(FLAG_LOST);
    BLOCK(ALIGNMENT);
    BLOCK(MOST_ENTRIES);
    BLOCK(MOST_STRIPES);
    for (uint32_t objects = 1; objects <= MORTMAIN_MAX_OBJECTS; objects = objects * 3 + 1) {
        char name[64];
        mortmain_region one;
        one.max_objects = objects;
        snprintf(name, sizeof name, "lockArea.%" PRIu32, objects);
        SAY(name, mortmain__lock_area(&one));
        snprintf(name, sizeof name, "data.%" PRIu32, objects);
        SAY(name, mortmain__data(&one));
    }
}

/* Structures that Java fills in or reads by offset. */
static void kernel_structures(void) {
    FIELD("StatxLayout", "USER_ID", struct statx, stx_uid);
    FIELD("StatxLayout", "GROUP_ID", struct statx, stx_gid);
    FIELD("StatxLayout", "MODE", struct statx, stx_mode);
    FIELD("StatxLayout", "INODE", struct statx, stx_ino);
    FIELD("StatxLayout", "FILE_SIZE", struct statx, stx_size);
    FIELD("StatxLayout", "DEVICE_MAJOR", struct statx, stx_dev_major);
    FIELD("StatxLayout", "DEVICE_MINOR", struct statx, stx_dev_minor);
    SAY("StatxLayout.SIZE", sizeof(struct statx));
    FIELD("StatfsLayout", "TYPE", struct statfs, f_type);
    SAY("StatfsLayout.SIZE", sizeof(struct statfs));
    SAY("statfs.f_type size", sizeof((struct statfs *)0)->f_type);
    SAY("timespec.tv_nsec", offsetof(struct timespec, tv_nsec));
    FIELD("FlockLayout", "TYPE", struct flock, l_type);
    FIELD("FlockLayout", "WHENCE", struct flock, l_whence);
    FIELD("FlockLayout", "START", struct flock, l_start);
    FIELD("FlockLayout", "LENGTH", struct flock, l_len);
    FIELD("FlockLayout", "PROCESS", struct flock, l_pid);
    SAY("FlockLayout.SIZE", sizeof(struct flock));
    FIELD("IovecLayout", "BASE", struct iovec, iov_base);
    FIELD("IovecLayout", "LENGTH", struct iovec, iov_len);
    SAY("IovecLayout.SIZE", sizeof(struct iovec));
    FIELD("SiginfoLayout", "CODE", siginfo_t, si_code);
    FIELD("SiginfoLayout", "PROCESS", siginfo_t, si_pid);
    FIELD("SiginfoLayout", "STATUS", siginfo_t, si_status);
    SAY("SiginfoLayout.SIZE", sizeof(siginfo_t));
    SAY("SpawnLayout.ATTRIBUTES_SIZE", sizeof(posix_spawnattr_t));
    SAY("SpawnLayout.FILE_ACTIONS_SIZE", sizeof(posix_spawn_file_actions_t));
    SAY("SpawnLayout.SIGNAL_SET_SIZE", sizeof(sigset_t));
    FIELD("RusageLayout", "USER_SECONDS", struct rusage, ru_utime.tv_sec);
    FIELD("RusageLayout", "USER_MICROSECONDS", struct rusage, ru_utime.tv_usec);
    FIELD("RusageLayout", "SYSTEM_SECONDS", struct rusage, ru_stime.tv_sec);
    FIELD("RusageLayout", "SYSTEM_MICROSECONDS", struct rusage, ru_stime.tv_usec);
    FIELD("RusageLayout", "PEAK_KIB", struct rusage, ru_maxrss);
    SAY("RusageLayout.SIZE", sizeof(struct rusage));
    FIELD("EpollEventLayout", "EVENTS", struct epoll_event, events);
    FIELD("EpollEventLayout", "DATA", struct epoll_event, data);
    SAY("EpollEventLayout.SIZE", sizeof(struct epoll_event));
    FIELD("PollfdLayout", "DESCRIPTOR", struct pollfd, fd);
    FIELD("PollfdLayout", "EVENTS", struct pollfd, events);
    FIELD("PollfdLayout", "HAPPENED", struct pollfd, revents);
    SAY("PollfdLayout.SIZE", sizeof(struct pollfd));
#if defined(__x86_64__)
    FIELD("UserRegistersLayout", "NEXT_INSTRUCTION", struct user_regs_struct, rip);
#else
    FIELD("UserRegistersLayout", "NEXT_INSTRUCTION", struct user_regs_struct, pc);
#endif
    SAY("UserRegistersLayout.SIZE", sizeof(struct user_regs_struct));
}

static void constants(void) {
    SAY("futexCall", SYS_futex);
    SAY("getRobustListCall", SYS_get_robust_list);
    SAY("waitidCall", SYS_waitid);
    CONSTANT(FUTEX_WAIT);
    CONSTANT(FUTEX_WAKE);
    CONSTANT(FUTEX_WAIT_BITSET);
    CONSTANT(FUTEX_PRIVATE_FLAG);
    CONSTANT(FUTEX_CLOCK_REALTIME);
    CONSTANT(O_RDWR);
    CONSTANT(O_NONBLOCK);
    CONSTANT(O_CLOEXEC);
    CONSTANT(O_DIRECTORY);
    CONSTANT(O_NOFOLLOW);
    CONSTANT(O_TMPFILE);
    CONSTANT(AT_FDCWD);
    CONSTANT(AT_EMPTY_PATH);
    CONSTANT(AT_SYMLINK_FOLLOW);
    CONSTANT(LOCK_EX);
    SAY("TMPFS", TMPFS_MAGIC);
    CONSTANT(F_OFD_GETLK);
    CONSTANT(F_OFD_SETLK);
    CONSTANT(F_OFD_SETLKW);
    CONSTANT(F_RDLCK);
    CONSTANT(F_WRLCK);
    CONSTANT(F_UNLCK);
    CONSTANT(STATX_BASIC_STATS);
    SAY("TYPE_MASK", S_IFMT);
    SAY("REGULAR", S_IFREG);
    CONSTANT(PROT_READ);
    CONSTANT(PROT_WRITE);
    CONSTANT(PROT_EXEC);
    CONSTANT(MAP_SHARED);
    CONSTANT(MAP_PRIVATE);
    CONSTANT(MAP_FIXED);
    CONSTANT(MAP_ANONYMOUS);
    CONSTANT(MAP_NORESERVE);
    CONSTANT(MREMAP_MAYMOVE);
    CONSTANT(MADV_DONTFORK);
    CONSTANT(MADV_WIPEONFORK);
    SAY("PIDFD_OPEN", SYS_pidfd_open);
    SAY("PIDFD_THREAD", O_EXCL);
    CONSTANT(POLLIN);
    SAY("EFD_CLOEXEC_NONBLOCK", EFD_CLOEXEC | EFD_NONBLOCK);
    CONSTANT(SIG_BLOCK);
    CONSTANT(SIG_SETMASK);
    CONSTANT(SIGTTOU);
    CONSTANT(SIGKILL);
    SAY("PIDFD_SEND_SIGNAL", SYS_pidfd_send_signal);
    CONSTANT(MFD_CLOEXEC);
    CONSTANT(O_WRONLY);
    CONSTANT(O_CREAT);
    CONSTANT(O_EXCL);
    CONSTANT(O_TRUNC);
    CONSTANT(O_APPEND);
    CONSTANT(O_DSYNC);
    CONSTANT(O_SYNC);
    CONSTANT(F_DUPFD_CLOEXEC);
    CONSTANT(F_GETFD);
    CONSTANT(RLIMIT_NOFILE);
    CONSTANT(F_SETFD);
    CONSTANT(F_SETFL);
    CONSTANT(FD_CLOEXEC);
    CONSTANT(AF_UNIX);
    SAY("SOCK_STREAM_CLOEXEC", SOCK_STREAM | SOCK_CLOEXEC);
    CONSTANT(POLLOUT);
    CONSTANT(EPOLL_CLOEXEC);
    CONSTANT(EPOLL_CTL_ADD);
    CONSTANT(EPOLL_CTL_DEL);
    CONSTANT(EPOLLIN);
    CONSTANT(F_OK);
    CONSTANT(X_OK);
    CONSTANT(P_PIDFD);
    CONSTANT(CLD_DUMPED);
    CONSTANT(POSIX_SPAWN_SETPGROUP);
    CONSTANT(POSIX_SPAWN_SETSIGDEF);
    CONSTANT(POSIX_SPAWN_SETSID);
    CONSTANT(POSIX_SPAWN_SETSIGMASK);
    CONSTANT(P_PID);
    CONSTANT(WNOHANG);
    CONSTANT(WSTOPPED);
    CONSTANT(WEXITED);
    CONSTANT(WNOWAIT);
    CONSTANT(CLD_EXITED);
    CONSTANT(CLD_STOPPED);
    CONSTANT(CLD_TRAPPED);
    CONSTANT(PTRACE_SINGLESTEP);
    CONSTANT(PTRACE_DETACH);
    CONSTANT(PTRACE_GETREGSET);
    CONSTANT(PTRACE_SEIZE);
    CONSTANT(PTRACE_INTERRUPT);
    CONSTANT(PTRACE_O_EXITKILL);
    CONSTANT(NT_PRSTATUS);
    CONSTANT(__WALL);
    CONSTANT(SIGTRAP);
}

static void error_numbers(void) {
#define ERROR(name) SAY("errno." #name, name)
    ERROR(EPERM);
    ERROR(ENOENT);
    ERROR(ESRCH);
    ERROR(E2BIG);
    ERROR(ENOEXEC);
    ERROR(EINTR);
    ERROR(EIO);
    ERROR(ENXIO);
    ERROR(EBADF);
    ERROR(ECHILD);
    ERROR(ETXTBSY);
    ERROR(EPIPE);
    ERROR(EAGAIN);
    ERROR(ENOMEM);
    ERROR(EACCES);
    ERROR(EFAULT);
    ERROR(EEXIST);
    ERROR(EXDEV);
    ERROR(ENODEV);
    ERROR(ENOTDIR);
    ERROR(EISDIR);
    ERROR(EINVAL);
    ERROR(ENFILE);
    ERROR(EMFILE);
    ERROR(EFBIG);
    ERROR(ENOSPC);
    ERROR(EROFS);
    ERROR(ENAMETOOLONG);
    ERROR(ENOSYS);
    ERROR(ELOOP);
    ERROR(EOPNOTSUPP);
    ERROR(ETIMEDOUT);
    ERROR(EDQUOT);
}

int main(void) {
    mutex();
    living_mutex();
    special_owners();
    region();
    kernel_structures();
    constants();
    error_numbers();
    return 0;
}
