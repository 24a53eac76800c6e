/*
 * What is looked at before a byte of a region is believed: its file, its header, its mapping. A part of mortmain.h; include that.
 */
#ifndef MORTMAIN_CHECKS_H
#define MORTMAIN_CHECKS_H

#include "format.h"

/* A name without a slash is a file of that name in /dev/shm; one with a slash is a path. */
MORTMAIN__INTERNAL int mortmain__path(char path[PATH_MAX], const char *name, mortmain_error *error) {
    int is_path = name != NULL && strchr(name, '/') != NULL;
    if (name == NULL || name[0] == '\0' || strlen(name) >= PATH_MAX
        || (!is_path && (strcmp(name, ".") == 0 || strcmp(name, "..") == 0 || strlen(name) > MORTMAIN_LONGEST_NAME))) {
        return mortmain__refuse(error, MORTMAIN_INVALID_ARGUMENT,
            "\"%.300s\" cannot name a region; give 1 to %d bytes, or a path", name == NULL ? "" : name, MORTMAIN_LONGEST_NAME);
    }
    strcpy(path, is_path ? "" : "/dev/shm/"); /* both fit: a path is shorter than PATH_MAX, a name much */
    strcat(path, name);
    return 0;
}

/* The file systems that only this machine's kernel writes; an unknown one is refused. */
MORTMAIN__INTERNAL int mortmain__is_local(uint64_t type) {
    static const uint64_t local[] = {
        0x01021994 /* tmpfs */, 0x858458f6 /* ramfs */, 0x958458f6 /* hugetlbfs */, 0xef53 /* ext4 */, 0x58465342 /* xfs */,
        0x9123683e /* btrfs */, 0xf2f52010 /* f2fs */, 0x2fc12fc1 /* zfs */, 0xca451a4e /* bcachefs */, 0x794c7630 /* overlayfs */
    };
    for (size_t i = 0; i < sizeof local / sizeof local[0]; i++) {
        if (local[i] == type) {
            return 1;
        }
    }
    return 0;
}

/* Everything about the file itself that must be right before a byte of it is believed. */
MORTMAIN__INTERNAL int mortmain__check_file(int fd, const char *path, int flags, uint64_t *size, mortmain_error *error) {
    struct stat status;
    struct statfs system;
    if (fstat(fd, &status) != 0) {
        return mortmain__failed(error, "fstat", path, errno);
    }
    if (!S_ISREG(status.st_mode)) {
        return mortmain__refuse(
            error, MORTMAIN_NOT_SECURE, "region %s is refused: it is not a regular file; give the path of a region", path);
    }
    if (status.st_uid != geteuid() && (flags & MORTMAIN_FOREIGN_OWNER) == 0) {
        return mortmain__refuse(error, MORTMAIN_NOT_SECURE,
            "region %s is refused: it belongs to user %u and this process runs as %u; allow it with MORTMAIN_FOREIGN_OWNER if that "
            "user is trusted",
            path, (unsigned)status.st_uid, (unsigned)geteuid());
    }
    if (fstatfs(fd, &system) != 0) {
        return mortmain__failed(error, "fstatfs", path, errno);
    }
    if (!mortmain__is_local((uint64_t)system.f_type)) {
        return mortmain__refuse(error, MORTMAIN_UNSUPPORTED_FILE_SYSTEM,
            "region %s is refused: its file system (0x%08lx) may be shared with other hosts or kernels, where thread numbers and "
            "futexes mean nothing; use /dev/shm",
            path, (unsigned long)system.f_type);
    }
    *size = (uint64_t)status.st_size;
    return 0;
}

/* Reads up to size bytes; how many there were, or -1. */
MORTMAIN__INTERNAL int mortmain__read(int fd, unsigned char *to, int size, off_t offset) {
    int done = 0;
    while (done < size) {
        ssize_t count = pread(fd, to + done, (size_t)(size - done), offset + done);
        if (count < 0 && errno == EINTR) {
            continue;
        }
        if (count <= 0) {
            return count < 0 ? -1 : done;
        }
        done += (int)count;
    }
    return done;
}

