/*
 * The format of a region, and what its readers share: numbers, errors, small functions. A part of mortmain.h; include that.
 * The format is explained in the Java classes of io.mortmain.internal.layout; a test compares each number with theirs.
 */
#ifndef MORTMAIN_FORMAT_H
#define MORTMAIN_FORMAT_H

#if defined(__STRICT_ANSI__) && !defined(_GNU_SOURCE) && !defined(_DEFAULT_SOURCE)
#define _DEFAULT_SOURCE 1 /* suffices when this is the first header; else see the #error below */
#endif

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#if !defined(__linux__) || !defined(__GLIBC__)
#error "mortmain.h needs Linux with glibc: musl's mutexes have another layout; compile in a glibc image"
#elif !__GLIBC_PREREQ(2, 31)
#error "mortmain.h needs glibc 2.31 or later"
#elif !defined(__LP64__) || !(defined(__x86_64__) || defined(__aarch64__))
#error "mortmain.h knows the mutex layouts of 64-bit x86_64 and aarch64 only"
#elif __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "mortmain.h needs a little-endian machine"
#elif !defined(O_NOFOLLOW) || !defined(O_CLOEXEC)
#error "mortmain.h needs POSIX.1-2008: include it first, or define _GNU_SOURCE, or compile with -std=gnu11"
#endif

enum {
    MORTMAIN_HEADER_MAGIC = 0,
    MORTMAIN_HEADER_VERSION = 8,
    MORTMAIN_HEADER_ABI = 12,
    MORTMAIN_HEADER_LAYOUT_HASH = 16,
    MORTMAIN_HEADER_FILE_SIZE = 24,
    MORTMAIN_HEADER_BOOT_ID = 32,
    MORTMAIN_HEADER_PID_NAMESPACE = 48,
    MORTMAIN_HEADER_MAX_OBJECTS = 64,
    MORTMAIN_HEADER_FLAGS = 68,
    MORTMAIN_HEADER_CAPACITY = 72,
    MORTMAIN_HEADER_FIRST_CAPACITY = 88,
    MORTMAIN_HEADER_CHECKSUM = 4088,
    MORTMAIN_HEADER_SIZE = 4096,
    MORTMAIN_FLAG_SEVERAL_PID_NAMESPACES = 1, /* in the flags: the mutexes do not have the kernel's thread numbers */

    MORTMAIN_STATE_PAGE = 4096,
    MORTMAIN_STATE_OPENERS = 0,
    MORTMAIN_STATE_WRITTEN_END = 8,
    MORTMAIN_STATE_SIZE = 4096,
    MORTMAIN_DIRECTORY = 8192,
    MORTMAIN_ALIGNMENT = 65536,
    MORTMAIN_OWNER_AREA_SIZE = 65536,
    MORTMAIN_MAX_OBJECTS = 1048576,

    MORTMAIN_ENTRY_STATE = 0,
    MORTMAIN_ENTRY_TYPE = 4,
    MORTMAIN_ENTRY_OFFSET = 8,
    MORTMAIN_ENTRY_LENGTH = 16,
    MORTMAIN_ENTRY_KIND = 24,
    MORTMAIN_ENTRY_NAME_LENGTH = 28,
    MORTMAIN_ENTRY_NAME = 32,
    MORTMAIN_ENTRY_NAME_SIZE = 80,
    MORTMAIN_ENTRY_CHECKSUM = 120,
    MORTMAIN_ENTRY_SIZE = 128,
    MORTMAIN_ENTRY_STATE_FREE = 0,
    MORTMAIN_ENTRY_STATE_PUBLISHED = 1,
    MORTMAIN_ENTRY_TYPE_MUTEX = 1,
    MORTMAIN_ENTRY_TYPE_MEMORY = 2,
    MORTMAIN_ENTRY_TYPE_GUARDED = 3, /* mutex, journal and records */
    MORTMAIN_ENTRY_TYPE_COUNTER = 4,
    MORTMAIN_ENTRY_TYPE_HEAP = 5,
    MORTMAIN_MEMORY_ALIGNMENT = 64,

    MORTMAIN_SLOT_MUTEX = 0,
    MORTMAIN_SLOT_SIZE = 128,

