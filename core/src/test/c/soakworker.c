/* The C worker of GuardedSoakTest; SoakSheet and SoakMarks say what the words are. Arguments: region, number of the worker. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "mortmain.h"
#include <stdlib.h>

enum { WORDS = 2000, MARK = 0, COMMITS, LONGEST_WAIT, TORN, LOST, WORKER_SIZE = 8, BEGUN = 64, VERSIONS = 1 << 14 };

struct sheet {
    uint64_t version;
    uint64_t words[WORDS];
};

static mortmain_error why;

static void require(int is_good) {
    if (!is_good) {
        printf("refused %d %s\n", (int)why.reason, why.text);
        exit(1);
    }
}

static void *end_with_the_tester(void *nothing) {
    while (getchar() != EOF) {
    }
    _exit(0);
    return nothing;
}

static uint64_t nanos(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

static uint64_t word(uint64_t version, uint64_t index) {
    return (version + 1) * UINT64_C(0x9e3779b97f4a7c15) + index;
}

static void set(volatile uint64_t *mark, uint64_t value) {
    __atomic_store_n(mark, value, __ATOMIC_SEQ_CST);
}

static void begin(volatile uint64_t *marks, volatile uint64_t *mine, const struct sheet *seen, uint64_t waited) {
    volatile uint64_t *begun = marks + BEGUN + seen->version % VERSIONS;
    int torn = 0;
    set(mine + MARK, seen->version + 1);
    set(begun, *begun >> 8 == seen->version ? *begun + 1 : (seen->version << 8) + 1);
    if (waited > mine[LONGEST_WAIT]) {
        set(mine + LONGEST_WAIT, waited);
    }
    for (uint64_t i = 0; i < WORDS; i++) {
        torn |= seen->words[i] != word(seen->version, i);
    }
    set(mine + TORN, mine[TORN] + (uint64_t)torn);
    set(mine + LOST, mine[LOST] + (marks[BEGUN + VERSIONS + (seen->version + 1) % VERSIONS] == seen->version + 1));
}

int main(int count, char **arguments) {
    static struct sheet next;
    mortmain_region region;
    mortmain_guarded object;
    pthread_t watcher;
    require(count == 3 && mortmain_open(&region, arguments[1], &why) == 0);
    require(mortmain_guarded_find(&region, "sheet", &object, &why) == 0);
    const struct sheet *sheet = (const struct sheet *)mortmain_guarded_data(&object);
    volatile uint64_t *marks = (volatile uint64_t *)mortmain_memory(&region, "marks", NULL, &why);
    volatile uint64_t *mine = marks + atol(arguments[2]) * WORKER_SIZE;
    require(marks != NULL && mortmain_guarded_element_size(&object) == sizeof *sheet);
    pthread_create(&watcher, NULL, end_with_the_tester, NULL);
    printf("ready\n");
    fflush(stdout);
    for (;;) {
        uint64_t called = nanos();
        require(mortmain_guarded_lock(&object, &why) == 0);
        begin(marks, mine, sheet, nanos() - called);
        next.version = sheet->version + 1;
        for (uint64_t i = 0; i < WORDS; i++) {
            next.words[i] = word(next.version, i);
        }
        require(mortmain_guarded_write(&object, &sheet->version, &next.version, sizeof next.version, &why) == 0);
        require(mortmain_guarded_write(&object, sheet->words, next.words, sizeof next.words, &why) == 0);
        require(mortmain_guarded_commit(&object, &why) == 0);
        require(mortmain_guarded_unlock(&object, &why) == 0);
        set(marks + BEGUN + VERSIONS + next.version % VERSIONS, next.version);
        set(mine + MARK, 0);
        set(mine + COMMITS, mine[COMMITS] + 1);
    }
}
