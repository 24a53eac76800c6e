/*
 * Uses mortmain.h as a C program would, one command from the command line at a time; says what came of it in one line each: "ok ...", or
 * "refused REASON sentence".
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "mortmain.h"
#include <stdlib.h>

static mortmain_error why;

static int refused(void) {
    printf("refused %d %s\n", (int)why.reason, why.text);
    return 1;
}

static int open_it(mortmain_region *region, const char *name, int flags) {
    memset(&why, 0, sizeof why);
    if (mortmain_open_with(region, name, flags, &why) != 0) {
        return refused();
    }
    printf("ok opened %s, capacity %" PRIu64 "\n", region->path, region->capacity);
    return 0;
}

static int mutex_of(mortmain_region *region, const char *name) {
    pthread_mutex_t *mutex = mortmain_mutex(region, name, &why);
    if (mutex == NULL) {
        return refused();
    }
    printf("ok mutex at %td\n", (unsigned char *)mutex - region->base);
    return 0;
}

static int memory_of(mortmain_region *region, const char *name) {
    size_t size = 0;
    unsigned char *memory = (unsigned char *)mortmain_memory(region, name, &size, &why);
    if (memory == NULL) {
        return refused();
    }
    printf("ok memory at %td, %zu bytes, first %d\n", memory - region->base, size, size == 0 ? 0 : memory[0]);
    return 0;
}

/* Adds one, and says what it was. */
static int counter_of(mortmain_region *region, const char *name) {
    int64_t *counter = mortmain_counter(region, name, &why);
    if (counter == NULL) {
        return refused();
    }
    printf("ok counter was %lld\n", (long long)__atomic_fetch_add(counter, 1, __ATOMIC_SEQ_CST));
    return 0;
}

static int close_it(mortmain_region *region) {
    if (mortmain_close(region, &why) != 0) {
        return refused();
    }
    puts("ok closed");
    return 0;
}

/* Close while this thread holds the mutex, and after its release. */
static int close_held(mortmain_region *region, const char *name) {
    pthread_mutex_t *mutex = mortmain_mutex(region, name, &why);
    int result = mutex == NULL ? -1 : pthread_mutex_lock(mutex);
    if (result != 0) {
        return refused();
    }
    printf("tid %d\n", (int)gettid());
    close_it(region);
    pthread_mutex_unlock(mutex);
    return close_it(region);
}

/* Maps the file itself, as the flags say, and hands the memory over. */
static int adopt(const char *path, int flags, int protection, long less) {
    mortmain_region region;
    struct stat status;
    int fd = open(path, O_RDWR);
    if (fd < 0 || fstat(fd, &status) != 0) {
        perror(path);
        return 1;
    }
    size_t size = (size_t)(status.st_size - less);
    void *base = mmap(NULL, size, protection, flags, fd, 0);
    if (mortmain_adopt(&region, fd, base, size, 0, &why) != 0) {
        return refused();
    }
    printf("ok adopted %s\n", region.path);
    close_it(&region);
    *(volatile char *)base; /* still mapped */
    puts("ok mapped");
    return 0;
}

/* One page in the middle of a shared mapping is private. */
static int adopt_patched(const char *path) {
    mortmain_region region;
    struct stat status;
    int fd = open(path, O_RDWR);
    if (fd < 0 || fstat(fd, &status) != 0) {
        perror(path);
        return 1;
    }
    char *base = (char *)mmap(NULL, (size_t)status.st_size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    mmap(base + 65536, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_FIXED, fd, 65536);
    return mortmain_adopt(&region, fd, base, (size_t)status.st_size, 0, &why) != 0 ? refused() : 0;
}

/*
 * Flips each bit pattern of each byte in turn, of the header or of the first entry of the directory: nothing of it may be believed. The
 * first byte of an entry's state is the exception: 0 means that there is no entry.
 */
static int flip(const char *path, long from, long size, const char *name) {
    int refusals = 0;
    int fd = open(path, O_RDWR);
    for (long at = from; at < from + size; at++) {
        static const unsigned char patterns[] = {0x01, 0x80, 0xff};
        for (int i = 0; i < 3; i++) {
            mortmain_region region;
            unsigned char byte, flipped;
            if (pread(fd, &byte, 1, at) != 1 || (flipped = byte ^ patterns[i], pwrite(fd, &flipped, 1, at)) != 1) {
                perror(path);
                return 1;
            }
            if (mortmain_open(&region, path, &why) != 0) {
                refusals++;
            } else {
                refusals += mortmain_mutex(&region, name, &why) == NULL;
                mortmain_close(&region, NULL);
            }
            if (pwrite(fd, &byte, 1, at) != 1) {
                perror(path);
                return 1;
            }
        }
    }
    close(fd);
    printf("ok %d refusals\n", refusals);
    return 0;
}

static int objects(mortmain_region *region, int count, char **commands) {
    for (int i = 0; i + 1 < count; i += 2) {
        if (strcmp(commands[i], "mutex") == 0) {
            mutex_of(region, commands[i + 1]);
        } else if (strcmp(commands[i], "memory") == 0) {
            memory_of(region, commands[i + 1]);
        } else if (strcmp(commands[i], "counter") == 0) {
            counter_of(region, commands[i + 1]);
        } else if (strcmp(commands[i], "close-held") == 0) {
            close_held(region, commands[i + 1]);
        }
    }
    return close_it(region);
}

int main(int count, char **arguments) {
    mortmain_region region, again;
    const char *command = count > 2 ? arguments[1] : "";
    if (strcmp(command, "open") == 0 || strcmp(command, "open-foreign") == 0) {
        int flags = strcmp(command, "open") == 0 ? 0 : MORTMAIN_FOREIGN_OWNER;
        return open_it(&region, arguments[2], flags) != 0 || objects(&region, count - 3, arguments + 3) != 0;
    }
    if (strcmp(command, "open-twice") == 0) {
        return open_it(&region, arguments[2], 0) == 0 && open_it(&again, arguments[2], 0) != 0;
    }
    if (strcmp(command, "adopt") == 0) {
        return adopt(arguments[2], MAP_SHARED, PROT_READ | PROT_WRITE, 0);
    }
    if (strcmp(command, "adopt-private") == 0) {
        return adopt(arguments[2], MAP_PRIVATE, PROT_READ | PROT_WRITE, 0);
    }
    if (strcmp(command, "adopt-readable") == 0) {
        return adopt(arguments[2], MAP_SHARED, PROT_READ, 0);
    }
    if (strcmp(command, "adopt-part") == 0) {
        return adopt(arguments[2], MAP_SHARED, PROT_READ | PROT_WRITE, 65536);
    }
    if (strcmp(command, "adopt-patched") == 0) {
        return adopt_patched(arguments[2]);
    }
    if (strcmp(command, "flip-header") == 0 && count > 3) {
        return flip(arguments[2], 0, MORTMAIN_HEADER_SIZE, arguments[3]);
    }
    if (strcmp(command, "flip-entry") == 0 && count > 3) {
        return flip(arguments[2], MORTMAIN_DIRECTORY, MORTMAIN_ENTRY_SIZE, arguments[3]);
    }
    if (strcmp(command, "is-local") == 0) {
        for (int i = 2; i < count; i++) {
            printf("%s %d\n", arguments[i], mortmain__is_local(strtoull(arguments[i], NULL, 10)));
        }
        return 0;
    }
    fprintf(stderr, "unknown command %s\n", command);
    return 1;
}