    MORTMAIN_MUTEX_LOCK = 0,
    MORTMAIN_MUTEX_KIND = 16,
    MORTMAIN_MUTEX_TID_MASK = 0x3fffffff,
    MORTMAIN_MUTEX_KIND_MASK = 127,
    MORTMAIN_MUTEX_KIND_ROBUST = 16,
    MORTMAIN_MUTEX_KIND_ERROR_CHECKING = 2,

    MORTMAIN_BLOCK_SCHEMA_HASH = 0,
    MORTMAIN_BLOCK_ELEMENT_SIZE = 8,
    MORTMAIN_BLOCK_ELEMENTS = 16,
    MORTMAIN_BLOCK_JOURNAL_CAPACITY = 24,
    MORTMAIN_BLOCK_SCHEMA_SIZE = 32,
    MORTMAIN_BLOCK_DATA = 40,
    MORTMAIN_BLOCK_SEQUENCE = 48,
    MORTMAIN_BLOCK_FLAGS = 52,
    MORTMAIN_BLOCK_JOURNAL_USED = 56,
    MORTMAIN_BLOCK_STRIPES = 60,
    MORTMAIN_BLOCK_JOURNAL = 64,
    MORTMAIN_BLOCK_ENTRY_WORD = 0,
    MORTMAIN_BLOCK_ENTRY_OLD_VALUE = 8,
    MORTMAIN_BLOCK_ENTRY_SIZE = 16,
    MORTMAIN_BLOCK_FLAG_LOST = 1,
    MORTMAIN_BLOCK_ALIGNMENT = 64,
    MORTMAIN_BLOCK_MOST_ENTRIES = 67108864,
    MORTMAIN_BLOCK_MOST_STRIPES = 64,

    MORTMAIN_VERSION = 1,
    MORTMAIN_LONGEST_NAME = 200
};
#define MORTMAIN_MAGIC UINT64_C(0x4e49414d54524f4d)
#define MORTMAIN_LAYOUT_HASH UINT64_C(0x2d121da4b12559dd)
#define MORTMAIN_MAX_CAPACITY (UINT64_C(1) << 46)
#if defined(__x86_64__)
#define MORTMAIN_ABI 1u
#define MORTMAIN_MUTEX_SIZE 40
#else
#define MORTMAIN_ABI 2u
#define MORTMAIN_MUTEX_SIZE 48
#endif

#ifdef __cplusplus
#define MORTMAIN_REQUIRE(holds, rule) static_assert(holds, rule)
#else
#define MORTMAIN_REQUIRE(holds, rule) _Static_assert(holds, rule)
#endif
MORTMAIN_REQUIRE(sizeof(pthread_mutex_t) == MORTMAIN_MUTEX_SIZE, "this C library's mutex has the size of the format");
MORTMAIN_REQUIRE(offsetof(pthread_mutex_t, __data.__kind) == MORTMAIN_MUTEX_KIND, "and its kind stands where the format says");

/* Why something was refused; the same reasons as in Java's RegionException. */
enum mortmain_reason {
    MORTMAIN_NOT_FOUND = 1,
    MORTMAIN_INVALID_ARGUMENT,
    MORTMAIN_NO_PERMISSION,
    MORTMAIN_LIMIT_REACHED,
    MORTMAIN_NOT_SECURE,              /* a symbolic link, no regular file, or a file of another user */
    MORTMAIN_UNSUPPORTED_FILE_SYSTEM, /* one that other kernels may share, or a mapping that is private */
    MORTMAIN_NOT_A_REGION,
    MORTMAIN_INCOMPATIBLE, /* another version, ABI, PID namespace, or kind of object than asked for */
    MORTMAIN_OTHER_BOOT,   /* written before the last reboot */
    MORTMAIN_DAMAGED,
    MORTMAIN_IN_USE,
    MORTMAIN_SYSTEM,
    /* of guarded objects: what other exceptions say in Java */
    MORTMAIN_DATA_LOST,             /* by a reboot, or who replaced all of them died; only setting all of them helps */
    MORTMAIN_TRANSACTION_TOO_LARGE, /* for its journal */
    MORTMAIN_NOT_HOLDER,
    MORTMAIN_WOULD_DEADLOCK, /* the thread holds it already */
    MORTMAIN_NOT_RECOVERABLE /* released after a death without being declared consistent */
};

