/*
 * Guarded objects: records with a mutex and a journal, changed as a whole or not at all. A part of mortmain.h; include that.
 * The block is explained in the Java class GuardedBlockLayout, the order of stores in Journal.
 *
 * All functions that can fail return -1 with the reason in *error, which may be NULL. A mortmain_guarded may be used by any number of
 * threads, and what needs the mutex, by the one that holds it.
 */
#ifndef MORTMAIN_GUARDED_H
#define MORTMAIN_GUARDED_H

#include "mortmain/schema.h"
#include <linux/futex.h>
#include <sys/syscall.h>
#include <time.h>

#if !defined(__cplusplus) && !defined(__USE_MISC)
long syscall(long number, ...); /* unistd.h has it not for POSIX alone */
#endif

/* A guarded object of an open region, valid until that is closed. Its members are for this header only. */
typedef struct mortmain_guarded {
    const mortmain_region *region;
    char name[MORTMAIN_ENTRY_NAME_SIZE + 1];
    pthread_mutex_t *mutex;
    unsigned char *block;
    uint64_t data; /* offsets are from the block */
    uint64_t data_end;
    uint64_t elements;
    uint64_t element_size;
    uint64_t schema_size;
    uint32_t capacity; /* of the journal, entries */
    pthread_t holder;  /* 0 where no thread of this process holds it */
    int changed;       /* whether the holder has committed something */
} mortmain_guarded;

/* What stands before the sequence, which never changes: checked here, once, and read nowhere else. */
MORTMAIN__INTERNAL const char *mortmain__check_block(mortmain_guarded *guarded, uint64_t size) {
    unsigned char header[MORTMAIN_BLOCK_JOURNAL];
    uint64_t capacity, schema;
    if (size < sizeof header) {
        return "it has no room for its header";
    }
    memcpy(header, guarded->block, sizeof header);
    guarded->element_size = mortmain__long(header + MORTMAIN_BLOCK_ELEMENT_SIZE);
    guarded->elements = mortmain__long(header + MORTMAIN_BLOCK_ELEMENTS);
    guarded->schema_size = mortmain__long(header + MORTMAIN_BLOCK_SCHEMA_SIZE);
    guarded->data = mortmain__long(header + MORTMAIN_BLOCK_DATA);
    guarded->data_end = size;
    capacity = mortmain__long(header + MORTMAIN_BLOCK_JOURNAL_CAPACITY);
    if (guarded->element_size < 8 || guarded->element_size % 8 != 0 || guarded->element_size > size || guarded->elements < 1
        || guarded->elements > size / guarded->element_size) {
        return "its elements cannot be";
    }
    if (capacity < 1 || capacity > MORTMAIN_BLOCK_MOST_ENTRIES || capacity > size / MORTMAIN_BLOCK_ENTRY_SIZE) {
        return "its journal cannot be";
    }
    if (mortmain__int(header + MORTMAIN_BLOCK_STRIPES) > MORTMAIN_BLOCK_MOST_STRIPES) {
        return "its stripes cannot be";
    }
    guarded->capacity = (uint32_t)capacity;
    schema = MORTMAIN_BLOCK_JOURNAL + capacity * MORTMAIN_BLOCK_ENTRY_SIZE;
    if (guarded->schema_size < 1 || guarded->schema_size > MORTMAIN_LONGEST_SCHEMA
        || guarded->data
            != ((schema + guarded->schema_size + MORTMAIN_BLOCK_ALIGNMENT - 1) & ~(uint64_t)(MORTMAIN_BLOCK_ALIGNMENT - 1))
        || guarded->data + guarded->elements * guarded->element_size != size) {
        return "its parts do not fit into it";
    }
    return mortmain__long(header + MORTMAIN_BLOCK_SCHEMA_HASH)
                == mortmain__checksum(guarded->block + schema, guarded->block + schema + guarded->schema_size)
            && mortmain__is_utf8(guarded->block + schema, (size_t)guarded->schema_size)
            && mortmain__schema_record_size((const char *)guarded->block + schema, (size_t)guarded->schema_size)
                == guarded->element_size
        ? NULL
        : "its description is not the one that it was made with";
}

