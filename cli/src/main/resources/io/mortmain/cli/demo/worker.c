/*
 * A C worker of "mortmain demo": takes the same mutex as the Java workers and moves money between the same accounts, by mortmain.h, which rolls
 * back what a dead holder had written. It does what Worker.java and Desk.java do, but writes in place, and pauses or dies between two writes;
 * the structures are those of BankLayout.java.
 *
 * Arguments: file of the region, slot, seed.
 */
#define _GNU_SOURCE
#include "mortmain.h"
#include <errno.h>
#include <libgen.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { ACCOUNTS = 64, SLOTS = 64, TOLD_ENTRIES = 4096 };
enum { TRANSFERS_A_ROUND = 32, LONGEST_TRANSFER = 100, LONGEST_PAUSE = 100000 };
enum { ELSEWHERE, ACQUIRING, HOLDING, WRITING, RELEASING };       /* Phase.java */
enum { THREAD_ENDED = 1, EXIT, HALT, EXEC, GO_HOME = 100 };       /* DeathKind.java, Slot.java */
enum { FAILED = 3, ORPHANED = 4 };

typedef _Atomic int64_t word;

struct slot {
    word life, phase, order, last_words_life, last_words_kind, last_words_time, turns, transfers;
    word unused[8];
};

struct told {
    word time, holder, by, turns;
};

struct bank {
    word holder, turns, told, intrusions;
    word unused[4];
    struct slot slots[SLOTS];
    struct told log[TOLD_ENTRIES];
};

static struct bank *bank;
static mortmain_region region;
static mortmain_guarded accounts;
static mortmain_error why;
static struct slot *me;
static int64_t my_index;
static uint64_t random_state;
static char **arguments;

static int64_t get(word *at) {
    return atomic_load_explicit(at, memory_order_acquire);
}

static void set(word *at, int64_t value) {
    atomic_store_explicit(at, value, memory_order_relaxed);
}

/* After every store before it, and before every store after it: a release store alone would let later ones pass. */
static void publish(word *at, int64_t value) {
    atomic_store_explicit(at, value, memory_order_release);
    atomic_thread_fence(memory_order_release);
}

static void fail(const char *what, int error) {
    fprintf(stderr, "%s: %s\n", what, strerror(error));
    _exit(FAILED);
}

static void require(int result) {
    if (result != 0) {
        fprintf(stderr, "%s\n", why.text);
        _exit(FAILED);
    }
}

static int64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * INT64_C(1000000000) + time.tv_nsec;
}

static int below(int limit) {
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return (int)((random_state >> 33) % (uint64_t)limit);
}

static void sleep_nanos(long nanos) {
    struct timespec time = {0, nanos};
    nanosleep(&time, NULL);
}

static void begin_life(void) {
    publish(&me->phase, ELSEWHERE);
    int64_t last = get(&me->life);
    publish(&me->life, last == 0 ? SLOTS + my_index : last + SLOTS);
}

/* Before anything else the next holder writes down that the one before it did not come to the end of its turn. */
static void owner_died(int64_t found) {
    int64_t time = now();
    int64_t count = get(&bank->told);
    struct told *entry = &bank->log[count % TOLD_ENTRIES];
    set(&entry->time, time);
    set(&entry->holder, found);
    set(&entry->by, get(&me->life));
    set(&entry->turns, get(&bank->turns));
    publish(&bank->told, count + 1);
}

static void enter(void) {
    publish(&me->phase, ACQUIRING);
    require(mortmain_guarded_lock(&accounts, &why));
    int64_t found = get(&bank->holder);
    if (found != 0 && found % 2 == 0) {
        owner_died(found);
    }
    publish(&bank->holder, get(&me->life) * 2);
    publish(&bank->turns, get(&bank->turns) + 1);
    publish(&me->turns, get(&me->turns) + 1);
    publish(&me->phase, HOLDING);
}

static void leave(void) {
    publish(&me->phase, RELEASING);
    if (get(&bank->holder) != get(&me->life) * 2) {
        publish(&bank->intrusions, get(&bank->intrusions) + 1);
    }
    publish(&bank->holder, get(&me->life) * 2 + 1);
    require(mortmain_guarded_unlock(&accounts, &why));
    publish(&me->phase, ELSEWHERE);
}

