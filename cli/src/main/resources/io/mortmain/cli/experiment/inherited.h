/* What a process has of a file that its parent has open and mapped. Included by jvm_forks.c and experiments.c. */
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

enum { MOST_MAPS = 1 << 20, ENTRY = 64 };
enum { HAS_MAPPED = 1, HAS_OPEN = 2, HAS_OTHERS_OPEN = 4, HAS_UNKNOWN = 8 };

/* Whether a file is in the memory of this process, under whatever name; -1 if that is not known. */
int is_mapped(const char *path) {
    static char maps[MOST_MAPS];
    char entry[ENTRY];
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

/* What this process has: of the file, and of other descriptors than the three streams. */
static int inherited(const char *path) {
    struct stat file, open_file;
    int mapped = is_mapped(path);
    int found = mapped < 0 ? HAS_UNKNOWN : mapped ? HAS_MAPPED : 0;
    DIR *folder = opendir("/proc/self/fd");
    if (folder == NULL || stat(path, &file) != 0) {
        return HAS_UNKNOWN;
    }
    for (struct dirent *entry = readdir(folder); entry != NULL; entry = readdir(folder)) {
        int number = atoi(entry->d_name);
        if (number > 2 && number != dirfd(folder) && fstat(number, &open_file) == 0) {
            found |= open_file.st_dev == file.st_dev && open_file.st_ino == file.st_ino ? HAS_OPEN : HAS_OTHERS_OPEN;
        }
    }
    closedir(folder);
    return found;
}