/* Finds the guarded object of that name. 0, or -1 with nothing that could be used in *guarded. */
MORTMAIN__INTERNAL int mortmain_guarded_find(
    const mortmain_region *region, const char *name, mortmain_guarded *guarded, mortmain_error *error) {
    unsigned char entry[MORTMAIN_ENTRY_SIZE], *mutex;
    const char *fault;
    int index = mortmain__find(region, name, MORTMAIN_ENTRY_TYPE_GUARDED, entry, error);
    memset(guarded, 0, sizeof *guarded);
    if (index < 0) {
        return -1;
    }
    mutex = region->base + mortmain__lock_area(region) + ((size_t)index + 1) * MORTMAIN_SLOT_SIZE + MORTMAIN_SLOT_MUTEX;
    guarded->block = region->base + mortmain__long(entry + MORTMAIN_ENTRY_OFFSET);
    fault = mortmain__int(mutex + MORTMAIN_MUTEX_KIND) != mortmain__int(entry + MORTMAIN_ENTRY_KIND)
        ? "its mutex was punched or overwritten"
        : mortmain__check_block(guarded, mortmain__long(entry + MORTMAIN_ENTRY_LENGTH));
    if (fault != NULL) {
        return mortmain__refuse(error, MORTMAIN_DAMAGED,
            "guarded %s of region %s is damaged (%s); remove its region and create it anew", name, region->path, fault);
    }
    if (mortmain__int(guarded->block + MORTMAIN_BLOCK_STRIPES) != 0) { /* its own mutex is that of the journal only */
        return mortmain__refuse(error, MORTMAIN_INCOMPATIBLE,
            "guarded %s of region %s has stripes, which only Java programs can use; make it with one", name, region->path);
    }
    guarded->region = region;
    strcpy(guarded->name, name); /* as long as the entry's */
    guarded->mutex = (pthread_mutex_t *)(void *)mutex;
    return 0;
}

MORTMAIN__INTERNAL uint64_t mortmain_guarded_elements(const mortmain_guarded *guarded) {
    return guarded->elements;
}

/* From one record to the next, in bytes. */
MORTMAIN__INTERNAL uint64_t mortmain_guarded_element_size(const mortmain_guarded *guarded) {
    return guarded->element_size;
}

/* The first record, to be read while the mutex is held. To be written only by mortmain_guarded_write: nothing else is undone. */
MORTMAIN__INTERNAL const void *mortmain_guarded_data(const mortmain_guarded *guarded) {
    return guarded->block + guarded->data;
}

/* What lies where in a record: UTF-8 lines "OFFSET TYPE NAME", see schema.h; not ended by a zero byte. In *size, its bytes. */
MORTMAIN__INTERNAL const char *mortmain_guarded_schema(const mortmain_guarded *guarded, size_t *size) {
    *size = (size_t)guarded->schema_size;
    return (const char *)guarded->block + MORTMAIN_BLOCK_JOURNAL + (size_t)guarded->capacity * MORTMAIN_BLOCK_ENTRY_SIZE;
}

/* Where a field stands in a record: by its name, or in a nested record as "order.price" (of an array of records, in the first). */
MORTMAIN__INTERNAL int mortmain_guarded_field(
    const mortmain_guarded *guarded, const char *name, size_t *offset, size_t *size, mortmain_error *error) {
    size_t schema_size;
    const char *schema = mortmain_guarded_schema(guarded, &schema_size);
    *offset = *size = 0;
    if (!mortmain__schema_field(schema, schema_size, (size_t)guarded->element_size, name, offset, size)) {
        return mortmain__refuse(error, MORTMAIN_NOT_FOUND,
            "guarded %s of region %s has no field %.80s; look for it in its description", guarded->name, guarded->region->path, name);
    }
    return 0;
}

