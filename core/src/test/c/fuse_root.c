/*
 * fuse_root FOLDER COMMAND…: mounts a file system on the folder that has one file, "region", and can make nameless ones; runs the
 * command; serves as long as that lives. Only what opening, creating and statfs need is answered. Meant for an own mount namespace.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/fuse.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FILE_NODE = 2, NAMELESS_NODE = 3, TMPFILE = 51, BUFFER = 1 << 18 };

static int device;

static void answer(const struct fuse_in_header *request, int error, const void *body, size_t size)
{
    char reply[4096];
    struct fuse_out_header header = {sizeof header + size, error, request->unique};
    memcpy(reply, &header, sizeof header);
    if (size)
        memcpy(reply + sizeof header, body, size);
    if (write(device, reply, header.len) < 0 && errno != ENOENT)
        perror("answer");
}

static struct fuse_attr attributes(uint64_t node)
{
    struct fuse_attr attr = {0};
    attr.ino = node;
    attr.mode = node == FUSE_ROOT_ID ? S_IFDIR | 0755 : S_IFREG | 0600;
    attr.nlink = 1;
    attr.size = node == FUSE_ROOT_ID ? 0 : 1 << 20;
    return attr;
}

static struct fuse_entry_out entry(uint64_t node)
{
    struct fuse_entry_out out = {0};
    out.nodeid = node;
    out.attr = attributes(node);
    return out;
}

static void serve(const char *buffer)
{
    const struct fuse_in_header *in = (const void *) buffer;
    const char *body = buffer + sizeof *in;
    switch (in->opcode) {
    case FUSE_INIT: {
        struct fuse_init_out out = {0};
        out.major = FUSE_KERNEL_VERSION;
        out.minor = 31;
        out.max_write = 4096;
        answer(in, 0, &out, sizeof out);
        break;
    }
    case FUSE_GETATTR: {
        struct fuse_attr_out out = {0};
        out.attr = attributes(in->nodeid);
        answer(in, 0, &out, sizeof out);
        break;
    }
    case FUSE_LOOKUP: {
        struct fuse_entry_out out = entry(FILE_NODE);
        int found = strcmp(body, "region") == 0;
        answer(in, found ? 0 : -ENOENT, &out, found ? sizeof out : 0);
        break;
    }
    case FUSE_OPEN:
    case FUSE_OPENDIR: {
        struct fuse_open_out out = {0};
        answer(in, 0, &out, sizeof out);
        break;
    }
    case TMPFILE: {
        struct {
            struct fuse_entry_out entry;
            struct fuse_open_out open;
        } out = {entry(NAMELESS_NODE), {0}};
        answer(in, 0, &out, sizeof out);
        break;
    }
    case FUSE_STATFS: {
        struct fuse_statfs_out out = {0};
        out.st.bsize = 4096;
        answer(in, 0, &out, sizeof out);
        break;
    }
    case FUSE_FLUSH:
    case FUSE_RELEASE:
    case FUSE_RELEASEDIR:
    case FUSE_ACCESS:
        answer(in, 0, 0, 0);
        break;
    case FUSE_FORGET:
    case FUSE_BATCH_FORGET:
    case FUSE_INTERRUPT:
        break;
    default:
        answer(in, -ENOSYS, 0, 0);
    }
}

int main(int argc, char **argv)
{
    if (argc < 3)
        return 2;
    device = open("/dev/fuse", O_RDWR);
    char options[128];
    snprintf(options, sizeof options, "fd=%d,rootmode=40000,user_id=%d,group_id=%d", device, getuid(), getgid());
    if (device < 0 || mount("mortmain-test", argv[1], "fuse", MS_NODEV | MS_NOSUID, options)) {
        perror("mount of FUSE");
        return 1;
    }
    pid_t client = getpid();
    if (fork() == 0) {
        static char buffer[BUFFER];
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (getppid() != client)
            return 0;
        for (int i = 0; i < 3; i++)
            close(i);
        while (read(device, buffer, sizeof buffer) > 0)
            serve(buffer);
        return 0;
    }
    close(device);
    execvp(argv[2], argv + 2);
    return 127;
}