/* What went wrong: the reason for code, and for people one sentence with the values and the cure. */
typedef struct mortmain_error {
    enum mortmain_reason reason;
    char text[1024];
} mortmain_error;

/* An open region. Its members are for this header only. */
typedef struct mortmain_region {
    unsigned char *base; /* NULL when closed */
    uint64_t size;
    uint64_t capacity;
    uint32_t max_objects;
    int adopted; /* whether the program mapped the memory itself */
    char path[PATH_MAX];
} mortmain_region;

enum { MORTMAIN_FOREIGN_OWNER = 1 }; /* flag: a region of another user may be opened; its owner can disturb this process */

#define MORTMAIN__INTERNAL static inline __attribute__((unused))

__attribute__((format(printf, 3, 4))) MORTMAIN__INTERNAL int mortmain__refuse(
    mortmain_error *error, enum mortmain_reason reason, const char *format, ...) {
    if (error != NULL) {
        va_list values;
        va_start(values, format);
        error->reason = reason;
        vsnprintf(error->text, sizeof error->text, format, values);
        va_end(values);
    }
    return -1;
}

MORTMAIN__INTERNAL int mortmain__failed(mortmain_error *error, const char *call, const char *path, int number) {
    switch (number) {
    case ENOENT:
    case ENOTDIR:
        return mortmain__refuse(
            error, MORTMAIN_NOT_FOUND, "region %s does not exist; check the name, or create it from Java first", path);
    case EACCES:
    case EPERM:
    case EROFS:
        return mortmain__refuse(error, MORTMAIN_NO_PERMISSION,
            "region %s may not be read and written (%s: %s); check owner and mode of the file and of its folder", path, call,
            strerror(number));
    case ELOOP:
        return mortmain__refuse(error, MORTMAIN_NOT_SECURE,
            "region %s is refused: it is a symbolic link; give the path of the file itself", path);
    case EISDIR:
        return mortmain__refuse(
            error, MORTMAIN_NOT_SECURE, "region %s is refused: it is a folder; give the path of a file", path);
    case EMFILE:
    case ENFILE:
    case ENOMEM:
    case EAGAIN:
        return mortmain__refuse(error, MORTMAIN_LIMIT_REACHED,
            "region %s: %s failed (%s); close files, free memory, or raise the limit", path, call, strerror(number));
    default:
        return mortmain__refuse(error, MORTMAIN_SYSTEM, "region %s: %s failed (%s); see errno(3)", path, call, strerror(number));
    }
}

MORTMAIN__INTERNAL uint32_t mortmain__int(const unsigned char *at) {
    uint32_t value;
    memcpy(&value, at, sizeof value);
    return value;
}

MORTMAIN__INTERNAL uint64_t mortmain__long(const unsigned char *at) {
    uint64_t value;
    memcpy(&value, at, sizeof value);
    return value;
}

/* FNV-1a of 64 bits: a checksum against accident. */
MORTMAIN__INTERNAL uint64_t mortmain__checksum(const unsigned char *from, const unsigned char *to) {
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    for (; from < to; from++) {
        hash = (hash ^ *from) * UINT64_C(0x100000001b3);
    }
    return hash;
}

MORTMAIN__INTERNAL uint64_t mortmain__align(uint64_t size) {
    return (size + MORTMAIN_ALIGNMENT - 1) & ~(uint64_t)(MORTMAIN_ALIGNMENT - 1);
}

MORTMAIN__INTERNAL uint64_t mortmain__lock_area(const mortmain_region *region) {
    return mortmain__align(MORTMAIN_DIRECTORY + (uint64_t)region->max_objects * MORTMAIN_ENTRY_SIZE);
}

MORTMAIN__INTERNAL uint64_t mortmain__data(const mortmain_region *region) {
    return mortmain__lock_area(region) + mortmain__align(((uint64_t)region->max_objects + 1) * MORTMAIN_SLOT_SIZE)
        + MORTMAIN_OWNER_AREA_SIZE;
}

#endif
