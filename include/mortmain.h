/*
 * mortmain.h - regions of shared memory and their robust mutexes, from C and C++.
 *
 * Header-only: this file and the folder mortmain beside it. Needs nothing but libc, pthread.h and the kernel's headers. Opens a region that a Java program
 * created, and finds a mutex, a memory object or a guarded object in it by name. The mutex is a robust, process-shared pthread_mutex_t
 * of glibc: lock it with pthread_mutex_lock.
 *
 *     mortmain_region bank;
 *     mortmain_error why;
 *     if (mortmain_open(&bank, "bank", &why) != 0) { fprintf(stderr, "%s\n", why.text); return 1; }
 *     pthread_mutex_t *mutex = mortmain_mutex(&bank, "book", &why);
 *     int result = pthread_mutex_lock(mutex);
 *     if (result == EOWNERDEAD) { ... make the data whole ...; pthread_mutex_consistent(mutex); }
 *
 * A guarded object (Java's Guarded) has mutex and data in one, and nothing has to be made whole: whoever dies between lock and commit, the
 * next lock, from C or Java, finds the data as they were before.
 *
 *     mortmain_guarded guarded;
 *     if (mortmain_guarded_find(&bank, "accounts", &guarded, &why) != 0) { ... }
 *     const struct accounts { int64_t alice, bob; } *accounts = mortmain_guarded_data(&guarded);
 *     if (mortmain_guarded_lock(&guarded, &why) != 0) { ... }
 *     struct accounts next = {accounts->alice - 1, accounts->bob + 1};
 *     mortmain_guarded_write(&guarded, accounts, &next, sizeof next, &why);
 *     mortmain_guarded_commit(&guarded, &why);
 *     mortmain_guarded_unlock(&guarded, &why);
 *
 * To wait until Alice has money: while (accounts->alice == 0 && mortmain_guarded_wait(&guarded, &why) == 0) {}
 * Where a field stands: mortmain_guarded_field(&guarded, "alice", &offset, &size, &why). More is in mortmain/guarded.h.
 *
 * Rules:
 *  - One mapping per region and process: the kernel and the C library know a mutex by its address. A second mortmain_open of the
 *    same region is refused, also where a JVM of this process has it open (there, use RobustMutex.pthreadMutex()).
 *  - The data of a guarded object are written by mortmain_guarded_write only, and its mutex is locked by mortmain_guarded_lock only; if
 *    somebody takes it by other means and declares it consistent, the next one undoes what was not committed all the same.
 *  - pthread_mutex_init and pthread_mutex_destroy are never called on a region's mutex.
 *  - Whoever truncates the file of an open region makes every access fail with SIGBUS, as with any mapped file.
 *  - In a child of fork without exec nothing that the parent holds is the child's.
 *
 * Thread safety: a mortmain_region may be used by any number of threads; opening and closing it, by one at a time.
 *
 * Compile with -pthread, as gnu11 or later, or with any feature macro that gives POSIX.1-2008.
 */
#ifndef MORTMAIN_H
#define MORTMAIN_H

#include "mortmain/checks.h"

/* As strict as Java's decoder: no overlong forms, no surrogates, nothing above U+10FFFF. */
MORTMAIN__INTERNAL int mortmain__is_utf8(const unsigned char *text, size_t length) {
    static const uint32_t least[] = {0, 0x80, 0x800, 0x10000};
    for (size_t i = 0; i < length; i++) {
        int more = text[i] < 0x80 ? 0 : text[i] >> 5 == 6 ? 1 : text[i] >> 4 == 14 ? 2 : text[i] >> 3 == 30 ? 3 : -1;
        uint32_t point = more <= 0 ? text[i] : text[i] & (0x3fu >> more);
        if (more < 0 || length - i <= (size_t)more) {
            return 0;
        }
        for (int left = more; left > 0; left--) {
            if (text[++i] >> 6 != 2) {
                return 0;
            }
            point = point << 6 | (text[i] & 0x3fu);
        }
        if (point < least[more] || point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff)) {
            return 0;
        }
    }
    return 1;
}

MORTMAIN__INTERNAL const char *mortmain__type_name(uint32_t type) {
    static const char *const names[] = {"nothing known", "a mutex", "memory", "guarded data", "a counter", "a heap"};
    return names[type <= MORTMAIN_ENTRY_TYPE_HEAP ? type : 0];
}