MORTMAIN__INTERNAL uint32_t mortmain__word(const mortmain_guarded *guarded, int at) {
    return __atomic_load_n((uint32_t *)(void *)(guarded->block + at), __ATOMIC_ACQUIRE);
}

MORTMAIN__INTERNAL void mortmain__set_word(const mortmain_guarded *guarded, int at, uint32_t value) {
    __atomic_store_n((uint32_t *)(void *)(guarded->block + at), value, __ATOMIC_RELEASE);
}

/* The fence keeps the plain stores behind it from being moved above: to the data, or to entries that are still valid. */
MORTMAIN__INTERNAL void mortmain__set_used(const mortmain_guarded *guarded, uint32_t used) {
    mortmain__set_word(guarded, MORTMAIN_BLOCK_JOURNAL_USED, used);
    __atomic_thread_fence(__ATOMIC_RELEASE);
}

/* A word of the data, whose types are the program's own. */
typedef uint64_t __attribute__((may_alias)) mortmain__data_word;

/* Relaxed atomics, so that a compiler makes neither two of it nor none. */
MORTMAIN__INTERNAL uint64_t mortmain__load(const mortmain_guarded *guarded, uint64_t offset) {
    return __atomic_load_n((mortmain__data_word *)(void *)(guarded->block + offset), __ATOMIC_RELAXED);
}

MORTMAIN__INTERNAL void mortmain__store(const mortmain_guarded *guarded, uint64_t offset, uint64_t value) {
    __atomic_store_n((mortmain__data_word *)(void *)(guarded->block + offset), value, __ATOMIC_RELAXED);
}

MORTMAIN__INTERNAL uint64_t mortmain__journal_entry(uint32_t index) {
    return MORTMAIN_BLOCK_JOURNAL + (uint64_t)index * MORTMAIN_BLOCK_ENTRY_SIZE;
}

/* The word that an entry is about, or 0 where no word of the data can be there. */
MORTMAIN__INTERNAL uint64_t mortmain__logged_word(const mortmain_guarded *guarded, uint32_t index) {
    uint64_t offset = mortmain__load(guarded, mortmain__journal_entry(index) + MORTMAIN_BLOCK_ENTRY_WORD);
    return offset >= guarded->data && offset < guarded->data_end && offset % 8 == 0 ? offset : 0;
}

MORTMAIN__INTERNAL int mortmain__journal_damaged(const mortmain_guarded *guarded, mortmain_error *error) {
    return mortmain__refuse(error, MORTMAIN_DAMAGED,
        "guarded %s of region %s: its journal is damaged (%" PRIu32 " entries of %" PRIu32
        ", or a word outside the data); remove the region and create it anew",
        guarded->name, guarded->region->path, mortmain__word(guarded, MORTMAIN_BLOCK_JOURNAL_USED), guarded->capacity);
}

/*
 * Undoes what was not committed; killed in between, the next holder does it again. All entries are looked at before anything is stored.
 * Each is looked at again when it is followed: somebody may write who should not.
 */
MORTMAIN__INTERNAL int mortmain__roll_back(const mortmain_guarded *guarded, mortmain_error *error) {
    uint32_t used = mortmain__word(guarded, MORTMAIN_BLOCK_JOURNAL_USED);
    if (used == 0) {
        return 0;
    }
    if (used > guarded->capacity) {
        return mortmain__journal_damaged(guarded, error);
    }
    for (uint32_t index = 0; index < used; index++) {
        if (mortmain__logged_word(guarded, index) == 0) {
            return mortmain__journal_damaged(guarded, error);
        }
    }
    for (uint32_t index = used; index > 0; index--) {
        uint64_t word = mortmain__logged_word(guarded, index - 1);
        if (word == 0) {
            return mortmain__journal_damaged(guarded, error);
        }
        mortmain__store(guarded, word,
            mortmain__load(guarded, mortmain__journal_entry(index - 1) + MORTMAIN_BLOCK_ENTRY_OLD_VALUE));
    }
    mortmain__set_used(guarded, 0);
    return 0;
}