/* What must be equal on both sides: format, C library, build. */
MORTMAIN__INTERNAL int mortmain__check_format(const unsigned char *page, const char *path, mortmain_error *error) {
    uint32_t version = mortmain__int(page + MORTMAIN_HEADER_VERSION);
    uint32_t abi = mortmain__int(page + MORTMAIN_HEADER_ABI);
    uint64_t hash = mortmain__long(page + MORTMAIN_HEADER_LAYOUT_HASH);
    if (mortmain__long(page + MORTMAIN_HEADER_MAGIC) != MORTMAIN_MAGIC) {
        return mortmain__refuse(error, MORTMAIN_NOT_A_REGION,
            "region %s is refused: it does not begin with MORTMAIN; give the path of a region", path);
    }
    if (version != MORTMAIN_VERSION) {
        return mortmain__refuse(error, MORTMAIN_INCOMPATIBLE,
            "region %s is refused: it has format version %" PRIu32 " and this header has %d; use one version in all processes, or "
            "remove it",
            path, version, MORTMAIN_VERSION);
    }
    if (abi != MORTMAIN_ABI) {
        return mortmain__refuse(error, MORTMAIN_INCOMPATIBLE,
            "region %s is refused: its mutexes are those of ABI %" PRIu32 " and this process has %u (1 glibc on x86_64, 2 glibc on "
            "aarch64); share it among processes of one kind only",
            path, abi, MORTMAIN_ABI);
    }
    if (hash != MORTMAIN_LAYOUT_HASH) {
        return mortmain__refuse(error, MORTMAIN_INCOMPATIBLE,
            "region %s is refused: its layout hash is %" PRIx64 " and this header's is %" PRIx64
            "; use one build in all processes, or remove it",
            path, hash, MORTMAIN_LAYOUT_HASH);
    }
    if (mortmain__long(page + MORTMAIN_HEADER_CHECKSUM) != mortmain__checksum(page, page + MORTMAIN_HEADER_CHECKSUM)) {
        return mortmain__refuse(error, MORTMAIN_DAMAGED,
            "region %s is refused: the checksum of its header is wrong; remove it and create it anew", path);
    }
    return 0;
}

/* A right checksum says that no accident happened, not that nobody lies: ranges are checked too. */
MORTMAIN__INTERNAL int mortmain__check_sizes(
    mortmain_region *region, const unsigned char *page, uint64_t actual_size, mortmain_error *error) {
    region->capacity = mortmain__long(page + MORTMAIN_HEADER_CAPACITY);
    if ((mortmain__int(page + MORTMAIN_HEADER_FLAGS) & MORTMAIN_FLAG_SEVERAL_PID_NAMESPACES) != 0) {
        return mortmain__refuse(error, MORTMAIN_INCOMPATIBLE,
            "region %s is refused: it was created for several PID namespaces, where mutexes do not have the thread numbers that"
            " pthread_mutex_lock stores; use it from Java, or create one for one namespace",
            region->path);
    }
    if (mortmain__int(page + MORTMAIN_HEADER_FLAGS) != 0) {
        return mortmain__refuse(error, MORTMAIN_INCOMPATIBLE,
            "region %s is refused: its flags 0x%" PRIx32
            " say something that this header does not know; use one version in all processes, or remove it",
            region->path, mortmain__int(page + MORTMAIN_HEADER_FLAGS));
    }
    region->max_objects = mortmain__int(page + MORTMAIN_HEADER_MAX_OBJECTS);
    region->size = mortmain__long(page + MORTMAIN_HEADER_FILE_SIZE);
    if (region->capacity > MORTMAIN_MAX_CAPACITY || region->max_objects < 1 || region->max_objects > MORTMAIN_MAX_OBJECTS
        || mortmain__data(region) + mortmain__align(region->capacity) != region->size) {
        return mortmain__refuse(error, MORTMAIN_DAMAGED,
            "region %s is refused: its header has impossible sizes (capacity %" PRIu64 ", objects %" PRIu32
            "); remove it and create it anew",
            region->path, region->capacity, region->max_objects);
    }
    if (region->size != actual_size) {
        return mortmain__refuse(error, MORTMAIN_DAMAGED,
            "region %s is refused: the file has %" PRIu64 " bytes and its header says %" PRIu64
            ": it was truncated or extended; remove it and create it anew",
            region->path, actual_size, region->size);
    }
    return 0;
}

