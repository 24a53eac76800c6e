/*
 * A process that makes, names, opens and removes a file as the library does, a call for each command.
 *
 *   creator FOLDER NAME SIZE
 *
 * Commands, one a line, each answered by "did" and what came of it: ok, the name of the error, or what was asked for.
 *   make             a file without a name is made and opened
 *   reserve          SIZE bytes are reserved for it
 *   write TEXT       at its beginning
 *   link             it gets NAME
 *   open             what has NAME is opened
 *   read             the text at the beginning
 *   size             whole, when it is SIZE, or empty
 *   map, unmap       all of it
 *   close
 *   unlink           NAME is removed
 */
#include "stage.h"
#include <sys/stat.h>

static const char *folder, *name;
static size_t size;
static int file = -1;
static void *mapped;

static const char *result(int returned)
{
    static char number[16];
    if (returned >= 0)
        return "ok";
    switch (errno) {
    case ENOENT:
        return "ENOENT";
    case EEXIST:
        return "EEXIST";
    case ENOSPC:
        return "ENOSPC";
    default:
        snprintf(number, sizeof number, "error-%d", errno);
        return number;
    }
}

static int give_name(void)
{
    char itself[32];
    snprintf(itself, sizeof itself, "/proc/self/fd/%d", file);
    return linkat(AT_FDCWD, itself, AT_FDCWD, name, AT_SYMLINK_FOLLOW);
}

static const char *text(void)
{
    static char bytes[64];
    memset(bytes, 0, sizeof bytes);
    return pread(file, bytes, sizeof bytes - 1, 0) < 0 ? result(-1) : bytes;
}

static const char *size_now(void)
{
    struct stat status;
    if (fstat(file, &status) != 0)
        return result(-1);
    return status.st_size == (off_t)size ? "whole" : status.st_size == 0 ? "empty" : "part";
}

static const char *do_map(void)
{
    mapped = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    return result(mapped == MAP_FAILED ? -1 : 0);
}

static const char *do_command(const char *command)
{
    if (strcmp(command, "make") == 0)
        return result(file = open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600));
    if (strcmp(command, "open") == 0)
        return result(file = open(name, O_RDWR | O_CLOEXEC | O_NOFOLLOW));
    if (strcmp(command, "reserve") == 0)
        return result(fallocate(file, 0, 0, (off_t)size));
    if (strncmp(command, "write ", 6) == 0)
        return result((int)pwrite(file, command + 6, strlen(command + 6), 0));
    if (strcmp(command, "link") == 0)
        return result(give_name());
    if (strcmp(command, "read") == 0)
        return text();
    if (strcmp(command, "size") == 0)
        return size_now();
    if (strcmp(command, "map") == 0)
        return do_map();
    if (strcmp(command, "unmap") == 0)
        return result(munmap(mapped, size));
    if (strcmp(command, "close") == 0)
        return result(close(file));
    if (strcmp(command, "unlink") == 0)
        return result(unlink(name));
    return "unknown";
}

static void obey(const char *command)
{
    say("did %s", do_command(command));
}

int main(int argc, char **argv)
{
    if (argc != 4)
        return 2;
    folder = argv[1];
    name = argv[2];
    size = strtoul(argv[3], NULL, 10);
    obey_all(obey);
    return 0;
}