static void say_last_words(int64_t kind) {
    set(&me->last_words_kind, kind);
    set(&me->last_words_time, now());
    publish(&me->last_words_life, get(&me->life));
}

/* Between the two writes of a transfer. 0: the transfer is to be left as it is, because the thread ends. */
static int midway(int pauses, int64_t order) {
    if (order != 0) {
        say_last_words(order);
    }
    switch (order) {
    case THREAD_ENDED:
        return 0;
    case EXIT:
        exit(0);
    case HALT:
        _exit(0);
    case EXEC:
        execv(arguments[0], arguments);
        fail("execv", errno);
        break;
    default:
        if (pauses) {
            sleep_nanos(below(LONGEST_PAUSE));
        }
    }
    return 1;
}

static void write_balance(int account, int64_t balance) {
    const int64_t *balances = (const int64_t *)mortmain_guarded_data(&accounts);
    require(mortmain_guarded_write(&accounts, &balances[account], &balance, sizeof balance, &why));
}

/* In the phase WRITING a part of the transfer is written, and not committed. */
static void transfer(int pauses, int64_t order) {
    int from = below(ACCOUNTS);
    int to = (from + 1 + below(ACCOUNTS - 1)) % ACCOUNTS;
    int64_t amount = 1 + below(LONGEST_TRANSFER);
    enter();
    const int64_t *balances = (const int64_t *)mortmain_guarded_data(&accounts);
    if (amount > balances[from]) {
        amount = balances[from];
    }
    write_balance(from, balances[from] - amount);
    publish(&me->phase, WRITING);
    if (!midway(pauses, order)) {
        return;
    }
    publish(&me->phase, HOLDING);
    write_balance(to, balances[to] + amount);
    require(mortmain_guarded_commit(&accounts, &why));
    leave();
    publish(&me->transfers, get(&me->transfers) + 1);
}

static void work(int64_t order) {
    int paused_in = below(TRANSFERS_A_ROUND);
    for (int i = 0; i < TRANSFERS_A_ROUND; i++) {
        transfer(i == paused_in, i == paused_in ? order : 0);
    }
}

static void *end_while_holding(void *unused) {
    begin_life();
    transfer(0, THREAD_ENDED);
    return unused;
}

static void end_thread_while_holding(void) {
    pthread_t thread;
    int error = pthread_create(&thread, NULL, end_while_holding, NULL);
    if (error != 0) {
        fail("pthread_create", error);
    }
    pthread_join(thread, NULL);
    begin_life();
}

/* The demo never writes to standard input: its end is the demo's. */
static void *end_with_demo(void *unused) {
    char byte;
    for (;;) {
        ssize_t got = read(0, &byte, 1);
        if (got == 0 || (got < 0 && errno != EINTR)) {
            break;
        }
    }
    unlink(arguments[1]);
    unlink(arguments[0]);
    rmdir(dirname(strdup(arguments[0])));
    _exit(ORPHANED);
    return unused;
}

static void attach(void) {
    size_t size;
    require(mortmain_open(&region, arguments[1], &why));
    require(mortmain_guarded_find(&region, "accounts", &accounts, &why));
    bank = (struct bank *)mortmain_memory(&region, "bank", &size, &why);
    require(bank == NULL);
    if (size != sizeof *bank || mortmain_guarded_elements(&accounts) != ACCOUNTS
        || mortmain_guarded_element_size(&accounts) != sizeof(int64_t)) {
        fprintf(stderr, "the bank is another than that of this worker\n");
        _exit(FAILED);
    }
    my_index = atoll(arguments[2]);
    me = &bank->slots[my_index];
}

int main(int count, char **values) {
    arguments = values;
    if (count != 4) {
        fprintf(stderr, "this is a worker of \"mortmain demo\"\n");
        return 2;
    }
    pthread_t watcher;
    int error = pthread_create(&watcher, NULL, end_with_demo, NULL);
    if (error != 0) {
        fail("pthread_create", error);
    }
    attach();
    begin_life();
    random_state = (uint64_t)atoll(values[3]) * 6364136223846793005u + (uint64_t)get(&me->life) + 1;
    for (;;) {
        int64_t order = atomic_exchange(&me->order, 0);
        if (order == GO_HOME) {
            return 0;
        }
        if (order == THREAD_ENDED) {
            end_thread_while_holding();
        } else {
            work(order);
            sleep_nanos(below(LONGEST_PAUSE));
        }
    }
}