/* The UUID of this boot as the two numbers of a header. */
MORTMAIN__INTERNAL int mortmain__boot_id(uint64_t id[2]) {
    char text[64];
    int fd = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC);
    int length = fd < 0 ? -1 : mortmain__read(fd, (unsigned char *)text, sizeof text - 1, 0);
    int digits = 0;
    if (fd >= 0) {
        close(fd);
    }
    id[0] = id[1] = 0;
    for (int i = 0; i < length && text[i] != '\n'; i++) {
        char c = text[i];
        int digit = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
        if (digit >= 0 && digits < 32) {
            id[digits / 16] = id[digits / 16] << 4 | (uint64_t)digit;
            digits++;
        } else if (c != '-') {
            return -1;
        }
    }
    return digits == 32 ? 0 : -1;
}

/* Refuses a region whose thread numbers are not this process's. */
MORTMAIN__INTERNAL int mortmain__check_surroundings(const unsigned char *page, const char *path, mortmain_error *error) {
    uint64_t boot[2];
    struct stat namespace_;
    uint64_t made_in = mortmain__long(page + MORTMAIN_HEADER_PID_NAMESPACE);
    const unsigned char *made_at = page + MORTMAIN_HEADER_BOOT_ID;
    if (mortmain__boot_id(boot) != 0 || stat("/proc/self/ns/pid", &namespace_) != 0) {
        return mortmain__refuse(error, MORTMAIN_SYSTEM,
            "region %s: boot id or PID namespace cannot be read; mount /proc in this container", path);
    }
    if (mortmain__long(made_at) != boot[0] || mortmain__long(made_at + 8) != boot[1]) {
        return mortmain__refuse(error, MORTMAIN_OTHER_BOOT,
            "region %s is refused: it was made in boot %016" PRIx64 "%016" PRIx64 " of a machine and this is boot %016" PRIx64
            "%016" PRIx64 ", so its locks belong to nobody and its data may be half written; remove it and create it anew",
            path, mortmain__long(made_at), mortmain__long(made_at + 8), boot[0], boot[1]);
    }
    if (made_in != (uint64_t)namespace_.st_ino) {
        return mortmain__refuse(error, MORTMAIN_INCOMPATIBLE,
            "region %s is refused: it belongs to PID namespace %" PRIu64 " and this process is in %" PRIu64
            ", where equal thread numbers mean other threads; share the PID namespace (docker run --pid=...)",
            path, made_in, (uint64_t)namespace_.st_ino);
    }
    return 0;
}

/* All that can be known through the descriptor: the file, its header, and whether it is of here and now. */
MORTMAIN__INTERNAL int mortmain__check(mortmain_region *region, int fd, int flags, mortmain_error *error) {
    unsigned char page[MORTMAIN_HEADER_SIZE];
    uint64_t size = 0;
    int length;
    if (mortmain__check_file(fd, region->path, flags, &size, error) != 0) {
        return -1;
    }
    length = mortmain__read(fd, page, sizeof page, 0);
    if (length < 0) {
        return mortmain__failed(error, "pread", region->path, errno);
    }
    if (length < (int)sizeof page) {
        return mortmain__refuse(error, MORTMAIN_NOT_A_REGION,
            "region %s is refused: it has %d bytes and a region's header has %d; give the path of a region", region->path, length,
            (int)sizeof page);
    }
    return mortmain__check_format(page, region->path, error) != 0 || mortmain__check_sizes(region, page, size, error) != 0
            || mortmain__check_surroundings(page, region->path, error) != 0
        ? -1
        : 0;
}

/* One line of /proc/self/maps. */
typedef struct mortmain__map {
    uintptr_t start, end;
    char access[5]; /* "rw-s" */
    uint64_t offset, inode;
    unsigned major, minor;
} mortmain__map;

