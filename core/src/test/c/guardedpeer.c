/*
 * The C side of tests about guarded objects: uses mortmain.h as a C program would.
 *
 *   guardedpeer REGION OBJECT          obeys commands from standard input, one line each, and answers each with one line
 *   guardedpeer once REGION OBJECT     for kill_at: names its thread, reads a line, makes one transaction, ends
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <linux/futex.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Sleepers that this process woke, and how often it was woken itself, not by the end of a slice. */
static long woken, awoken;

static long counted_syscall(long number, void *word, int operation, long value, void *timeout, void *other, int bits) {
    long result = syscall(number, word, operation, value, timeout, other, bits);
    woken += operation == FUTEX_WAKE ? result : 0;
    awoken += operation == FUTEX_WAIT && result == 0;
    return result;
}
#define syscall(...) counted_syscall(__VA_ARGS__)
#include "mortmain.h"

/* GuardedInCTest.Mixed, as a C compiler lays it out. */
struct point {
    int16_t x;
    int64_t y;
};
struct mixed {
    int64_t count;
    struct {
        int32_t length;
        char bytes[12];
    } name;
    int32_t numbers[3];
    bool open;
    struct point point;
    struct point path[2];
    double rate;
};

static mortmain_region region;
static mortmain_guarded object;
static mortmain_error why;

static void say(int result) {
    if (result < 0) {
        printf("refused %d %s\n", (int)why.reason, why.text);
    } else {
        printf("%s\n", result == 0 ? "ok" : "busy");
    }
}

static const int64_t *words(void) {
    return (const int64_t *)mortmain_guarded_data(&object);
}

static int timedlock(int milliseconds) {
    struct timespec deadline;
    clock_gettime(CLOCK_REALTIME, &deadline);
    deadline.tv_nsec += milliseconds % 1000 * 1000000L;
    deadline.tv_sec += milliseconds / 1000 + deadline.tv_nsec / 1000000000L;
    deadline.tv_nsec %= 1000000000L;
    return mortmain_guarded_timedlock(&object, &deadline, &why);
}

/* A program that knows nothing of the journal: it locks, and whatever it is told, declares the data consistent. */
static void seize(void) {
    int result = pthread_mutex_lock(object.mutex);
    if (result == EOWNERDEAD) {
        pthread_mutex_consistent(object.mutex);
    }
    printf("%s\n", result == EOWNERDEAD ? "EOWNERDEAD" : strerror(result));
}

/* One that does not even do that. */
static void give_up(void) {
    int result = pthread_mutex_lock(object.mutex);
    pthread_mutex_unlock(object.mutex);
    printf("%s\n", result == EOWNERDEAD ? "EOWNERDEAD" : strerror(result));
}

static void field(const char *name) {
    size_t offset, size;
    if (mortmain_guarded_field(&object, name, &offset, &size, &why) != 0) {
        say(-1);
    } else {
        printf("%zu %zu\n", offset, size);
    }
}

/* Says what it finds in the record, and makes each part of it another. */
static void mixed(void) {
    const struct mixed *seen = (const struct mixed *)mortmain_guarded_data(&object);
    struct mixed next = {seen->count + 1, {3, "Bob"}, {4, 5, 6}, !seen->open, {-1, -2}, {{11, 12}, {13, 14}}, -seen->rate};
    printf("%zu: %" PRId64 " %.*s %d,%d,%d %d (%d,%" PRId64 ") (%d,%" PRId64 ") (%d,%" PRId64 ") %g\n", sizeof *seen, seen->count,
        seen->name.length, seen->name.bytes, seen->numbers[0], seen->numbers[1], seen->numbers[2], seen->open, seen->point.x,
        seen->point.y, seen->path[0].x, seen->path[0].y, seen->path[1].x, seen->path[1].y, seen->rate);
    if (mortmain_guarded_write(&object, seen, &next, sizeof next, &why) != 0) {
        say(-1);
    }
}

static void dump(size_t from, size_t size) {
    const unsigned char *data = (const unsigned char *)mortmain_guarded_data(&object);
    for (size_t i = from; i < from + size; i++) {
        printf("%02x", data[i]);
    }
    putchar('\n');
}

/* Holds; waits until the first word has that value. */
static int wait_for(int64_t value) {
    prctl(PR_SET_NAME, "waits");
    while (words()[0] != value) {
        if (mortmain_guarded_wait(&object, &why) != 0) {
            return -1;
        }
    }
    return 0;
}