MORTMAIN__INTERNAL int mortmain__require_holder(const mortmain_guarded *guarded, mortmain_error *error) {
    pthread_t holder = __atomic_load_n(&guarded->holder, __ATOMIC_RELAXED);
    return holder != 0 && pthread_equal(holder, pthread_self()) ? 0
                                                                : mortmain__refuse(error, MORTMAIN_NOT_HOLDER,
                                                                    "guarded %s is not held by this thread; lock it first",
                                                                    guarded->region == NULL ? "object" : guarded->name);
}

/* Why the mutex was not acquired: 1 for somebody else's, and -1 with the reason. */
MORTMAIN__INTERNAL int mortmain__not_locked(const mortmain_guarded *guarded, int result, mortmain_error *error) {
    switch (result) {
    case EBUSY:
    case ETIMEDOUT:
        return 1;
    case EDEADLK:
        return mortmain__refuse(error, MORTMAIN_WOULD_DEADLOCK,
            "guarded %s of region %s is held by this thread already; unlock it first", guarded->name, guarded->region->path);
    case ENOTRECOVERABLE:
        return mortmain__refuse(error, MORTMAIN_NOT_RECOVERABLE,
            "guarded %s of region %s was given up: its mutex was released after a death without being declared consistent; reset it"
            " from Java",
            guarded->name, guarded->region->path);
    default:
        return mortmain__refuse(error, MORTMAIN_SYSTEM, "guarded %s of region %s cannot be locked (%s); see pthread_mutex_lock(3)",
            guarded->name, guarded->region->path, strerror(result));
    }
}

/*
 * What whoever acquires the mutex owes before anything is read, told of a death or not. A refusal releases it, and declares it consistent
 * before: what is wrong stands in the block, and the next one finds it there.
 */
MORTMAIN__INTERNAL int mortmain__locked(mortmain_guarded *guarded, int result, mortmain_error *error) {
    int refused;
    if (result != 0 && result != EOWNERDEAD) {
        return mortmain__not_locked(guarded, result, error);
    }
    if ((mortmain__word(guarded, MORTMAIN_BLOCK_FLAGS) & MORTMAIN_BLOCK_FLAG_LOST) != 0) {
        refused = mortmain__refuse(error, MORTMAIN_DATA_LOST,
            "the data of guarded %s of region %s are lost, because the machine was rebooted or who replaced all of them died: what was"
            " written last may be there in part; set all of it anew, from Java",
            guarded->name, guarded->region->path);
    } else {
        refused = mortmain__roll_back(guarded, error);
    }
    if (result == EOWNERDEAD) {
        pthread_mutex_consistent(guarded->mutex);
    }
    if (refused) {
        pthread_mutex_unlock(guarded->mutex);
        return -1;
    }
    guarded->changed = 0;
    __atomic_store_n(&guarded->holder, pthread_self(), __ATOMIC_RELAXED);
    return 0;
}

/* Locks, waiting as long as it takes. 0: held, and the data are whole, whoever died; -1: not held, for a reason. */
MORTMAIN__INTERNAL int mortmain_guarded_lock(mortmain_guarded *guarded, mortmain_error *error) {
    return mortmain__locked(guarded, pthread_mutex_lock(guarded->mutex), error);
}

/* Locks if nobody holds it. 0: held; 1: somebody holds it; -1: not held, for a reason. */
MORTMAIN__INTERNAL int mortmain_guarded_trylock(mortmain_guarded *guarded, mortmain_error *error) {
    return mortmain__locked(guarded, pthread_mutex_trylock(guarded->mutex), error);
}

/* Locks, waiting until a time of CLOCK_REALTIME at most. 0: held; 1: the time is over; -1: not held, for a reason. */
MORTMAIN__INTERNAL int mortmain_guarded_timedlock(
    mortmain_guarded *guarded, const struct timespec *deadline, mortmain_error *error) {
    return mortmain__locked(guarded, pthread_mutex_timedlock(guarded->mutex, deadline), error);
}