/* What is wrong with a private copy of a published entry, or NULL. */
MORTMAIN__INTERNAL const char *mortmain__fault(const mortmain_region *region, uint32_t index, const unsigned char *entry) {
    uint32_t name_length = mortmain__int(entry + MORTMAIN_ENTRY_NAME_LENGTH);
    uint32_t kind = mortmain__int(entry + MORTMAIN_ENTRY_KIND) & MORTMAIN_MUTEX_KIND_MASK;
    uint64_t offset = mortmain__long(entry + MORTMAIN_ENTRY_OFFSET), size = mortmain__long(entry + MORTMAIN_ENTRY_LENGTH);
    uint64_t data = mortmain__data(region), slot = (uint64_t)index + 1;
    if (mortmain__long(entry + MORTMAIN_ENTRY_CHECKSUM)
        != mortmain__checksum(entry + MORTMAIN_ENTRY_TYPE, entry + MORTMAIN_ENTRY_CHECKSUM)) {
        return "wrong checksum";
    }
    if (name_length < 1 || name_length > MORTMAIN_ENTRY_NAME_SIZE) {
        return "wrong length of name";
    }
    if (!mortmain__is_utf8(entry + MORTMAIN_ENTRY_NAME, name_length)) {
        return "name that is not UTF-8";
    }
    uint32_t type = mortmain__int(entry + MORTMAIN_ENTRY_TYPE);
    if (type < MORTMAIN_ENTRY_TYPE_MUTEX || type > MORTMAIN_ENTRY_TYPE_HEAP) {
        return "unknown type";
    }
    if (type != MORTMAIN_ENTRY_TYPE_MEMORY && type != MORTMAIN_ENTRY_TYPE_COUNTER
        && (kind < MORTMAIN_MUTEX_KIND_ROBUST || kind > (MORTMAIN_MUTEX_KIND_ROBUST | MORTMAIN_MUTEX_KIND_ERROR_CHECKING))) {
        return "wrong kind of a mutex";
    }
    if (type == MORTMAIN_ENTRY_TYPE_MUTEX) {
        return offset == mortmain__lock_area(region) + slot * MORTMAIN_SLOT_SIZE + MORTMAIN_SLOT_MUTEX
                && size == MORTMAIN_MUTEX_SIZE
            ? NULL
            : "wrong place or size of a mutex";
    }
    return offset >= data && offset % MORTMAIN_MEMORY_ALIGNMENT == 0 && offset <= region->size && size <= region->size - offset
        ? NULL
        : "wrong place or size of memory";
}

MORTMAIN__INTERNAL uint32_t mortmain__entry_state(const mortmain_region *region, uint32_t index) {
    unsigned char *at = region->base + MORTMAIN_DIRECTORY + (size_t)index * MORTMAIN_ENTRY_SIZE;
    return __atomic_load_n((uint32_t *)(void *)(at + MORTMAIN_ENTRY_STATE), __ATOMIC_ACQUIRE);
}

/* Entries are published in order: one after a gap means that the state of the gap was changed by somebody else. */
MORTMAIN__INTERNAL int mortmain__is_gap(const mortmain_region *region, uint32_t index) {
    return index + 1 < region->max_objects && mortmain__entry_state(region, index + 1) == MORTMAIN_ENTRY_STATE_PUBLISHED
        && mortmain__entry_state(region, index) == MORTMAIN_ENTRY_STATE_FREE;
}

/* Copies the entry of that name and type; what is checked is what is used, whatever others store meanwhile. Its index, or -1. */
MORTMAIN__INTERNAL int mortmain__find(const mortmain_region *region, const char *name, uint32_t type,
    unsigned char entry[MORTMAIN_ENTRY_SIZE], mortmain_error *error) {
    int found = -1;
    memset(entry, 0, MORTMAIN_ENTRY_SIZE);
    if (region->base == NULL || name == NULL) {
        return mortmain__refuse(error, MORTMAIN_INVALID_ARGUMENT, "no region is open, or no name given; open the region first");
    }
    for (uint32_t index = 0; index < region->max_objects && found < 0; index++) {
        uint32_t state = mortmain__entry_state(region, index);
        const char *fault = state == MORTMAIN_ENTRY_STATE_FREE ? "unpublished before a published one" : "unknown state";
        if (state == MORTMAIN_ENTRY_STATE_FREE && !mortmain__is_gap(region, index)) {
            break;
        }
        memcpy(entry, region->base + MORTMAIN_DIRECTORY + (size_t)index * MORTMAIN_ENTRY_SIZE, MORTMAIN_ENTRY_SIZE);
        fault = state == MORTMAIN_ENTRY_STATE_PUBLISHED ? mortmain__fault(region, index, entry) : fault;
        if (fault != NULL) {
            return mortmain__refuse(error, MORTMAIN_DAMAGED,
                "region %s: entry %" PRIu32 " of its directory is damaged (%s); remove it and create it anew", region->path, index,
                fault);
        }
        if (strlen(name) == mortmain__int(entry + MORTMAIN_ENTRY_NAME_LENGTH)
            && memcmp(name, entry + MORTMAIN_ENTRY_NAME, strlen(name)) == 0) {
            found = (int)index;
        }
    }
    if (found < 0) {
        return mortmain__refuse(error, MORTMAIN_NOT_FOUND,
            "region %s has no object \"%.80s\"; check the name, or create it from Java first", region->path, name);
    }
    if (mortmain__int(entry + MORTMAIN_ENTRY_TYPE) != type) {
        return mortmain__refuse(error, MORTMAIN_INCOMPATIBLE, "object %.80s of region %s is %s, not %s; ask for that, or use another name",
            name, region->path, mortmain__type_name(mortmain__int(entry + MORTMAIN_ENTRY_TYPE)), mortmain__type_name(type));
    }
    return found;
}