/* "write OFFSET HEX" */
static int write_hex(long offset, const char *hex) {
    unsigned char bytes[4096];
    size_t size = strlen(hex) / 2;
    for (size_t i = 0; i < size && i < sizeof bytes; i++) {
        unsigned byte;
        sscanf(hex + 2 * i, "%2x", &byte);
        bytes[i] = (unsigned char)byte;
    }
    return mortmain_guarded_write(&object, (const char *)mortmain_guarded_data(&object) + offset, bytes, size, &why);
}

static void obey(const char *command, long number, const char *text) {
    if (strcmp(command, "lock") == 0) {
        say(mortmain_guarded_lock(&object, &why));
    } else if (strcmp(command, "trylock") == 0) {
        say(mortmain_guarded_trylock(&object, &why));
    } else if (strcmp(command, "timedlock") == 0) {
        say(timedlock((int)number));
    } else if (strcmp(command, "write") == 0) {
        say(write_hex(number, text));
    } else if (strcmp(command, "put") == 0) { /* "put WORD VALUE" */
        int64_t value = atoll(text);
        say(mortmain_guarded_write(&object, words() + number, &value, sizeof value, &why));
    } else if (strcmp(command, "commit") == 0) {
        say(mortmain_guarded_commit(&object, &why));
    } else if (strcmp(command, "unlock") == 0) {
        say(mortmain_guarded_unlock(&object, &why));
    } else if (strcmp(command, "wait") == 0) {
        say(wait_for(number));
    } else if (strcmp(command, "seize") == 0) {
        seize();
    } else if (strcmp(command, "seize-unlock") == 0) {
        printf("%s\n", strerror(pthread_mutex_unlock(object.mutex)));
    } else if (strcmp(command, "give-up") == 0) {
        give_up();
    } else if (strcmp(command, "mixed") == 0) {
        mixed();
    } else if (strcmp(command, "dump") == 0) {
        dump((size_t)number, (size_t)atoll(text));
    } else if (strcmp(command, "wakes") == 0) {
        printf("%ld %ld\n", woken, awoken);
    } else if (strcmp(command, "used") == 0) {
        printf("%" PRIu32 "\n", mortmain__word(&object, MORTMAIN_BLOCK_JOURNAL_USED));
    } else if (strcmp(command, "field") == 0) {
        field(text);
    } else if (strcmp(command, "shape") == 0) {
        size_t size;
        const char *schema = mortmain_guarded_schema(&object, &size);
        printf("%" PRIu64 " x %" PRIu64 ", %.*s", mortmain_guarded_elements(&object), mortmain_guarded_element_size(&object),
            (int)(strcspn(schema, "\n") + 1), schema);
    } else if (strcmp(command, "find") == 0) {
        say(mortmain_guarded_find(&region, text, &object, &why));
    } else {
        printf("unknown command %s\n", command);
    }
}

/* Each of the words one more, in several writes, and then the commit. */
static int once(void) {
    size_t count = (size_t)(mortmain_guarded_element_size(&object) / 8);
    char line[16];
    printf("thread %d\n", (int)gettid());
    fflush(stdout);
    if (fgets(line, sizeof line, stdin) == NULL || mortmain_guarded_lock(&object, &why) != 0) {
        return 1;
    }
    for (size_t i = 0; i < count; i++) {
        int64_t next = words()[i] + 1;
        if (mortmain_guarded_write(&object, words() + i, &next, sizeof next, &why) != 0) {
            return 1;
        }
    }
    return mortmain_guarded_commit(&object, &why) != 0 || mortmain_guarded_unlock(&object, &why) != 0;
}

int main(int count, char **arguments) {
    int is_once = count > 3 && strcmp(arguments[1], "once") == 0;
    char line[8192], command[32], text[8000];
    if (count < 3 || mortmain_open(&region, arguments[1 + is_once], &why) != 0
        || mortmain_guarded_find(&region, arguments[2 + is_once], &object, &why) != 0) {
        printf("refused %d %s\n", (int)why.reason, why.text);
        return 1;
    }
    if (is_once) {
        return once();
    }
    setvbuf(stdout, NULL, _IOLBF, 0);
    printf("ready\n");
    while (fgets(line, sizeof line, stdin) != NULL) {
        long number = 0;
        text[0] = '\0';
        sscanf(line, "%31s %ld %7999s", command, &number, text);
        if (text[0] == '\0') {
            sscanf(line, "%*s %7999s", text);
        }
        obey(command, number, text);
    }
    return 0;
}