MORTMAIN__INTERNAL int mortmain__next_map(FILE *maps, mortmain__map *map) {
    char line[256];
    while (fgets(line, sizeof line, maps) != NULL) {
        int fields = sscanf(line, "%" SCNxPTR "-%" SCNxPTR " %4s %" SCNx64 " %x:%x %" SCNu64, &map->start, &map->end,
            map->access, &map->offset, &map->major, &map->minor, &map->inode);
        while (strchr(line, '\n') == NULL && fgets(line, sizeof line, maps) != NULL) {
            /* the rest of a long path */
        }
        if (fields == 7) {
            return 1;
        }
    }
    return 0;
}

/* Whether the region's memory is one shared, writable mapping of one file, and the only one of that file in this process. */
MORTMAIN__INTERNAL int mortmain__check_maps(const mortmain_region *region, FILE *maps, mortmain_error *error) {
    uintptr_t base = (uintptr_t)region->base, end = base + (uintptr_t)region->size, covered = base;
    mortmain__map map, first;
    memset(&first, 0, sizeof first);
    while (covered < end && mortmain__next_map(maps, &map)) {
        if (map.start > covered || map.end <= covered) {
            continue;
        }
        if (strcmp(map.access, "rw-s") != 0) {
            return mortmain__refuse(error, MORTMAIN_UNSUPPORTED_FILE_SYSTEM,
                "region %s is refused: it is mapped \"%s\" at 0x%" PRIxPTR
                ", so its locks would exclude nobody; map it MAP_SHARED with PROT_READ | PROT_WRITE",
                region->path, map.access, covered);
        }
        first = covered == base ? map : first;
        if (map.offset + (covered - map.start) != covered - base || map.inode != first.inode || map.inode == 0) {
            break;
        }
        covered = map.end;
    }
    if (covered < end) {
        return mortmain__refuse(error, MORTMAIN_INVALID_ARGUMENT,
            "region %s is refused: it is not mapped whole and from its start at 0x%" PRIxPTR "; map all %" PRIu64 " bytes at once",
            region->path, base, region->size);
    }
    rewind(maps);
    while (mortmain__next_map(maps, &map)) {
        if (map.inode == first.inode && map.major == first.major && map.minor == first.minor
            && (map.start >= end || map.end <= base)) {
            return mortmain__refuse(error, MORTMAIN_IN_USE,
                "region %s is refused: this process has it mapped at 0x%" PRIxPTR
                " already, and a mutex must have one address; use that mapping, or close it first",
                region->path, map.start);
        }
    }
    return 0;
}

/* Stores through the mapping and reads through the descriptor: where they differ, a lock would exclude nobody. */
MORTMAIN__INTERNAL int mortmain__check_sharing(const mortmain_region *region, int fd, mortmain_error *error) {
    unsigned char page[MORTMAIN_HEADER_SIZE];
    uint32_t mine;
    FILE *maps = fopen("/proc/self/maps", "re");
    if (maps == NULL) {
        return mortmain__refuse(
            error, MORTMAIN_SYSTEM, "region %s: /proc/self/maps cannot be read; mount /proc in this container", region->path);
    }
    if (mortmain__check_maps(region, maps, error) != 0) {
        fclose(maps);
        return -1;
    }
    fclose(maps);
    if (mortmain__read(fd, page, sizeof page, 0) != (int)sizeof page || memcmp(page, region->base, sizeof page) != 0) {
        return mortmain__refuse(error, MORTMAIN_INVALID_ARGUMENT,
            "region %s is refused: the mapped memory is not that of the file; give the descriptor that was mapped", region->path);
    }
    mine = __atomic_add_fetch((uint32_t *)(void *)(region->base + MORTMAIN_STATE_PAGE), 1, __ATOMIC_SEQ_CST);
    if (mortmain__read(fd, page, sizeof mine, MORTMAIN_STATE_PAGE) != (int)sizeof mine
        || (int32_t)(mortmain__int(page) - mine) < 0) {
        return mortmain__refuse(error, MORTMAIN_UNSUPPORTED_FILE_SYSTEM,
            "region %s is refused: what is stored in memory does not reach the file, so its locks would exclude nobody; use /dev/shm",
            region->path);
    }
    return 0;
}

#endif