/*
 * Takes over memory that the program itself mapped: all of the region's file, from its start, once. Refused unless it is a shared
 * mapping: a private one would lock against nobody. The descriptor is needed only during the call. mortmain_close does not unmap it.
 * Returns 0, or -1 with the reason in *error, which may be NULL.
 */
MORTMAIN__INTERNAL int mortmain_adopt(
    mortmain_region *region, int fd, void *base, size_t size, int flags, mortmain_error *error) {
    char link[64];
    ssize_t length;
    int refused;
    memset(region, 0, sizeof *region);
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    length = readlink(link, region->path, sizeof region->path - 1);
    region->path[length < 0 ? 0 : length] = '\0';
    if (mortmain__check(region, fd, flags, error) != 0) {
        return -1;
    }
    if (base == NULL || size != region->size) {
        return mortmain__refuse(error, MORTMAIN_INVALID_ARGUMENT,
            "region %s is refused: %zu bytes at %p are mapped and it has %" PRIu64 "; map all of it", region->path, size, base,
            region->size);
    }
    region->base = (unsigned char *)base;
    region->adopted = 1;
    refused = mortmain__check_sharing(region, fd, error);
    region->base = refused ? NULL : region->base;
    return refused;
}

/*
 * Opens a region: name is a file of /dev/shm, or a path if it has a slash; /proc/self/fd/N opens what is behind a descriptor
 * that this process was given, as regions without a name are. flags: 0, or MORTMAIN_FOREIGN_OWNER.
 * Returns 0, or -1 with the reason in *error, which may be NULL; nothing new stays open or mapped then, and
 * *region is as it was.
 */