/* A word as it is to be when the bytes from source are at their place. */
MORTMAIN__INTERNAL uint64_t mortmain__merged(
    const mortmain_guarded *guarded, uint64_t word, uint64_t from, const unsigned char *source, uint64_t size) {
    uint64_t value = mortmain__load(guarded, word);
    uint64_t first = from > word ? from - word : 0;
    uint64_t end = from + size - word < 8 ? from + size - word : 8;
    memcpy((unsigned char *)&value + first, source + (word + first - from), (size_t)(end - first));
    return value;
}

MORTMAIN__INTERNAL int mortmain__is_logged(const mortmain_guarded *guarded, uint32_t used, uint64_t word) {
    for (uint32_t index = used; index > 0; index--) {
        if (mortmain__load(guarded, mortmain__journal_entry(index - 1) + MORTMAIN_BLOCK_ENTRY_WORD) == word) {
            return 1;
        }
    }
    return 0;
}

/* Notes the words that change and were not noted in this transaction; how many are noted then, or one more than there is room for. */
MORTMAIN__INTERNAL uint32_t mortmain__log(
    const mortmain_guarded *guarded, uint32_t used, uint64_t from, const unsigned char *source, uint64_t size) {
    uint32_t count = used;
    for (uint64_t word = from & ~UINT64_C(7); word < from + size && count <= guarded->capacity; word += 8) {
        uint64_t old = mortmain__load(guarded, word);
        if (old == mortmain__merged(guarded, word, from, source, size) || mortmain__is_logged(guarded, used, word)) {
            continue;
        }
        if (count < guarded->capacity) {
            mortmain__store(guarded, mortmain__journal_entry(count) + MORTMAIN_BLOCK_ENTRY_WORD, word);
            mortmain__store(guarded, mortmain__journal_entry(count) + MORTMAIN_BLOCK_ENTRY_OLD_VALUE, old);
        }
        count++;
    }
    return count;
}

/*
 * Stores the words that are noted, of those before this call's, or of its own, which ascend. Another one was found as it is to be; if it has
 * changed since, somebody wrote without the mutex, and what is not noted could not be undone.
 */
MORTMAIN__INTERNAL void mortmain__store_logged(
    mortmain_guarded *guarded, uint32_t used, uint32_t count, uint64_t from, const unsigned char *source, uint64_t size) {
    uint32_t next = used;
    for (uint64_t word = from & ~UINT64_C(7); word < from + size; word += 8) {
        int is_new = next < count && mortmain__load(guarded, mortmain__journal_entry(next) + MORTMAIN_BLOCK_ENTRY_WORD) == word;
        if (is_new || mortmain__is_logged(guarded, used, word)) {
            mortmain__store(guarded, word, mortmain__merged(guarded, word, from, source, size));
        }
        next += is_new ? 1 : 0;
    }
}

/*
 * Copies size bytes to a place in the data, which the calling thread holds: noted in the journal first, so that they are undone unless
 * mortmain_guarded_commit comes. Any place and size; source must not be in the data. -1: nothing was written. A transaction can change so
 * many words of 8 bytes as the journal has entries, all of a record at least; many small writes in one take time that grows as the
 * square of their number.
 */