MORTMAIN__INTERNAL int mortmain_open_with(mortmain_region *region, const char *name, int flags, mortmain_error *error) {
    mortmain_region opened; /* so that a refusal leaves *region as it was, should it be open */
    int fd, follows, refused;
    void *base;
    memset(&opened, 0, sizeof opened);
    if (mortmain__path(opened.path, name, error) != 0) {
        return -1;
    }
    /* that of a descriptor is a link whose target nobody can change */
    follows = memcmp(opened.path, "/proc/self/fd/", 14) == 0 && strchr(opened.path + 14, '/') == NULL;
    fd = open(opened.path, O_RDWR | O_CLOEXEC | O_NONBLOCK | (follows ? 0 : O_NOFOLLOW));
    if (fd < 0) {
        return mortmain__failed(error, "open", opened.path, errno);
    }
    refused = mortmain__check(&opened, fd, flags, error);
    if (!refused) {
        base = mmap(NULL, opened.size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
        opened.base = base == MAP_FAILED ? NULL : (unsigned char *)base;
        refused = base == MAP_FAILED ? mortmain__failed(error, "mmap", opened.path, errno)
                                     : mortmain__check_sharing(&opened, fd, error);
    }
    if (refused && opened.base != NULL) {
        munmap(opened.base, opened.size);
    }
    close(fd);
    if (!refused) {
        *region = opened;
    }
    return refused;
}

MORTMAIN__INTERNAL int mortmain_open(mortmain_region *region, const char *name, mortmain_error *error) {
    return mortmain_open_with(region, name, 0, error);
}

/* The mutex of that name, valid until the region is closed; NULL with the reason in *error, which may be NULL. */
MORTMAIN__INTERNAL pthread_mutex_t *mortmain_mutex(const mortmain_region *region, const char *name, mortmain_error *error) {
    unsigned char entry[MORTMAIN_ENTRY_SIZE], *mutex;
    if (mortmain__find(region, name, MORTMAIN_ENTRY_TYPE_MUTEX, entry, error) < 0) {
        return NULL;
    }
    mutex = region->base + mortmain__long(entry + MORTMAIN_ENTRY_OFFSET);
    if (mortmain__int(mutex + MORTMAIN_MUTEX_KIND) != mortmain__int(entry + MORTMAIN_ENTRY_KIND)) {
        mortmain__refuse(error, MORTMAIN_DAMAGED,
            "mutex %s of region %s is damaged: its file was punched or overwritten; remove it and create it anew", name,
            region->path);
        return NULL;
    }
    return (pthread_mutex_t *)(void *)mutex;
}

/*
 * The bytes of the memory object of that name, valid until the region is closed, and in *size, which may be NULL, how many; NULL with
 * the reason in *error, which may be NULL.
 */
MORTMAIN__INTERNAL void *mortmain_memory(const mortmain_region *region, const char *name, size_t *size, mortmain_error *error) {
    unsigned char entry[MORTMAIN_ENTRY_SIZE];
    if (mortmain__find(region, name, MORTMAIN_ENTRY_TYPE_MEMORY, entry, error) < 0) {
        return NULL;
    }
    if (size != NULL) {
        *size = (size_t)mortmain__long(entry + MORTMAIN_ENTRY_LENGTH);
    }
    return region->base + mortmain__long(entry + MORTMAIN_ENTRY_OFFSET);
}

/*
 * The number of that name, for __atomic_ built-ins, valid until the region is closed; NULL with the reason in *error, which may be NULL.
 */
MORTMAIN__INTERNAL int64_t *mortmain_counter(const mortmain_region *region, const char *name, mortmain_error *error) {
    unsigned char entry[MORTMAIN_ENTRY_SIZE];
    if (mortmain__find(region, name, MORTMAIN_ENTRY_TYPE_COUNTER, entry, error) < 0) {
        return NULL;
    }
    if (mortmain__long(entry + MORTMAIN_ENTRY_LENGTH) < sizeof(int64_t)) {
        mortmain__refuse(error, MORTMAIN_DAMAGED, "counter %s of region %s is damaged (too small); remove it and create it anew", name,
            region->path);
        return NULL;
    }
    return (int64_t *)(void *)(region->base + mortmain__long(entry + MORTMAIN_ENTRY_OFFSET));
}

/*
 * Closes the region and unmaps it; an adopted one stays mapped. Refused, with nothing changed, while a thread of this process holds
 * one of its mutexes: unmapped, it could not be told of a death. Nobody may wait for one either, which only the caller can know.
 */
MORTMAIN__INTERNAL int mortmain_close(mortmain_region *region, mortmain_error *error) {
    uint32_t slot;
    if (region->base == NULL) {
        return 0;
    }
    for (slot = 0; slot <= region->max_objects; slot++) {
        unsigned char *mutex = region->base + mortmain__lock_area(region) + (size_t)slot * MORTMAIN_SLOT_SIZE;
        uint32_t word = __atomic_load_n((uint32_t *)(void *)(mutex + MORTMAIN_MUTEX_LOCK), __ATOMIC_SEQ_CST);
        char thread[64];
        snprintf(thread, sizeof thread, "/proc/self/task/%" PRIu32, word & MORTMAIN_MUTEX_TID_MASK);
        if ((word & MORTMAIN_MUTEX_TID_MASK) != 0 && access(thread, F_OK) == 0) {
            const unsigned char *entries = region->base + MORTMAIN_DIRECTORY;
            const unsigned char *name = slot == 0 ? (const unsigned char *)"(the directory's)"
                                                  : entries + (slot - 1) * (size_t)MORTMAIN_ENTRY_SIZE + MORTMAIN_ENTRY_NAME;
            return mortmain__refuse(error, MORTMAIN_IN_USE,
                "region %s cannot be closed: thread %" PRIu32 " holds mutex %.*s; release it first", region->path,
                word & MORTMAIN_MUTEX_TID_MASK, MORTMAIN_ENTRY_NAME_SIZE, (const char *)name);
        }
    }
    if (!region->adopted && munmap(region->base, region->size) != 0) {
        return mortmain__failed(error, "munmap", region->path, errno);
    }
    region->base = NULL;
    return 0;
}

#include "mortmain/guarded.h"

#endif