MORTMAIN__INTERNAL int mortmain_guarded_write(
    mortmain_guarded *guarded, const void *destination, const void *source, size_t size, mortmain_error *error) {
    uint64_t from = (uint64_t)((uintptr_t)destination - (uintptr_t)guarded->block); /* huge where it is before the block */
    uint32_t used, count;
    if (mortmain__require_holder(guarded, error) != 0) {
        return -1;
    }
    if (from < guarded->data || from > guarded->data_end || size > guarded->data_end - from) {
        return mortmain__refuse(error, MORTMAIN_INVALID_ARGUMENT,
            "guarded %s of region %s: %zu bytes at %p are not in its data, which are %" PRIu64 " bytes at %p", guarded->name,
            guarded->region->path, size, destination, guarded->data_end - guarded->data, mortmain_guarded_data(guarded));
    }
    used = mortmain__word(guarded, MORTMAIN_BLOCK_JOURNAL_USED);
    if (used > guarded->capacity) {
        return mortmain__journal_damaged(guarded, error);
    }
    count = mortmain__log(guarded, used, from, (const unsigned char *)source, size);
    if (count > guarded->capacity) {
        return mortmain__refuse(error, MORTMAIN_TRANSACTION_TOO_LARGE,
            "guarded %s of region %s cannot be changed: the transaction changes more than %" PRIu32
            " words of 8 bytes, for which its journal has room; change less at once, or create it anew with a larger journal",
            guarded->name, guarded->region->path, guarded->capacity);
    }
    if (count != used) {
        mortmain__set_used(guarded, count);
    }
    mortmain__store_logged(guarded, used, count, from, (const unsigned char *)source, size);
    return 0;
}

/* Makes all that was written since the lock, or the last commit, final, by one store. The mutex stays held. */
MORTMAIN__INTERNAL int mortmain_guarded_commit(mortmain_guarded *guarded, mortmain_error *error) {
    if (mortmain__require_holder(guarded, error) != 0) {
        return -1;
    }
    if (mortmain__word(guarded, MORTMAIN_BLOCK_JOURNAL_USED) != 0) {
        mortmain__set_used(guarded, 0);
        guarded->changed = 1;
    }
    return 0;
}

/* Unlocks, wakes those who wait for a change if there was one, and with *announced, says in the sequence that the caller will. */
MORTMAIN__INTERNAL int mortmain__release(mortmain_guarded *guarded, uint32_t *announced, mortmain_error *error) {
    uint32_t sequence = mortmain__word(guarded, MORTMAIN_BLOCK_SEQUENCE);
    int refused = mortmain__roll_back(guarded, error); /* what was not committed */
    int wakes = guarded->changed && (sequence & 1) != 0;
    sequence += wakes ? 1 : 0;
    if (announced != NULL) {
        sequence |= 1;
        *announced = sequence;
    }
    if (sequence != mortmain__word(guarded, MORTMAIN_BLOCK_SEQUENCE)) {
        mortmain__set_word(guarded, MORTMAIN_BLOCK_SEQUENCE, sequence);
    }
    __atomic_store_n(&guarded->holder, (pthread_t)0, __ATOMIC_RELAXED);
    pthread_mutex_unlock(guarded->mutex);
    if (wakes) {
        syscall(SYS_futex, guarded->block + MORTMAIN_BLOCK_SEQUENCE, FUTEX_WAKE, INT_MAX, NULL, NULL, 0);
    }
    return refused;
}

/*
 * Unlocks, and undoes what was written and not committed. -1: not held, or the journal was damaged by somebody else; then it is unlocked
 * all the same, and whoever locks next is refused.
 */
MORTMAIN__INTERNAL int mortmain_guarded_unlock(mortmain_guarded *guarded, mortmain_error *error) {
    return mortmain__require_holder(guarded, error) != 0 ? -1 : mortmain__release(guarded, NULL, error);
}

/*
 * Unlocks as mortmain_guarded_unlock does, sleeps until somebody has changed something, for 50 milliseconds at most, and locks again; to
 * be called in a loop that looks at the data. 0: held again; -1: not held, for a reason.
 */
MORTMAIN__INTERNAL int mortmain_guarded_wait(mortmain_guarded *guarded, mortmain_error *error) {
    struct timespec slice = {0, 50 * 1000 * 1000};
    uint32_t announced;
    if (mortmain__require_holder(guarded, error) != 0 || mortmain__release(guarded, &announced, error) != 0) {
        return -1;
    }
    syscall(SYS_futex, guarded->block + MORTMAIN_BLOCK_SEQUENCE, FUTEX_WAIT, announced, &slice, NULL, 0);
    return mortmain_guarded_lock(guarded, error);
}

#endif
